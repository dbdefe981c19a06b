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
	Columns: projections.Columns(
		projections.Key("id", func(r *List) *string { return &r.ID }).Open(),
		projections.Text("name", func(r *List) *string { return &r.Settings.Name }).Open(),
		projections.Bool("archived", func(r *List) *bool { return &r.Archived }).Open(),
		projections.JSON("settings", func(r *List) *list.Settings { return &r.Settings }).Open(),
	),
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
	Changes: func(_, after List, _ eventstore.Recorded) []projections.Change {
		return changed(projections.ListChanged, after.ID)
	},
}
