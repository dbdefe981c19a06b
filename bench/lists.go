package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/jackc/pgx/v5"
)

// listQuery asks for everything a row of the list shows.
const listQuery = `query ($filter: InteractionFilter, $order: InteractionOrder) {
	interactions(first: 50, filter: $filter, orderBy: $order) {
		edges { node { id status waiting waitingSince lastMessageAt lastMessageDirection lastMessageStatus
			preview { kind text fileName itemCount erased } unread
			unmanaged tags tagsCollapsed windowExpiresAt disposition replyDraft account { shortCode }
			customer { displayName masked } owner { id name } } }
		pageInfo { hasNextPage endCursor } } }`

// listView is one filter and order of the list. p99 is the goal in ms.
type listView struct {
	name   string
	filter map[string]any
	order  string
	p99    int
}

// lists measures the list of n interactions as admins and agents see it.
func lists(ctx context.Context, s *server, n int) error {
	if err := s.prepareLists(ctx, n); err != nil {
		return err
	}
	for _, role := range []string{"admin", "agent"} {
		views, err := s.listViews(ctx, s.token(role), n)
		if err != nil {
			return err
		}
		for _, v := range views {
			if err := s.measureView(ctx, s.token(role), role, v); err != nil {
				return fmt.Errorf("%s: %w", v.name, err)
			}
		}
	}
	return nil
}

// prepareLists makes n interactions, once. They are copies of a real one, written directly into the tables, because
// creating them through the log would take hours.
func (s *server) prepareLists(ctx context.Context, n int) error {
	if s.filled {
		return nil
	}
	d, err := s.openDesktop(ctx, s.token("admin"))
	if err != nil {
		return err
	}
	defer d.close()
	if err := s.deliver(ctx, phoneOf(8_000_000, 0), "wamid.list", "hello"); err != nil {
		return err
	}
	if err := d.until(ctx, func() bool { return d.customers(phoneOf(8_000_000, 0)) == 1 }); err != nil {
		return err
	}
	if err := s.fillTables(ctx, n); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	s.filled = true
	return nil
}

