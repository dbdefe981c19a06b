package settings

import (
	"parley/domain/tag"
	"parley/eventstore"
	"parley/projections"
)

// Tag is a tag of interactions and contacts.
type Tag struct {
	ID       string
	Settings tag.Settings
	Archived bool
}

var tags = projections.Table[string, Tag]{
	Name: "tags_v1",
	Columns: projections.Columns(
		projections.Key("id", func(r *Tag) *string { return &r.ID }).Open(),
		projections.Text("name", func(r *Tag) *string { return &r.Settings.Name }).Open(),
		projections.Bool("archived", func(r *Tag) *bool { return &r.Archived }).Open(),
		projections.JSON("settings", func(r *Tag) *tag.Settings { return &r.Settings }).Open(),
	),
	KeyOf: func(r Tag) string { return r.ID },
	Keys:  ofStream("tag"),
	New:   func(id string) Tag { return Tag{ID: id} },
	Evolve: func(r Tag, e eventstore.Recorded) Tag {
		switch ev := e.Event.(type) {
		case tag.Created:
			r.Settings = ev.Settings
		case tag.Changed:
			r.Settings = ev.Settings
		case tag.Archived:
			r.Archived = true
		}
		return r
	},
	Changes: func(_, after Tag, _ eventstore.Recorded) []projections.Change {
		return changed(projections.TagChanged, after.ID)
	},
}
