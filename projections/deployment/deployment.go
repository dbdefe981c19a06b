// Package deployment is the read model of the installation as a whole: whether sending to customers is on hold.
package deployment

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/domain/deployment"
	"parley/eventstore"
	"parley/internal/database"
	"parley/projections"
)

// Name is the read model's name, including its version.
const Name = "deployment_v1"

// Row says what holds outbound messages. Without a reason, they are sent.
type Row struct {
	ID     string
	Reason deployment.Reason
	Note   string
	Since  *time.Time
}

// Model returns the read model.
func Model() projections.Model {
	return projections.Model{
		Name: Name, Tables: []projections.AnyTable{table},
		Consumes: []projections.Stream{{Aggregate: "deployment"}},
	}
}

// table has one row.
var table = projections.Table[string, Row]{
	Name: Name,
	Columns: projections.Columns(
		projections.Key("id", func(r *Row) *string { return &r.ID }).Open(),
		projections.Text("reason", func(r *Row) *deployment.Reason { return &r.Reason }).Open(),
		projections.Text("note", func(r *Row) *string { return &r.Note }).Open(),
		projections.OptionalTime("since", func(r *Row) **time.Time { return &r.Since }).Open(),
	),
	KeyOf: func(r Row) string { return r.ID },
	Keys: func(e eventstore.Recorded) []string {
		if e.Aggregate != "deployment" {
			return nil
		}
		return []string{e.AggregateID}
	},
	New:    func(id string) Row { return Row{ID: id} },
	Evolve: evolve,
	Changes: func(_, after Row, _ eventstore.Recorded) []projections.Change {
		return []projections.Change{{Kind: projections.OutboundChanged, ID: after.ID}}
	},
}

func evolve(r Row, e eventstore.Recorded) Row {
	switch ev := e.Event.(type) {
	case deployment.OutboundHeld:
		at := ev.At
		r.Reason, r.Note, r.Since = ev.Reason, ev.Note, &at
	case deployment.OutboundReleased:
		r.Reason, r.Note, r.Since = "", "", nil
	}
	return r
}

// Read returns what holds outbound messages.
func Read(ctx context.Context, q database.Querier) (Row, error) {
	rows, err := q.Query(ctx, "SELECT "+table.Select("d")+" FROM deployment d")
	if err != nil {
		return Row{}, fmt.Errorf("read the deployment: %w", err)
	}
	all, err := pgx.CollectRows(rows, table.Scan)
	if err != nil || len(all) == 0 {
		return Row{}, err
	}
	return all[0], nil
}