// listViews returns the default view, the filters that agents use, and searches.
func (s *server) listViews(ctx context.Context, token string, n int) ([]listView, error) {
	var found struct {
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
		interactions(first: 50, filter: { status: CLOSED }) { edges { node { customer { displayName } } } } }`, nil, &found); err != nil {
		return nil, err
	}
	var visible int // the number of an interaction that the viewer may see
	for _, e := range found.Interactions.Edges {
		if _, err := fmt.Sscanf(e.Node.Customer.DisplayName, "Customer %d", &visible); err == nil {
			break
		}
	}
	var agent string
	for _, u := range found.Users {
		if u.Role == "AGENT" {
			agent = u.ID
		}
	}
	if found.Me.Role == "AGENT" {
		agent = found.Me.User.ID
	}
	account, queue := found.Accounts[0].ID, found.Queues[0].ID
	lastMonth := map[string]any{"startedFrom": time.Now().AddDate(0, -1, 0)}
	then := time.Now().Add(-time.Duration(n) * time.Minute * 6 / 10)
	longAgo := map[string]any{"startedFrom": then, "startedTo": then.AddDate(0, 1, 0)}
	return []listView{
		{"default view", nil, "", 10},
		{"open", map[string]any{"status": "OPEN"}, "", 10},
		{"closed", map[string]any{"status": "CLOSED"}, "", 10},
		{"unread", map[string]any{"read": false}, "", 10},
		{"waiting", map[string]any{"waiting": true}, "", 10},
		{"account", map[string]any{"accountIds": []string{account}}, "", 10},
		{"queue", map[string]any{"queueIds": []string{queue}}, "", 10},
		{"owner", map[string]any{"ownerIds": []string{agent}}, "", 10},
		{"first owner", map[string]any{"firstOwnerIds": []string{agent}}, "", 10},
		{"common tag", map[string]any{"tags": []string{"vip"}}, "", 10},
		{"rare tag", map[string]any{"tags": []string{"rare"}}, "", 10},
		{"last month", lastMonth, "", 10},
		{"a month long ago", longAgo, "", 100},
		{"open, window closing soonest", map[string]any{"status": "OPEN"}, "WINDOW", 10},
		{"by start", nil, "STARTED", 10},
		{"search: a name", map[string]any{"search": fmt.Sprint("customer ", visible)}, "", 50},
		{"search: part of a number", map[string]any{"search": fmt.Sprint(3300000000 + visible)[3:]}, "", 50},
		{"search: a rare word", map[string]any{"search": fmt.Sprint("parcel", visible)}, "", 50},
		{"search: a word in every message", map[string]any{"search": "order"}, "", 50},
		{"search: a word in every tenth message", map[string]any{"search": "tenth"}, "", 50},
		{"search: a word in every thousandth message", map[string]any{"search": "thousandth"}, "", 50},
	}, nil
}

func (s *server) measureView(ctx context.Context, token, role string, v listView) error {
	const warmup, measured = 5, 100
	h := hdrhistogram.New(1, 60_000_000, 3)
	variables := map[string]any{"filter": v.filter}
	if v.order != "" {
		variables["order"] = v.order
	}
	for i := range warmup + measured {
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
			return errors.New("the list is empty")
		}
		if i >= warmup {
			_ = h.RecordValue(time.Since(start).Microseconds())
		}
	}
	s.report.row(fmt.Sprintf("list as %s, %s", role, v.name),
		figure{"p50", ms(h, 50), "ms", ""}, figure{"p99", ms(h, 99), "ms", fmt.Sprint("<= ", v.p99)})
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

// fillTables writes n interactions, one a minute until now. The last 2 000 are open, and every hundredth
// lasts two days. Each has a message and a customer, and every tenth has a contact.
func (s *server) fillTables(ctx context.Context, n int) error {
	conn, err := pgx.Connect(ctx, s.dev.DatabaseURL)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	const settings = `SET search_path = app_data, public; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'`
	if _, err := conn.Exec(ctx, settings); err != nil {
		return err
	}
	for _, t := range filled {
		var generation int
		if err := conn.QueryRow(ctx, `SELECT generation FROM checkpoints WHERE name = $1`,
			t.model).Scan(&generation); err != nil {
			return err
		}
		table := fmt.Sprintf("%s_g%d", t.table, generation)
		if _, err := conn.Exec(ctx, fmt.Sprintf(copyRows, table, t.values, t.which), n); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
		if _, err := conn.Exec(ctx, `VACUUM ANALYZE `+table); err != nil {
			return err
		}
	}
	return nil
}

// copyRows makes $1 copies of a table's first row. Copy i gets values of its own.
const copyRows = `
WITH one AS (SELECT (SELECT t FROM %[1]s t LIMIT 1) AS t),
	queues AS (SELECT array_agg(id ORDER BY id) AS ids FROM app.queues),
	accounts AS (SELECT array_agg(id ORDER BY id) AS ids FROM app.accounts),
	agents AS (SELECT array_agg(id ORDER BY id) AS ids FROM app.users WHERE settings->>'role' = 'AGENT')
INSERT INTO %[1]s SELECT r.*
FROM one, queues q, accounts a, agents g, generate_series(1, $1::int) i,
	LATERAL (SELECT now() - ($1::int - i) * interval '1 minute' AS began, i > $1::int - 2000 AS open,
		md5(i::text)::uuid::text AS id, md5('address' || i %% 300000)::uuid::text AS address,
		'Customer ' || i AS name,
		'about my order with parcel' || i || CASE WHEN i %% 1000 = 0 THEN ' thousandth' WHEN i %% 10 = 0 THEN ' tenth'
			ELSE ' one of many' END AS text, (3300000000 + i)::text AS phone,
		q.ids[1 + i %% cardinality(q.ids)] AS queue, a.ids[1 + i / 10 %% cardinality(a.ids)] AS account,
		CASE WHEN i > $1::int - 2000 AND i %% 4 = 0 THEN '' ELSE g.ids[1 + i / 100 %% cardinality(g.ids)] END AS owner) x,
	LATERAL jsonb_populate_record(one.t, %[2]s) r
WHERE %[3]s`

