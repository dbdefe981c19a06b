package timeline

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/internal/access"
	"parley/internal/database"
	"parley/projections/interactions"
)

// Of returns an interaction's history, including its transfers, in the log's order. It is empty if the
// interaction is outside the viewer's scope.
func Of(ctx context.Context, q database.Querier, v access.Viewer, interactionID string) ([]Row, error) {
	args := []any{interactionID}
	scope := interactions.Scope(v, "i", func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	})
	rows, err := q.Query(ctx, "SELECT "+table.Select("t")+` FROM timeline t
		WHERE (t.stream_id = $1 OR t.stream_id IN (SELECT s.ref FROM timeline s WHERE s.stream_id = $1 AND s.code = 'TRANSFER_REQUESTED'))
			AND EXISTS (SELECT FROM interactions i WHERE i.id = $1 AND `+scope+`)
		ORDER BY t.position, t.revision`, args...)
	if err != nil {
		return nil, fmt.Errorf("read timeline: %w", err)
	}
	steps, err := pgx.CollectRows(rows, table.Scan)
	if err != nil {
		return nil, fmt.Errorf("read timeline: %w", err)
	}
	return lasted(steps), nil
}

// lasted sets how long each wait, offer, ownership and transfer had lasted when it ended.
func lasted(steps []Row) []Row {
	begun := map[string]time.Time{}
	for i := range steps {
		s := &steps[i]
		end := func(what string) {
			if since, ok := begun[what]; ok {
				seconds := int(s.At.Sub(since) / time.Second)
				s.Seconds = &seconds
			}
		}
		switch s.Code {
		case "OPENED":
			begun["waiting"], begun["session"] = s.At, s.At
		case "OFFERED":
			begun["offer "+s.Ref] = s.At
		case "OFFER_REJECTED", "OFFER_EXPIRED":
			end("offer " + s.Ref)
		case "ACCEPTED", "ASSIGNED":
			end("waiting")
			delete(begun, "waiting")
			begun["owner"] = s.At
		case "RELEASED":
			end("owner")
			begun["waiting"] = s.At
		case "TRANSFER_REQUESTED":
			begun["transfer "+s.Ref] = s.At
		case "OWNER_CHANGED":
			end("transfer " + s.Ref)
			begun["owner"] = s.At
		case "TRANSFER_ENDED":
			end("transfer " + s.Ref)
		case "CLOSED":
			end("session")
		}
	}
	return steps
}
