package transfers

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/internal/access"
	"parley/internal/database"
	"parley/projections/interactions"
)

// formerMembers selects the agents who were offered a transfer to a queue and have since left that queue.
const formerMembers = `CASE WHEN t.to_queue = '' THEN NULL
	ELSE ARRAY(SELECT a FROM unnest(t.offered_to) a WHERE q.members @> ARRAY[a] IS NOT TRUE) END`

// Of returns the active transfers that an agent sent or can still accept, the one that ends soonest first.
func Of(ctx context.Context, q database.Querier, agentID string) ([]Row, error) {
	return collect(ctx, q, `
		WHERE t.status = 'PENDING' AND (t.from_agent = $1
			OR t.offered_to @> ARRAY[$1::text] AND NOT t.rejected_by @> ARRAY[$1::text]
			AND (t.to_queue = '' OR q.members @> ARRAY[$1::text]))
		OR t.status = 'ACCEPTED' AND (t.from_agent = $1 OR t.accepted_by = $1) ORDER BY t.expires_at, t.id`, agentID)
}

// ByIDs returns the transfers the viewer may see: they sent it, it was offered to them, or its interaction
// is within their scope.
func ByIDs(ctx context.Context, q database.Querier, v access.Viewer, ids []string) ([]Row, error) {
	args := []any{ids, string(v.User)}
	arg := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	scope := interactions.Scope(v, "i", arg)
	return collect(ctx, q, `WHERE t.id = ANY($1) AND (t.from_agent = $2 OR t.offered_to @> ARRAY[$2::text]
		OR EXISTS (SELECT FROM interactions i WHERE i.id = t.interaction_id AND `+scope+`))`, args...)
}

// OfInteraction returns every transfer of an interaction, oldest first. It does not check a viewer's rights.
func OfInteraction(ctx context.Context, q database.Querier, interactionID string) ([]Row, error) {
	return collect(ctx, q, "WHERE t.interaction_id = $1 ORDER BY t.requested_at, t.id", interactionID)
}

// Due returns the pending transfers that have expired.
func Due(ctx context.Context, q database.Querier, now time.Time, limit int) ([]Row, error) {
	return collect(ctx, q, "WHERE t.status = 'PENDING' AND t.expires_at <= $1 ORDER BY t.expires_at LIMIT $2",
		now, limit)
}

// Loose is a transfer whose own stream and interaction disagree, because a process stopped between the two
// writes.
type Loose struct {
	TransferID    string
	InteractionID string
	// Status is the transfer's status. It is empty if the transfer was started on the interaction and never
	// requested.
	Status string
	// InProgress reports whether the interaction considers the transfer in progress.
	InProgress bool
	AcceptedBy string
	Reason     string
}

// LooseEnds returns the transfers to repair: accepted but not completed, ended but still in progress on the
// interaction, over on the interaction but still pending, started but never requested. It skips those
// changed after before, which may still be in progress.
func LooseEnds(ctx context.Context, q database.Querier, before time.Time, limit int) ([]Loose, error) {
	rows, err := q.Query(ctx, `
		SELECT t.id, t.interaction_id, t.status, coalesce(o.transfer_id = t.id, false), t.accepted_by, t.reason
		FROM transfers t LEFT JOIN open_interactions o ON o.interaction_id = t.interaction_id
		WHERE t.status IN ('PENDING', 'ACCEPTED') AND coalesce(t.accepted_at, t.requested_at) <= $1
			AND (t.status = 'ACCEPTED' OR o.transfer_id IS DISTINCT FROM t.id)
		UNION ALL
		SELECT o.transfer_id, o.interaction_id, coalesce(t.status, ''), true, coalesce(t.accepted_by, ''),
			coalesce(t.reason, '')
		FROM open_interactions o LEFT JOIN transfers t ON t.id = o.transfer_id
		WHERE o.transfer_id <> '' AND (t.id IS NULL AND o.transfer_at <= $1
			OR t.status NOT IN ('PENDING', 'ACCEPTED') AND t.ended_at <= $1)
		LIMIT $2`, before, limit)
	if err != nil {
		return nil, fmt.Errorf("read loose transfers: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Loose])
}

func collect(ctx context.Context, q database.Querier, rest string, args ...any) ([]Row, error) {
	rows, err := q.Query(ctx, "SELECT "+table.Select("t")+", "+formerMembers+`
		FROM transfers t LEFT JOIN queues q ON q.id = t.to_queue AND NOT q.archived `+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("read transfers: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Row, error) {
		var r Row
		return r, row.Scan(append(table.Into(&r), &r.FormerMembers)...)
	})
	if err != nil {
		return nil, fmt.Errorf("read transfers: %w", err)
	}
	return found, nil
}
