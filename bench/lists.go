package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/jackc/pgx/v5"
)

// listQuery asks for what a row of the list shows.
const listQuery = `query ($filter: InteractionFilter, $order: InteractionOrder) { interactions(first: 50, filter: $filter, orderBy: $order) {
	edges { node { id status waiting waitingSince lastMessageAt lastMessageDirection lastMessageStatus preview unread unmanaged tags tagsCollapsed
		windowExpiresAt disposition draft account { key } customer { displayName masked } owner { id name } } } pageInfo { hasNextPage endCursor } } }`

// asked is one way to look at the list.
type asked struct {
	name   string
	filter map[string]any
	order  string
}

// lists measures the list of interactions among n of them, as an admin and as an agent see it. The rows are copies of a real one,
// written into the tables: who wants n interactions from the log waits for hours.
func lists(ctx context.Context, s *server, n int) error {
	d, err := s.openDesktop(ctx, s.token("admin"))
	if err != nil {
		return err
	}
	defer d.close()
	if err := s.deliver(ctx, phoneOf(8_000_000, 0), "wamid.list", "hello"); err != nil {
		return err
	}
	if err := d.until(ctx, func() bool { return d.known(phoneOf(8_000_000, 0)) == 1 }); err != nil {
		return err
	}
	if err := s.multiply(ctx, n); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	for _, role := range []string{"admin", "agent"} {
		ways, err := s.ways(ctx, s.token(role), n)
		if err != nil {
			return err
		}
		for _, w := range ways {
			if err := s.look(ctx, s.token(role), role, w); err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
		}
	}
	return nil
}

// ways are the default view, the filters that agents use, and searches.
func (s *server) ways(ctx context.Context, token string, n int) ([]asked, error) {
	var known struct {
		Accounts, Queues []struct{ ID string }
		Users            []struct{ ID, Role string }
		Me               struct {
			Role string
			User struct{ ID string }
		}
		Interactions struct {
			Edges []struct {
				Node struct{ Customer struct{ DisplayName string } }
			}
		}
	}
	if err := s.query(ctx, token, `{ accounts { id } queues { id } users { id role } me { role user { id } }
		interactions(first: 50, filter: { status: CLOSED }) { edges { node { customer { displayName } } } } }`, nil, &known); err != nil {
		return nil, err
	}
	var one int // the number of a session that the viewer may see
	for _, e := range known.Interactions.Edges {
		if _, err := fmt.Sscanf(e.Node.Customer.DisplayName, "Customer %d", &one); err == nil {
			break
		}
	}
	var agent string
	for _, u := range known.Users {
		if u.Role == "AGENT" {
			agent = u.ID
		}
	}
	if known.Me.Role == "AGENT" {
		agent = known.Me.User.ID
	}
	account, queue := known.Accounts[0].ID, known.Queues[0].ID
	month := map[string]any{"startedFrom": time.Now().AddDate(0, -1, 0)}
	then := time.Now().Add(-time.Duration(n) * time.Minute * 6 / 10)
	long := map[string]any{"startedFrom": then, "startedTo": then.AddDate(0, 1, 0)}
	return []asked{
		{"default view", nil, ""},
		{"open", map[string]any{"status": "OPEN"}, ""},
		{"closed", map[string]any{"status": "CLOSED"}, ""},
		{"unread", map[string]any{"read": false}, ""},
		{"waiting", map[string]any{"waiting": true}, ""},
		{"account", map[string]any{"accountIds": []string{account}}, ""},
		{"queue", map[string]any{"queueIds": []string{queue}}, ""},
		{"owner", map[string]any{"ownerIds": []string{agent}}, ""},
		{"first owner", map[string]any{"firstOwnerIds": []string{agent}}, ""},
		{"common tag", map[string]any{"tags": []string{"vip"}}, ""},
		{"rare tag", map[string]any{"tags": []string{"rare"}}, ""},
		{"last month", month, ""},
		{"a month long ago", long, ""},
		{"open, window closing soonest", map[string]any{"status": "OPEN"}, "WINDOW"},
		{"by start", nil, "STARTED"},
		{"search: a name", map[string]any{"search": fmt.Sprint("customer ", one)}, ""},
		{"search: part of a number", map[string]any{"search": fmt.Sprint(3300000000 + one)[3:]}, ""},
		{"search: a rare word", map[string]any{"search": fmt.Sprint("parcel", one)}, ""},
		{"search: a word in every message", map[string]any{"search": "order"}, ""},
		{"search: a word in every tenth message", map[string]any{"search": "tenth"}, ""},
		{"search: a word in every thousandth message", map[string]any{"search": "thousandth"}, ""},
	}, nil
}

func (s *server) look(ctx context.Context, token, role string, w asked) error {
	const warm, counted = 5, 100
	h := hdrhistogram.New(1, 60_000_000, 3)
	variables := map[string]any{"filter": w.filter}
	if w.order != "" {
		variables["order"] = w.order
	}
	for i := range warm + counted {
		var page struct {
			Interactions struct {
				Edges []struct{ Node struct{ ID string } }
			}
		}
		start := time.Now()
		if err := s.query(ctx, token, listQuery, variables, &page); err != nil {
			return err
		}
		if len(page.Interactions.Edges) == 0 {
			return fmt.Errorf("nothing was found")
		}
		if i >= warm {
			_ = h.RecordValue(time.Since(start).Microseconds())
		}
	}
	row("list as %s, %s | p50 %.1f ms, p99 %.1f ms", role, w.name, ms(h, 50), ms(h, 99))
	return nil
}

func (s *server) query(ctx context.Context, token, document string, variables map[string]any, into any) error {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.dev.GraphQL, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := s.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var answer struct {
		Data   json.RawMessage
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return fmt.Errorf("%s", answer.Errors[0].Message)
	}
	return json.Unmarshal(answer.Data, into)
}

