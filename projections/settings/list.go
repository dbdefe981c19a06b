package settings

import (
	"parley/domain/list"
	"parley/eventstore"
	"parley/projections"
)

// List is a contact list with its custom fields.
type List struct {
	ID       string
	Settings list.Settings
	Archived bool
}

var lists = projections.Table[string, List]{
	Name: "lists_v1",
	Key:  1,
	Columns: []projections.Column[List]{
		projections.Col("id", "text", func(r *List) *string { return &r.ID }),
		projections.Col("name", "text", func(r *List) *string { return &r.Settings.Name }),
		projections.Col("archived", "bool", func(r *List) *bool { return &r.Archived }),
		projections.Col("settings", "jsonb", func(r *List) *list.Settings { return &r.Settings }),
	},
	KeyOf: func(r List) string { return r.ID },
	Keys:  ofStream("list"),
	New:   func(id string) List { return List{ID: id} },
	Evolve: func(r List, e eventstore.Recorded) List {
		switch ev := e.Event.(type) {
		case list.Created:
			r.Settings = ev.Settings
		case list.Changed:
			r.Settings = ev.Settings
		case list.Archived:
			r.Archived = true
		}
		return r
	},
	Changes: func(_, after List, _ eventstore.Recorded) []projections.Change { return changed("list", after.ID) },
}

const listSchema = `
CREATE TABLE {table:lists_v1} (
	id text PRIMARY KEY,
	name text NOT NULL,
	archived bool NOT NULL,
	settings jsonb NOT NULL
);
`

const listViews = `
CREATE OR REPLACE VIEW app.lists AS SELECT * FROM {table:lists_v1};
CREATE OR REPLACE VIEW masked.lists AS SELECT * FROM {table:lists_v1};
`
