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
	Key:  1,
	Columns: []projections.Column[Tag]{
		projections.Col("id", "text", func(r *Tag) *string { return &r.ID }),
		projections.Col("name", "text", func(r *Tag) *string { return &r.Settings.Name }),
		projections.Col("archived", "bool", func(r *Tag) *bool { return &r.Archived }),
		projections.Col("settings", "jsonb", func(r *Tag) *tag.Settings { return &r.Settings }),
	},
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
	Changes: func(_, after Tag, _ eventstore.Recorded) []projections.Change { return changed("tag", after.ID) },
}

const tagSchema = `
CREATE TABLE {table:tags_v1} (
	id text PRIMARY KEY,
	name text NOT NULL,
	archived bool NOT NULL,
	settings jsonb NOT NULL
);
`

const tagViews = `
CREATE OR REPLACE VIEW app.tags AS SELECT * FROM {table:tags_v1};
CREATE OR REPLACE VIEW masked.tags AS SELECT * FROM {table:tags_v1};
`
