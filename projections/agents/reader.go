package agents

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"parley/internal/access"
	"parley/internal/database"
)

var columns = table.Select("a")

// ByIDs returns the presence of these users, without those who never signed in.
func ByIDs(ctx context.Context, q database.Querier, ids []string) ([]Row, error) {
	rows, err := q.Query(ctx, "SELECT "+columns+" FROM agents a WHERE a.user_id = ANY($1)", ids)
	if err != nil {
		return nil, fmt.Errorf("read presence: %w", err)
	}
	return pgx.CollectRows(rows, table.Scan)
}

// Activity describes what an agent is doing now.
type Activity struct {
	Row
	Open     int // interactions the agent owns
	Capacity int // 0 means no limit
	Queues   []string
}

// Realtime returns what the agents of the viewer's queues are doing, including those who never signed in.
func Realtime(ctx context.Context, q database.Querier, v access.Viewer) ([]Activity, error) {
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
		return r, row.Scan(append(table.Into(&r.Row), &r.Open, &r.Capacity, &r.Queues)...)
	})
}

// AvailableIn counts, for each queue, the members who can receive an offer now.
func AvailableIn(ctx context.Context, q database.Querier, queueIDs []string) (map[string]int, error) {
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

// AvailableMembers returns the ids of the queue's available members. A transfer to the queue is offered to them.
func AvailableMembers(ctx context.Context, q database.Querier, queueID string) ([]string, error) {
	rows, err := q.Query(ctx, `
		SELECT DISTINCT u.id FROM queues w CROSS JOIN unnest(w.members) AS member
		JOIN users u ON u.id = member AND NOT u.disabled AND NOT u.archived
		JOIN agents a ON a.user_id = u.id AND a.state = 'AVAILABLE'
		WHERE w.id = $1 AND NOT w.archived ORDER BY u.id`, queueID)
	if err != nil {
		return nil, fmt.Errorf("read available members: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Targets returns the agents a transfer on an account can go to, by id: members of the queues that share the
// account who are signed in and connected, without the requesting agent. It includes paused agents, who are
// shown as unavailable.
func Targets(ctx context.Context, q database.Querier, accountID, except string) ([]Row, error) {
	rows, err := q.Query(ctx, "SELECT "+columns+` FROM agents a JOIN users u ON u.id = a.user_id AND NOT u.disabled AND NOT u.archived
		WHERE a.state IN ('AVAILABLE', 'PAUSED') AND a.user_id <> $2 AND a.user_id IN (
			SELECT unnest(w.members) FROM queues w JOIN accounts c ON c.settings->>'queueId' = w.id OR c.settings->'queues' ? w.id
			WHERE c.id = $1 AND NOT w.archived)
		ORDER BY lower(u.name), u.id`, accountID, except)
	if err != nil {
		return nil, fmt.Errorf("read transfer targets: %w", err)
	}
	return pgx.CollectRows(rows, table.Scan)
}
