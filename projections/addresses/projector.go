// Package addresses is the read model of the spellings and ids that belong to one customer.
package addresses

import (
	"time"

	"parley/domain"
	"parley/domain/address"
	"parley/eventstore"
	"parley/projections"
)

// Row says which address an alias belongs to now, and where the address of the same id leads.
type Row struct {
	AliasID     string
	CanonicalID string
	Since       time.Time // when the present holder of a number got it, by the provider's clock
	LinkedTo    string    // empty if the address leads nowhere else
	LinkedAt    *time.Time
}

// Name is the read model's name, including its version. Readers that must see their own writes wait for it.
const Name = "addresses_v3"

// Model returns the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Indexes: indexes,
		Consumes: []projections.Stream{{
			Aggregate: "address", Except: []domain.Event{address.Joined{}, address.Parted{}}}}}
}

var table = projections.Table[string, Row]{
	Name: "addresses_v3",
	Columns: projections.Columns(
		projections.Key("alias_id", func(r *Row) *string { return &r.AliasID }).Open(),
		projections.Text("canonical_id", func(r *Row) *string { return &r.CanonicalID }).Open(),
		projections.Time("since", func(r *Row) *time.Time { return &r.Since }).Open(),
		projections.Text("linked_to", func(r *Row) *string { return &r.LinkedTo }).Open(),
		projections.OptionalTime("linked_at", func(r *Row) **time.Time { return &r.LinkedAt }).Open(),
	),
	KeyOf: func(r Row) string { return r.AliasID },
	Keys: func(e eventstore.Recorded) []string {
		switch e.Event.(type) {
		case address.Joined, address.Parted: // the other address says so as well
			return nil
		case address.Event:
			return []string{e.AggregateID}
		}
		return nil
	},
	New: func(id string) Row { return Row{AliasID: id} },
	Evolve: func(r Row, e eventstore.Recorded) Row {
		switch ev := e.Event.(type) {
		case address.AliasNamed:
			r.CanonicalID = string(ev.Canonical)
		case address.AliasIdentified:
			return r.heldBy(string(ev.Canonical), ev.Since)
		case address.AliasMoved:
			return r.heldBy(string(ev.Canonical), ev.Since)
		case address.AliasLinked:
			r.LinkedTo, r.LinkedAt = string(ev.Canonical), &ev.At
		case address.AliasUnlinked:
			r.LinkedTo, r.LinkedAt = "", nil
		}
		return r
	},
}

// heldBy sets the holder of a number, unless a later one is known.
func (r Row) heldBy(canonical string, since time.Time) Row {
	if !since.Before(r.Since) {
		r.CanonicalID, r.Since = canonical, since
	}
	return r
}

const indexes = `
CREATE INDEX {index:addresses_v3}_canonical ON {table:addresses_v3} (canonical_id);
CREATE INDEX {index:addresses_v3}_linked ON {table:addresses_v3} (linked_to) WHERE linked_to <> '';
CREATE INDEX {index:addresses_v3}_linked_at ON {table:addresses_v3} (linked_at) WHERE linked_at IS NOT NULL;
`
