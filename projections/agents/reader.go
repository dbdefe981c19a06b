package agents

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/access"
	"parley/projections"
)

const columns = "a.user_id, a.state, a.since, a.signed_in, a.away_since, a.reason, a.due, a.missed"

// ByIDs is the presence of these users; who never signed in is not among them.
func ByIDs(ctx context.Context, q projections.Querier, ids []string) ([]Row, error) {
	rows, err := q.Query(ctx, "SELECT "+columns+" FROM agents a WHERE a.user_id = ANY($1)", ids)
	if err != nil {
		return nil, fmt.Errorf("read presence: %w", err)
	}
	return pgx.CollectRows(rows, scan)
}

func scan(row pgx.CollectableRow) (Row, error) {
	var r Row
	return r, row.Scan(r.into()...)
}

func (r *Row) into() []any {
	return []any{&r.UserID, &r.State, &r.Since, &r.SignedIn, &r.AwaySince, &r.Reason, &r.Due, &r.Missed}
}

// Activity is what an agent is doing now.
type Activity struct {
	Row
	Open     int // interactions he owns
	Capacity int // 0: no limit
	Queues   []string
}

// Realtime is what the agents are doing who belong to the viewer's queues; those who never signed in too.
func Realtime(ctx context.Context, q projections.Querier, v access.Viewer) ([]Activity, error) {
	queues := make([]string, len(v.Queues))
	for i, id := range v.Queues {
		queues[i] = string(id)
	}
	rows, err := q.Query(ctx, `
		SELECT u.id, coalesce(a.state, 'SIGNED_OUT'), coalesce(a.since, 'epoch'), coalesce(a.signed_in, false), a.away_since,
			coalesce(a.reason, ''), coalesce(a.due, '{}'), coalesce(a.missed, 0),
			(SELECT count(*) FROM open_interactions o WHERE o.owner_id = u.id), u.capacity, m.queues
		FROM (SELECT member, array_agg(id ORDER BY id) AS queues FROM queues, unnest(members) AS member
			WHERE NOT archived AND ($1 OR id = ANY($2)) GROUP BY member) m
		JOIN users u ON u.id = m.member AND NOT u.disabled AND NOT u.archived
		LEFT JOIN agents a ON a.user_id = u.id
		ORDER BY lower(u.name), u.id`, v.Everything, queues)
	if err != nil {
		return nil, fmt.Errorf("read activity: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Activity, error) {
		var r Activity
		return r, row.Scan(append(r.Row.into(), &r.Open, &r.Capacity, &r.Queues)...)
	})
}

// Free is an agent who can be offered something now.
type Free struct {
	UserID        string
	Open          int        // interactions he owns
	Standing      int        // offers in front of him
	Capacity      int        // 0: no limit
	LastOfferedAt *time.Time // in this queue
}

// FreeIn is the members of a queue who are available and have room for one more, counting what they are being offered, by
// user id: the order of round robin.
func FreeIn(ctx context.Context, q projections.Querier, queueID string) ([]Free, error) {
	rows, err := q.Query(ctx, `
		SELECT * FROM (
			SELECT u.id, (SELECT count(*) FROM open_interactions o WHERE o.owner_id = u.id) AS open,
				(SELECT count(*) FROM open_interactions o WHERE o.owner_id = '' AND o.agents @> ARRAY[u.id]) AS standing,
				u.capacity, last.last_offered_at
			FROM queues w CROSS JOIN unnest(w.members) AS member
			JOIN users u ON u.id = member AND NOT u.disabled AND NOT u.archived
			JOIN agents a ON a.user_id = u.id AND a.state = 'AVAILABLE'
			LEFT JOIN agent_offerings last ON last.queue_id = w.id AND last.user_id = u.id
			WHERE w.id = $1 AND NOT w.archived) f
		WHERE f.capacity = 0 OR f.open + f.standing < f.capacity
		ORDER BY f.id`, queueID)
	if err != nil {
		return nil, fmt.Errorf("read free agents: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Free])
}

// AvailableIn counts, for each of the queues, the members who can be offered something now.
func AvailableIn(ctx context.Context, q projections.Querier, queueIDs []string) (map[string]int, error) {
	rows, err := q.Query(ctx, `
		SELECT w.id, count(*) FROM queues w CROSS JOIN unnest(w.members) AS member
		JOIN users u ON u.id = member AND NOT u.disabled AND NOT u.archived
		JOIN agents a ON a.user_id = u.id AND a.state = 'AVAILABLE'
		WHERE w.id = ANY($1) AND (u.capacity = 0 OR (SELECT count(*) FROM open_interactions o WHERE o.owner_id = u.id) < u.capacity)
		GROUP BY w.id`, queueIDs)
	if err != nil {
		return nil, fmt.Errorf("count available agents: %w", err)
	}
	counts := make(map[string]int, len(queueIDs))
	var id string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&id, &n}, func() error {
		counts[id] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count available agents: %w", err)
	}
	return counts, nil
}

// OnlineIn is the members of a queue who are signed in, connected and not paused, by id: whom a transfer to it is offered to
// (R76, A14). With an empty queue it is everybody who is, in any queue.
func OnlineIn(ctx context.Context, q projections.Querier, queueID string) ([]string, error) {
	rows, err := q.Query(ctx, `
		SELECT DISTINCT u.id FROM queues w CROSS JOIN unnest(w.members) AS member
		JOIN users u ON u.id = member AND NOT u.disabled AND NOT u.archived
		JOIN agents a ON a.user_id = u.id AND a.state = 'AVAILABLE'
		WHERE ($1 = '' OR w.id = $1) AND NOT w.archived ORDER BY u.id`, queueID)
	if err != nil {
		return nil, fmt.Errorf("read online agents: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Targets is the agents a transfer on an account can go to (R70): members of the queues that share it who are signed in and
// connected, without the one who asks, by id. Paused ones are among them, to be shown as not available (A14).
func Targets(ctx context.Context, q projections.Querier, accountID, except string) ([]Row, error) {
	rows, err := q.Query(ctx, "SELECT "+columns+` FROM agents a JOIN users u ON u.id = a.user_id AND NOT u.disabled AND NOT u.archived
		WHERE a.state IN ('AVAILABLE', 'PAUSED') AND a.user_id <> $2 AND a.user_id IN (
			SELECT unnest(w.members) FROM queues w JOIN accounts c ON c.settings->>'queueId' = w.id OR c.settings->'queues' ? w.id
			WHERE c.id = $1 AND NOT w.archived)
		ORDER BY lower(u.name), u.id`, accountID, except)
	if err != nil {
		return nil, fmt.Errorf("read transfer targets: %w", err)
	}
	return pgx.CollectRows(rows, scan)
}
