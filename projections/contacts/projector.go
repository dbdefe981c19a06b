package contacts

import (
	"time"

	"parley/domain/contact"
	"parley/eventstore"
	"parley/projections"
)

// Name is what the read model is called where it is waited for, its version included.
const Name = "contacts_v1"

// Model is the read model. The view my_contacts has a row for each contact and agent who managed it.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Schema: schema, Indexes: indexes, Views: views}
}

var table = projections.Table[string, Row]{
	Name: "contacts_v1",
	Key:  1,
	Columns: []projections.Column[Row]{
		projections.Col("id", "text", func(r *Row) *string { return &r.ID }),
		projections.Col("list_id", "text", func(r *Row) *string { return &r.ListID }),
		projections.Col("address_id", "text", func(r *Row) *string { return &r.AddressID }),
		projections.Col("origin", "text", func(r *Row) *string { return &r.Origin }),
		projections.Col("first_name", "text", func(r *Row) *string { return &r.FirstName }),
		projections.Col("last_name", "text", func(r *Row) *string { return &r.LastName }),
		projections.Col("phones", "text[]", func(r *Row) *[]string { return &r.Phones }),
		projections.Col("mails", "text[]", func(r *Row) *[]string { return &r.Mails }),
		projections.Col("user_ids", "text[]", func(r *Row) *[]string { return &r.UserIDs }),
		projections.Col("fields", "jsonb", func(r *Row) *map[string]string { return &r.Fields }),
		projections.Col("tags", "text[]", func(r *Row) *[]string { return &r.Tags }),
		projections.Col("created_at", "timestamptz", func(r *Row) *time.Time { return &r.CreatedAt }),
		projections.Col("changed_at", "timestamptz", func(r *Row) *time.Time { return &r.ChangedAt }),
		projections.Col("merged_into", "text", func(r *Row) *string { return &r.MergedInto }),
		projections.Col("erased", "bool", func(r *Row) *bool { return &r.Erased }),
		projections.Col("merges", "jsonb", func(r *Row) *[]Merge { return &r.Merges }),
		projections.Col("managed_by", "text[]", func(r *Row) *[]string { return &r.ManagedBy }),
		projections.Col("snapshots", "jsonb", func(r *Row) *map[string]Snapshot { return &r.Snapshots }),
		projections.Col("sort_name", "text", func(r *Row) *string { return &r.SortName }),
		projections.Col("name", "text", func(r *Row) *string { return &r.Name }),
		projections.Col("phone_text", "text", func(r *Row) *string { return &r.PhoneText }),
		projections.Col("mail_text", "text", func(r *Row) *string { return &r.MailText }),
	},
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
		c := projections.Change{Kind: "contact", ID: after.ID, List: after.ListID, Agents: after.ManagedBy}
		if before.ListID != after.ListID {
			c.ListBefore = before.ListID
		}
		return []projections.Change{c}
	},
}

const schema = `
CREATE TABLE {table:contacts_v1} (
	id text PRIMARY KEY,
	list_id text NOT NULL,
	address_id text NOT NULL,
	origin text NOT NULL,
	first_name text NOT NULL,
	last_name text NOT NULL,
	phones text[],
	mails text[],
	user_ids text[],
	fields jsonb,
	tags text[],
	created_at timestamptz NOT NULL,
	changed_at timestamptz NOT NULL,
	merged_into text NOT NULL,
	erased bool NOT NULL,
	merges jsonb,
	managed_by text[],
	snapshots jsonb,
	sort_name text COLLATE "C" NOT NULL,
	name text NOT NULL,
	phone_text text NOT NULL,
	mail_text text NOT NULL
);
`

const indexes = `
CREATE INDEX {index:contacts_v1}_list ON {table:contacts_v1} (list_id, sort_name, id) WHERE merged_into = '' AND NOT erased;
CREATE INDEX {index:contacts_v1}_sort ON {table:contacts_v1} (sort_name, id) WHERE merged_into = '' AND NOT erased;
CREATE INDEX {index:contacts_v1}_phones ON {table:contacts_v1} USING gin (phones);
CREATE INDEX {index:contacts_v1}_mails ON {table:contacts_v1} USING gin (mails);
CREATE INDEX {index:contacts_v1}_user_ids ON {table:contacts_v1} USING gin (user_ids);
CREATE INDEX {index:contacts_v1}_tags ON {table:contacts_v1} USING gin (tags);
CREATE INDEX {index:contacts_v1}_managed ON {table:contacts_v1} USING gin (managed_by);
CREATE INDEX {index:contacts_v1}_address ON {table:contacts_v1} (address_id) WHERE address_id <> '';
CREATE INDEX {index:contacts_v1}_merged ON {table:contacts_v1} (merged_into) WHERE merged_into <> '';
CREATE INDEX {index:contacts_v1}_name ON {table:contacts_v1} USING gin (name gin_trgm_ops);
CREATE INDEX {index:contacts_v1}_phone_text ON {table:contacts_v1} USING gin (phone_text gin_trgm_ops);
CREATE INDEX {index:contacts_v1}_mail_text ON {table:contacts_v1} USING gin (mail_text gin_trgm_ops);
`
