package timeline

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

// Of is an interaction's story in the log's order, its transfers' part in it included; empty when it is not within the
// viewer's scope.
func Of(ctx context.Context, q projections.Querier, v access.Viewer, interactionID string) ([]Row, error) {
	args := []any{interactionID}
	scope := interactions.Scope(v, "i", func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	})
	names := make([]string, len(table.Columns))
	for i, c := range table.Columns {
		names[i] = "t." + c.Name
	}
	rows, err := q.Query(ctx, "SELECT "+strings.Join(names, ", ")+` FROM timeline t
		WHERE (t.stream_id = $1 OR t.stream_id IN (SELECT s.ref FROM timeline s WHERE s.stream_id = $1 AND s.code = 'TRANSFER_REQUESTED'))
			AND EXISTS (SELECT FROM interactions i WHERE i.id = $1 AND `+scope+`)
		ORDER BY t.position, t.revision`, args...)
	if err != nil {
		return nil, fmt.Errorf("read timeline: %w", err)
	}
	steps, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Row, error) {
		var r Row
		into := make([]any, len(table.Columns))
		for i, c := range table.Columns {
			into[i] = c.Scan(&r)
		}
		return r, row.Scan(into...)
	})
	if err != nil {
		return nil, fmt.Errorf("read timeline: %w", err)
	}
	return lasted(steps), nil
}

// lasted fills in how long waiting, offers, owning and transfers had lasted where they ended.
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
