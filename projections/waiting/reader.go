package waiting

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/internal/database"
)

// Next returns the waiting interactions: heavier queues first, then those that have waited longest. The
// router works through this list. An empty queueID means all queues.
func Next(ctx context.Context, q database.Querier, queueID string, limit int) ([]Row, error) {
	return collect(ctx, q, `JOIN queues w ON w.id = o.queue_id AND NOT w.archived
		WHERE o.owner_id = '' AND ($1 = '' OR o.queue_id = $1) ORDER BY w.weight DESC, o.since, o.interaction_id LIMIT $2`, queueID, limit)
}

// ByIDs returns the open interactions with these ids, unordered.
func ByIDs(ctx context.Context, q database.Querier, ids []string) ([]Row, error) {
	return collect(ctx, q, "WHERE o.interaction_id = ANY($1)", ids)
}

// OwnedBy returns the open interactions an agent owns, oldest first.
func OwnedBy(ctx context.Context, q database.Querier, agentID string) ([]Row, error) {
	return collect(ctx, q, "WHERE o.owner_id = $1 AND o.owner_id <> '' ORDER BY o.opened_at, o.interaction_id", agentID)
}

// OffersDue returns the interactions with an offer that has expired by now. Row.Due names the offers.
func OffersDue(ctx context.Context, q database.Querier, now time.Time, limit int) ([]Row, error) {
	return collect(ctx, q, "WHERE o.offer_due <= $1 ORDER BY o.offer_due LIMIT $2", now, limit)
}

// Count holds a queue's numbers of waiting and owned interactions.
type Count struct {
	QueueID    string
	Waiting    int
	Since      *time.Time // since when the longest-waiting one has waited
	InProgress int
}

// Counts counts open interactions by queue. It leaves out queues without any.
func Counts(ctx context.Context, q database.Querier, queueIDs []string) (map[string]Count, error) {
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

func collect(ctx context.Context, q database.Querier, rest string, args ...any) ([]Row, error) {
	rows, err := q.Query(ctx, "SELECT "+table.Select("o")+" FROM open_interactions o "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("read open interactions: %w", err)
	}
	found, err := pgx.CollectRows(rows, table.Scan)
	if err != nil {
		return nil, fmt.Errorf("read open interactions: %w", err)
	}
	return found, nil
}
