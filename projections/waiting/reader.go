package waiting

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/projections"
)

// Next is the interactions that wait, those of heavier queues first, then the longest waiting, at most limit. It is what the
// router goes through; an empty queueID is all queues.
func Next(ctx context.Context, q projections.Querier, queueID string, limit int) ([]Row, error) {
	return collect(ctx, q, `JOIN queues w ON w.id = o.queue_id AND NOT w.archived
		WHERE o.owner_id = '' AND ($1 = '' OR o.queue_id = $1) ORDER BY w.weight DESC, o.since, o.interaction_id LIMIT $2`, queueID, limit)
}

// ByIDs is those of the interactions that are open, in no particular order.
func ByIDs(ctx context.Context, q projections.Querier, ids []string) ([]Row, error) {
	return collect(ctx, q, "WHERE o.interaction_id = ANY($1)", ids)
}

// OwnedBy is the open interactions an agent has, oldest first.
func OwnedBy(ctx context.Context, q projections.Querier, agentID string) ([]Row, error) {
	return collect(ctx, q, "WHERE o.owner_id = $1 AND o.owner_id <> '' ORDER BY o.opened_at, o.interaction_id", agentID)
}

// OffersDue is the interactions with an offer whose time is over by now; Row.Due names the offers.
func OffersDue(ctx context.Context, q projections.Querier, now time.Time, limit int) ([]Row, error) {
	return collect(ctx, q, "WHERE o.offer_due <= $1 ORDER BY o.offer_due LIMIT $2", now, limit)
}

// Count is what waits in a queue and what is in hands.
type Count struct {
	QueueID string
	Waiting int
	Since   *time.Time // of the longest waiting
	InHands int
}

// Counts counts open interactions by queue. Queues without any are left out.
func Counts(ctx context.Context, q projections.Querier, queueIDs []string) (map[string]Count, error) {
	rows, err := q.Query(ctx, `SELECT queue_id, count(*) FILTER (WHERE owner_id = ''), min(since) FILTER (WHERE owner_id = ''),
		count(*) FILTER (WHERE owner_id <> '') FROM open_interactions WHERE queue_id = ANY($1) GROUP BY queue_id`, queueIDs)
	if err != nil {
		return nil, fmt.Errorf("count open interactions: %w", err)
	}
	counts := make(map[string]Count, len(queueIDs))
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Count])
	if err != nil {
		return nil, fmt.Errorf("count open interactions: %w", err)
	}
	for _, c := range found {
		counts[c.QueueID] = c
	}
	return counts, nil
}

func collect(ctx context.Context, q projections.Querier, rest string, args ...any) ([]Row, error) {
	names := make([]string, len(table.Columns))
	for i, c := range table.Columns {
		names[i] = "o." + c.Name
	}
	rows, err := q.Query(ctx, "SELECT "+strings.Join(names, ", ")+" FROM open_interactions o "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("read open interactions: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Row, error) {
		var r Row
		into := make([]any, len(table.Columns))
		for i, c := range table.Columns {
			into[i] = c.Scan(&r)
		}
		return r, row.Scan(into...)
	})
	if err != nil {
		return nil, fmt.Errorf("read open interactions: %w", err)
	}
	return found, nil
}
