package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/internal/database"
)

// UnknownHolds is how long a message with an unknown outcome blocks later ones, by the interaction's rules.
const UnknownHolds = 10 * time.Second

var columns = table.Select("o") + ", i.account_id FROM outbox o JOIN interactions i ON i.id = o.interaction_id"

// Next returns the oldest messages that can be sent now: only the first of each customer on each account,
// and none behind one being sent.
func Next(ctx context.Context, q database.Querier, now time.Time, limit int) ([]Row, error) {
	return collect(ctx, q, `WHERE o.state = 'QUEUED' AND (o.retry_at IS NULL OR o.retry_at <= $1)
		AND NOT EXISTS (SELECT FROM outbox b JOIN interactions bi ON bi.id = b.interaction_id
			WHERE b.address_id = o.address_id AND b.position < o.position AND bi.account_id = i.account_id
				AND (b.state <> 'UNKNOWN' OR b.unknown_at > $2))
		ORDER BY o.position LIMIT $3`, now, now.Add(-UnknownHolds), limit)
}

// Stuck returns the messages whose sending started before a time and has no outcome. The sending process has
// died, so the outcome is unknown.
func Stuck(ctx context.Context, q database.Querier, before time.Time, limit int) ([]Row, error) {
	return collect(ctx, q, `WHERE o.state = 'STARTED' AND o.started_at <= $1 ORDER BY o.started_at LIMIT $2`,
		before, limit)
}

// ByIDs returns the messages that are still outgoing, unordered.
func ByIDs(ctx context.Context, q database.Querier, ids []string) ([]Row, error) {
	return collect(ctx, q, "WHERE o.message_id = ANY($1)", ids)
}

// Wake returns when the next blocked message can be sent: at its retry, or when an unknown outcome stops
// blocking. It returns false if there is none.
func Wake(ctx context.Context, q database.Querier, now time.Time) (time.Time, bool, error) {
	var at *time.Time
	err := q.QueryRow(ctx, `SELECT least(
		(SELECT min(retry_at) FROM outbox WHERE state = 'QUEUED' AND retry_at > $1),
		(SELECT min(b.unknown_at) + $2 FROM outbox b WHERE b.state = 'UNKNOWN' AND b.unknown_at > $1 - $2::interval
			AND EXISTS (SELECT FROM outbox o WHERE o.address_id = b.address_id AND o.position > b.position AND o.state = 'QUEUED')))`,
		now, UnknownHolds).Scan(&at)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && at == nil {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read outbox: %w", err)
	}
	return *at, true, nil
}

func collect(ctx context.Context, q database.Querier, where string, args ...any) ([]Row, error) {
	rows, err := q.Query(ctx, "SELECT "+columns+" "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read outbox: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Row])
	if err != nil {
		return nil, fmt.Errorf("read outbox: %w", err)
	}
	return found, nil
}
