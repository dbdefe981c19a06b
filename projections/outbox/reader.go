package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/projections"
)

// UnknownHolds is how long a message of unknown outcome holds up those behind it, as the interaction's rules have it.
const UnknownHolds = 10 * time.Second

const columns = `o.message_id, o.interaction_id, o.address_id, o.kind, o.position, o.state, o.attempt, o.queued_at, o.started_at,
	o.retry_at, o.unknown_at, i.account_id FROM outbox o JOIN interactions i ON i.id = o.interaction_id`

// Next is the messages that can be sent now, oldest first, at most limit: of each customer on each account only the first,
// and none behind one that is being sent.
func Next(ctx context.Context, q projections.Querier, now time.Time, limit int) ([]Row, error) {
	return collect(ctx, q, `WHERE o.state = 'QUEUED' AND (o.retry_at IS NULL OR o.retry_at <= $1)
		AND NOT EXISTS (SELECT FROM outbox b JOIN interactions bi ON bi.id = b.interaction_id
			WHERE b.address_id = o.address_id AND b.position < o.position AND bi.account_id = i.account_id
				AND (b.state <> 'UNKNOWN' OR b.unknown_at > $2))
		ORDER BY o.position LIMIT $3`, now, now.Add(-UnknownHolds), limit)
}

// Stuck is the messages whose sending was started before a time and has no outcome: whoever did it is gone, so nobody knows.
func Stuck(ctx context.Context, q projections.Querier, before time.Time, limit int) ([]Row, error) {
	return collect(ctx, q, `WHERE o.state = 'STARTED' AND o.started_at <= $1 ORDER BY o.started_at LIMIT $2`, before, limit)
}

// ByIDs is those of the messages that are on their way, in no particular order.
func ByIDs(ctx context.Context, q projections.Querier, ids []string) ([]Row, error) {
	return collect(ctx, q, "WHERE o.message_id = ANY($1)", ids)
}

// Wake is the next moment at which a message may be sent that may not yet: a retry, or the end of an unknown one's hold; false when
// there is none.
func Wake(ctx context.Context, q projections.Querier, now time.Time) (time.Time, bool, error) {
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

func collect(ctx context.Context, q projections.Querier, where string, args ...any) ([]Row, error) {
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