// multiply makes n sessions, one a minute until now, of which the last 2 000 are open and every hundredth goes on for two days, with a
// message and a customer each, and a contact for every tenth.
func (s *server) multiply(ctx context.Context, n int) error {
	conn, err := pgx.Connect(ctx, s.dev.DatabaseURL)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SET search_path = app_data, public; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'`); err != nil {
		return err
	}
	for _, t := range multiplied {
		var generation int
		if err := conn.QueryRow(ctx, `SELECT generation FROM checkpoints WHERE name = $1`, t.model).Scan(&generation); err != nil {
			return err
		}
		table := fmt.Sprintf("%s_g%d", t.table, generation)
		if _, err := conn.Exec(ctx, fmt.Sprintf(copies, table, t.values, t.which), n); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
		if _, err := conn.Exec(ctx, `VACUUM ANALYZE `+table); err != nil {
			return err
		}
	}
	return nil
}

// copies writes rows that differ from the first one in what is given for number i of $1.
const copies = `
WITH one AS (SELECT (SELECT t FROM %[1]s t LIMIT 1) AS t),
	queues AS (SELECT array_agg(id ORDER BY id) AS ids FROM app.queues),
	accounts AS (SELECT array_agg(id ORDER BY id) AS ids FROM app.accounts),
	agents AS (SELECT array_agg(id ORDER BY id) AS ids FROM app.users WHERE settings->>'role' = 'AGENT')
INSERT INTO %[1]s SELECT r.*
FROM one, queues q, accounts a, agents g, generate_series(1, $1::int) i,
	LATERAL (SELECT now() - ($1::int - i) * interval '1 minute' AS began, i > $1::int - 2000 AS open, md5(i::text)::uuid::text AS id,
		md5('address' || i %% 300000)::uuid::text AS address, 'Customer ' || i AS name, (3300000000 + i)::text AS phone,
		q.ids[1 + i %% cardinality(q.ids)] AS queue, a.ids[1 + i / 10 %% cardinality(a.ids)] AS account,
		CASE WHEN i > $1::int - 2000 AND i %% 4 = 0 THEN '' ELSE g.ids[1 + i / 100 %% cardinality(g.ids)] END AS owner) x,
	LATERAL jsonb_populate_record(one.t, %[2]s) r
WHERE %[3]s`

var multiplied = []struct{ model, table, values, which string }{
	{"interactions_v1", "interactions_v1", `jsonb_build_object('id', x.id, 'address_id', x.address, 'number', 1, 'customer_name', x.name, 'customer_phone', x.phone,
		'queue_id', x.queue, 'account_id', x.account,
		'status', CASE WHEN x.open THEN 'OPEN' ELSE 'CLOSED' END, 'owner_id', x.owner, 'first_owner_id', x.owner, 'last_owner_id', x.owner,
		'waiting_since', CASE WHEN x.owner = '' THEN x.began END, 'started_at', x.began, 'last_message_at', CASE WHEN i % 100 = 0 THEN least(now(), x.began + interval '2 days') ELSE x.began + interval '5 minutes' END, 'last_inbound_at', x.began,
		'closed_at', CASE WHEN NOT x.open THEN x.began + interval '9 minutes' END, 'unread', CASE WHEN x.open AND i % 3 = 0 THEN 1 ELSE 0 END, 'contact_id', '',
		'agents', CASE WHEN x.owner = '' THEN '[]' ELSE jsonb_build_array(x.owner) END, 'tags', CASE WHEN i % 5003 = 0 THEN '["rare"]' WHEN i % 10 = 0 THEN '["vip"]' ELSE '[]' END::jsonb, 'preview', 'order ' || i)`, "true"},
	{"interactions_v1", "interaction_customers_v1", `jsonb_build_object('interaction_id', x.id, 'address_id', x.address, 'number', 1, 'managed', true, 'contact_id', '', 'name', x.name,
		'queue_id', x.queue, 'account_id', x.account,
		'phone', x.phone, 'name_text', lower(x.name), 'started_at', x.began)`, "true"},
	{"interactions_v1", "interaction_tags_v1", `jsonb_build_object('interaction_id', x.id, 'tag', CASE WHEN i % 5003 = 0 THEN 'rare' ELSE 'vip' END)`, "i % 10 = 0 OR i % 5003 = 0"},
	{"messages_v2", "messages_v2", `jsonb_build_object('id', md5('message' || i)::uuid::text, 'interaction_id', x.id, 'position', 1000000000 + i, 'sent_at', x.began, 'recorded_at', x.began,
		'text', 'about my order with parcel' || i || CASE WHEN i % 1000 = 0 THEN ' thousandth' WHEN i % 10 = 0 THEN ' tenth' ELSE ' one of many' END)`, "true"},
	{"waiting_v1", "open_interactions_v1", `jsonb_build_object('interaction_id', x.id, 'address_id', x.address, 'queue_id', x.queue, 'owner_id', x.owner,
		'account_id', x.account, 'agents', CASE WHEN x.owner = '' THEN '[]' ELSE jsonb_build_array(x.owner) END, 'opened_at', x.began, 'since', CASE WHEN x.owner = '' THEN x.began END, 'offer_due', NULL, 'attempts', '[]'::jsonb)`, "x.open"},
	{"contacts_v1", "contacts_v1", `jsonb_build_object('id', md5('contact' || i)::uuid::text, 'address_id', x.address, 'first_name', 'Customer', 'last_name', i::text,
		'phones', jsonb_build_array(x.phone), 'sort_name', lower(x.name), 'name', lower(x.name), 'phone_text', x.phone)`, "i % 10 = 0"},
}
