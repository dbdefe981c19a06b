// Package addresses is the read model of which spellings and ids are one customer.
package addresses

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"parley/domain/address"
	"parley/eventstore"
	"parley/projections"
)

// Row says which canonical address an alias belongs to.
type Row struct {
	AliasID     string
	CanonicalID string
}

// Name is what the read model is called where it is waited for, its version included.
const Name = "addresses_v1"

// Model is the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Schema: schema, Indexes: indexes, Views: views}
}

var table = projections.Table[string, Row]{
	Name: "addresses_v1",
	Key:  1,
	Columns: []projections.Column[Row]{
		projections.Col("alias_id", "text", func(r *Row) *string { return &r.AliasID }),
		projections.Col("canonical_id", "text", func(r *Row) *string { return &r.CanonicalID }),
	},
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

const schema = `
CREATE TABLE {table:addresses_v1} (
	alias_id text PRIMARY KEY,
	canonical_id text NOT NULL
);
`

const indexes = `
CREATE INDEX {index:addresses_v1}_canonical ON {table:addresses_v1} (canonical_id);
`

const views = `
CREATE OR REPLACE VIEW app.addresses AS SELECT * FROM {table:addresses_v1};
CREATE OR REPLACE VIEW masked.addresses AS SELECT * FROM {table:addresses_v1};
`

// Canonical is the canonical address of each of the aliases that are known, by alias. A first guess: the alias's stream decides.
func Canonical(ctx context.Context, q projections.Querier, aliasIDs []string) (map[string]string, error) {
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

// AliasesOf is every alias of a canonical address.
func AliasesOf(ctx context.Context, q projections.Querier, canonicalID string) ([]string, error) {
	rows, err := q.Query(ctx, "SELECT alias_id FROM addresses WHERE canonical_id = $1 ORDER BY alias_id", canonicalID)
	if err != nil {
		return nil, fmt.Errorf("read addresses: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
