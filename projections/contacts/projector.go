package contacts

import (
	"time"

	"parley/domain/contact"
	"parley/eventstore"
	"parley/projections"
)

// Name is the read model's name, including its version. Readers that must see their own writes wait for it.
const Name = "contacts_v2"

// Model returns the read model. The view my_contacts has a row for each contact and agent who handled it.
func Model() projections.Model {
	return projections.Model{
		Name: Name, Tables: []projections.AnyTable{table}, Indexes: indexes,
		Consumes:  []projections.Stream{{Aggregate: "contact"}},
		Views:     []projections.View{{Name: "my_contacts", Select: myContacts}},
		Functions: []projections.Function{{Name: "match_contacts", Create: matchContacts}},
	}
}

var table = projections.Table[string, Row]{
	Name:      "contacts_v2",
	HideNames: projections.OfColumns("first_name", "last_name"),
	Columns: projections.Columns(
		projections.Key("id", func(r *Row) *string { return &r.ID }).Open(),
		projections.Text("list_id", func(r *Row) *string { return &r.ListID }).Open(),
		projections.Text("address_id", func(r *Row) *string { return &r.AddressID }).Open(),
		projections.Text("origin", func(r *Row) *string { return &r.Origin }).Open(),
		projections.Text("first_name", func(r *Row) *string { return &r.FirstName }).Masked(projections.Name),
		projections.Text("last_name", func(r *Row) *string { return &r.LastName }).Masked(projections.Name),
		projections.Texts("phones", func(r *Row) *[]string { return &r.Phones }).Masked(projections.Phone),
		projections.Texts("emails", func(r *Row) *[]string { return &r.Emails }).Masked(projections.Email),
		projections.Texts("user_ids", func(r *Row) *[]string { return &r.UserIDs }).Masked(projections.Hidden),
		projections.JSON("fields",
			func(r *Row) *map[string]string { return &r.Fields }).Masked(projections.Values(projections.FreeText)),
		projections.Texts("tags", func(r *Row) *[]string { return &r.Tags }).Open(),
		projections.Time("created_at", func(r *Row) *time.Time { return &r.CreatedAt }).Open(),
		projections.Time("changed_at", func(r *Row) *time.Time { return &r.ChangedAt }).Open(),
		projections.OptionalTime("no_marketing_since", func(r *Row) **time.Time { return &r.NoMarketing }).Open(),
		projections.Text("merged_into", func(r *Row) *string { return &r.MergedInto }).Open(),
		projections.Bool("erased", func(r *Row) *bool { return &r.Erased }).Open(),
		projections.JSON("merges", func(r *Row) *[]Merge { return &r.Merges }).Open(),
		projections.Texts("family", func(r *Row) *[]string { return &r.Family }).Open(),
		projections.Texts("suggested", func(r *Row) *[]string { return &r.Suggested }).Open(),
		projections.OptionalTime("pointed_at", func(r *Row) **time.Time { return &r.PointedAt }).Open(),
		projections.Texts("managed_by", func(r *Row) *[]string { return &r.ManagedBy }).Open(),
		projections.JSON("snapshots",
			func(r *Row) *map[string]Snapshot { return &r.Snapshots }).Masked(maskedSnapshots),
		projections.Text("sort_name",
			func(r *Row) *string { return &r.SortName }).With(`COLLATE "C"`).Masked(projections.Hidden),
		projections.Text("name_text", func(r *Row) *string { return &r.NameText }).Masked(projections.Hidden),
		projections.Texts("name_grams", func(r *Row) *[]string { return &r.NameGrams }).Masked(projections.Hidden),
		projections.Texts("name_words", func(r *Row) *[]string { return &r.NameWords }).Masked(projections.Hidden),
		projections.Texts("phone_keys", func(r *Row) *[]string { return &r.PhoneKeys }).Masked(projections.Hidden),
		projections.Text("phone_text", func(r *Row) *string { return &r.PhoneText }).Masked(projections.Hidden),
		projections.Text("email_text", func(r *Row) *string { return &r.EmailText }).Masked(projections.Hidden),
	),
	KeyOf: func(r Row) string { return r.ID },
	Keys: func(e eventstore.Recorded) []string {
		if _, ok := e.Event.(contact.Event); !ok {
			return nil
		}
		return []string{e.AggregateID}
	},
	First: func(e eventstore.Recorded) bool {
		_, created := e.Event.(contact.Created)
		return created
	},
	New:    func(id string) Row { return Row{ID: id} },
	Evolve: evolve,
	Gone:   func(r Row) bool { return r.ListID == "" },
	Changes: func(before, after Row, _ eventstore.Recorded) []projections.Change {
		c := projections.Change{Kind: projections.ContactChanged, ID: after.ID, List: after.ListID,
			Agents: after.ManagedBy}
		if before.ListID != after.ListID {
			c.ListBefore = before.ListID
		}
		all := []projections.Change{c}
		for _, id := range with(before.Family, after.Family...) { // their ids lead here
			all = append(all, projections.Change{Kind: projections.ContactChanged, ID: id, List: after.ListID})
		}
		return all
	},
}

const indexes = `
CREATE INDEX {index:contacts_v2}_list ON {table:contacts_v2} (list_id, sort_name, id) WHERE merged_into = '' AND NOT erased;
CREATE INDEX {index:contacts_v2}_sort ON {table:contacts_v2} (sort_name, id) WHERE merged_into = '' AND NOT erased;
CREATE INDEX {index:contacts_v2}_phone_keys ON {table:contacts_v2} USING gin (phone_keys);
CREATE INDEX {index:contacts_v2}_emails ON {table:contacts_v2} USING gin (emails);
CREATE INDEX {index:contacts_v2}_user_ids ON {table:contacts_v2} USING gin (user_ids);
CREATE INDEX {index:contacts_v2}_tags ON {table:contacts_v2} USING gin (tags);
CREATE INDEX {index:contacts_v2}_managed ON {table:contacts_v2} USING gin (managed_by);
CREATE INDEX {index:contacts_v2}_address ON {table:contacts_v2} (address_id) WHERE address_id <> '';
CREATE INDEX {index:contacts_v2}_merged ON {table:contacts_v2} (merged_into) WHERE merged_into <> '';
CREATE INDEX {index:contacts_v2}_pointed ON {table:contacts_v2} (pointed_at) WHERE pointed_at IS NOT NULL;
CREATE INDEX {index:contacts_v2}_family ON {table:contacts_v2} USING gin (family) WHERE family <> '{}';
CREATE INDEX {index:contacts_v2}_name ON {table:contacts_v2} USING gin (name_text gin_trgm_ops);
CREATE INDEX {index:contacts_v2}_grams ON {table:contacts_v2} USING gin (name_grams);
CREATE INDEX {index:contacts_v2}_phone_text ON {table:contacts_v2} USING gin (phone_text gin_trgm_ops);
CREATE INDEX {index:contacts_v2}_email_text ON {table:contacts_v2} USING gin (email_text gin_trgm_ops);
`