// filled lists the tables to fill: the values that differ between copies, and which copies to make.
var filled = []struct{ model, table, values, which string }{
	{"interactions_v3", "interactions_v3", `jsonb_build_object('id', x.id, 'address_id', x.address, 'number', 1,
		'customer_name', x.name, 'customer_phone', x.phone, 'queue_id', x.queue, 'account_id', x.account,
		'status', CASE WHEN x.open THEN 'OPEN' ELSE 'CLOSED' END,
		'owner_id', x.owner, 'first_owner_id', x.owner, 'last_owner_id', x.owner,
		'waiting_since', CASE WHEN x.owner = '' THEN x.began END, 'started_at', x.began,
		'last_message_at', CASE WHEN i % 100 = 0 THEN least(now(), x.began + interval '2 days')
			ELSE x.began + interval '5 minutes' END,
		'last_inbound_at', x.began, 'closed_at', CASE WHEN NOT x.open THEN x.began + interval '9 minutes' END,
		'unread', CASE WHEN x.open AND i % 3 = 0 THEN 1 ELSE 0 END, 'contact_id', '',
		'agents', CASE WHEN x.owner = '' THEN '[]' ELSE jsonb_build_array(x.owner) END,
		'tags', CASE WHEN i % 5003 = 0 THEN '["rare"]' WHEN i % 10 = 0 THEN '["vip"]' ELSE '[]' END::jsonb,
		'preview', 'order ' || i)`, "true"},
	{"interactions_v3", "interaction_customers_v3", `jsonb_build_object('interaction_id', x.id, 'address_id', x.address,
		'number', 1, 'managed', true, 'contact_id', '', 'name', x.name, 'queue_id', x.queue, 'account_id', x.account,
		'phone', x.phone, 'phone_text', x.phone, 'name_text', lower(x.name) || E'\n\n', 'started_at', x.began)`, "true"},
	{"interactions_v3", "interaction_tags_v3", `jsonb_build_object('interaction_id', x.id,
		'tag', CASE WHEN i % 5003 = 0 THEN 'rare' ELSE 'vip' END)`, "i % 10 = 0 OR i % 5003 = 0"},
	{"messages_v3", "messages_v3", `jsonb_build_object('id', md5('message' || i)::uuid::text, 'interaction_id', x.id,
		'position', 1000000000 + i, 'sent_at', x.began, 'recorded_at', x.began,
		'text', x.text, 'words', ' ' || x.text || ' ')`, "true"},
	{"waiting_v1", "open_interactions_v1", `jsonb_build_object('interaction_id', x.id, 'address_id', x.address,
		'queue_id', x.queue, 'owner_id', x.owner, 'account_id', x.account,
		'agents', CASE WHEN x.owner = '' THEN '[]' ELSE jsonb_build_array(x.owner) END, 'opened_at', x.began,
		'since', CASE WHEN x.owner = '' THEN x.began END, 'offer_due', NULL, 'attempts', '[]'::jsonb)`, "x.open"},
	{"contacts_v2", "contacts_v2", `jsonb_build_object('id', md5('contact' || i)::uuid::text, 'address_id', x.address,
		'first_name', 'Customer', 'last_name', i::text, 'phones', jsonb_build_array(x.phone),
		'sort_name', lower(x.name), 'name_text', lower(x.name) || E'\n', 'phone_text', x.phone)`, "i % 10 = 0"},
}
