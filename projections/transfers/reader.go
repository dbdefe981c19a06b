package transfers

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/access"
	"parley/projections"
	"parley/projections/interactions"
)

// left is who was offered a transfer to a queue and does not belong to it any more.
const left = `CASE WHEN t.to_queue = '' THEN NULL ELSE ARRAY(SELECT a FROM unnest(t.offered_to) a WHERE q.members @> ARRAY[a] IS NOT TRUE) END`

// Of is the transfers that have not ended which an agent sent or may still accept, the one that ends first before the others.
func Of(ctx context.Context, q projections.Querier, agentID string) ([]Row, error) {
	return collect(ctx, q, `WHERE t.state = 'PENDING' AND (t.from_agent = $1 OR t.offered_to @> ARRAY[$1::text] AND NOT t.rejected_by @> ARRAY[$1::text]
			AND (t.to_queue = '' OR q.members @> ARRAY[$1::text]))
		OR t.state = 'ACCEPTED' AND (t.from_agent = $1 OR t.accepted_by = $1) ORDER BY t.expires_at, t.id`, agentID)
}

// ByIDs is those of the transfers the viewer may see: he sent it, it was offered to him, or its interaction is within his
// scope.
func ByIDs(ctx context.Context, q projections.Querier, v access.Viewer, ids []string) ([]Row, error) {
	args := []any{ids, string(v.User)}
	arg := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	scope := interactions.Scope(v, "i", arg)
	return collect(ctx, q, `WHERE t.id = ANY($1) AND (t.from_agent = $2 OR t.offered_to @> ARRAY[$2::text]
		OR EXISTS (SELECT FROM interactions i WHERE i.id = t.interaction_id AND `+scope+`))`, args...)
}

// OfInteraction is every transfer of an interaction, oldest first, whoever asks.
func OfInteraction(ctx context.Context, q projections.Querier, interactionID string) ([]Row, error) {
	return collect(ctx, q, "WHERE t.interaction_id = $1 ORDER BY t.requested_at, t.id", interactionID)
}

// Due is the pending transfers whose time is over by now.
func Due(ctx context.Context, q projections.Querier, now time.Time, limit int) ([]Row, error) {
	return collect(ctx, q, "WHERE t.state = 'PENDING' AND t.expires_at <= $1 ORDER BY t.expires_at LIMIT $2", now, limit)
}

// Loose is a transfer on which its own stream and the interaction's do not agree: somebody stopped between the two.
type Loose struct {
	TransferID    string
	InteractionID string
	// State is the transfer's; empty when it was started on the interaction and never requested.
	State string
	// InProgress says that for the interaction it still goes on.
	InProgress bool
	AcceptedBy string
	Reason     string
}

// LooseEnds is the transfers to be repaired: accepted but not completed, ended but still in progress for the interaction, over
// for the interaction but still pending, started but never requested. What changed after before is left to those at work on it.
func LooseEnds(ctx context.Context, q projections.Querier, before time.Time, limit int) ([]Loose, error) {
	rows, err := q.Query(ctx, `
		SELECT t.id, t.interaction_id, t.state, coalesce(o.transfer_id = t.id, false), t.accepted_by, t.reason
		FROM transfers t LEFT JOIN open_interactions o ON o.interaction_id = t.interaction_id
		WHERE t.state IN ('PENDING', 'ACCEPTED') AND coalesce(t.accepted_at, t.requested_at) <= $1
			AND (t.state = 'ACCEPTED' OR o.transfer_id IS DISTINCT FROM t.id)
		UNION ALL
		SELECT o.transfer_id, o.interaction_id, coalesce(t.state, ''), true, coalesce(t.accepted_by, ''), coalesce(t.reason, '')
		FROM open_interactions o LEFT JOIN transfers t ON t.id = o.transfer_id
		WHERE o.transfer_id <> '' AND (t.id IS NULL AND o.transfer_at <= $1 OR t.state NOT IN ('PENDING', 'ACCEPTED') AND t.ended_at <= $1)
		LIMIT $2`, before, limit)
	if err != nil {
		return nil, fmt.Errorf("read loose transfers: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Loose])
}

func collect(ctx context.Context, q projections.Querier, rest string, args ...any) ([]Row, error) {
	names := make([]string, len(table.Columns))
	for i, c := range table.Columns {
		names[i] = "t." + c.Name
	}
	rows, err := q.Query(ctx, "SELECT "+strings.Join(names, ", ")+", "+left+" FROM transfers t LEFT JOIN queues q ON q.id = t.to_queue AND NOT q.archived "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("read transfers: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Row, error) {
		var r Row
		into := make([]any, len(table.Columns))
		for i, c := range table.Columns {
			into[i] = c.Scan(&r)
		}
		return r, row.Scan(append(into, &r.Left)...)
	})
	if err != nil {
		return nil, fmt.Errorf("read transfers: %w", err)
	}
	return found, nil
}
