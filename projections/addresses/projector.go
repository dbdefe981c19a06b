// Package addresses is the read model of the spellings and ids that belong to one customer.
package addresses

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"parley/domain/address"
	"parley/eventstore"
	"parley/internal/database"
	"parley/projections"
)

// Row maps an alias to its canonical address.
type Row struct {
	AliasID     string
	CanonicalID string
}

// Name is the read model's name, including its version. Readers that must see their own writes wait for it.
const Name = "addresses_v1"

// Model returns the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Indexes: indexes,
		Consumes: []projections.Stream{{Aggregate: "address"}}}
}

var table = projections.Table[string, Row]{
	Name: "addresses_v1",
	Columns: projections.Columns(
		projections.Key("alias_id", func(r *Row) *string { return &r.AliasID }).Open(),
		projections.Text("canonical_id", func(r *Row) *string { return &r.CanonicalID }).Open(),
	),
	KeyOf: func(r Row) string { return r.AliasID },
	Keys: func(e eventstore.Recorded) []string {
		if _, ok := e.Event.(address.Event); !ok {
			return nil
		}
		return []string{e.AggregateID}
	},
	New: func(id string) Row { return Row{AliasID: id} },
	Evolve: func(r Row, e eventstore.Recorded) Row {
		switch ev := e.Event.(type) {
		case address.AliasNamed:
			r.CanonicalID = string(ev.Canonical)
		case address.AliasLinked:
			r.CanonicalID = string(ev.Canonical)
		}
		return r
	},
}

const indexes = `
CREATE INDEX {index:addresses_v1}_canonical ON {table:addresses_v1} (canonical_id);
`

// Canonical returns the canonical address of each known alias, by alias. It is a first guess: the alias's
// stream decides.
func Canonical(ctx context.Context, q database.Querier, aliasIDs []string) (map[string]string, error) {
	rows, err := q.Query(ctx, "SELECT alias_id, canonical_id FROM addresses WHERE alias_id = ANY($1)", aliasIDs)
	if err != nil {
		return nil, fmt.Errorf("read addresses: %w", err)
	}
	found := make(map[string]string, len(aliasIDs))
	var alias, canonical string
	_, err = pgx.ForEachRow(rows, []any{&alias, &canonical}, func() error {
		found[alias] = canonical
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read addresses: %w", err)
	}
	return found, nil
}

// AliasesOf returns every alias of a canonical address.
func AliasesOf(ctx context.Context, q database.Querier, canonicalID string) ([]string, error) {
	rows, err := q.Query(ctx, "SELECT alias_id FROM addresses WHERE canonical_id = $1 ORDER BY alias_id", canonicalID)
	if err != nil {
		return nil, fmt.Errorf("read addresses: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
