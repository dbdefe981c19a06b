package settings

import (
	"parley/domain/disposition"
	"parley/eventstore"
	"parley/projections"
)

// Disposition is an outcome an interaction can be closed with.
type Disposition struct {
	ID       string
	Settings disposition.Settings
	Archived bool
}

var dispositions = projections.Table[string, Disposition]{
	Name: "dispositions_v1",
	Key:  1,
	Columns: []projections.Column[Disposition]{
		projections.Col("id", "text", func(r *Disposition) *string { return &r.ID }),
		projections.Col("label", "text", func(r *Disposition) *string { return &r.Settings.Label }),
		projections.Col("scope", "text", func(r *Disposition) *string { return &r.Settings.Scope }),
		projections.Col("scope_id", "text", func(r *Disposition) *string { return &r.Settings.ScopeID }),
		projections.Col("level", "int4", func(r *Disposition) *int { return &r.Settings.Level }),
		projections.Col("sort_order", "int4", func(r *Disposition) *int { return &r.Settings.SortOrder }),
		projections.Col("archived", "bool", func(r *Disposition) *bool { return &r.Archived }),
		projections.Col("settings", "jsonb", func(r *Disposition) *disposition.Settings { return &r.Settings }),
	},
	KeyOf: func(r Disposition) string { return r.ID },
	Keys:  ofStream("disposition"),
	New:   func(id string) Disposition { return Disposition{ID: id} },
	Evolve: func(r Disposition, e eventstore.Recorded) Disposition {
		switch ev := e.Event.(type) {
		case disposition.Created:
			r.Settings = ev.Settings
		case disposition.Changed:
			r.Settings = ev.Settings
		case disposition.Archived:
			r.Archived = true
		}
		return r
	},
	Changes: func(_, after Disposition, _ eventstore.Recorded) []projections.Change {
		return changed("disposition", after.ID)
	},
}

const dispositionSchema = `
CREATE TABLE {table:dispositions_v1} (
	id text PRIMARY KEY,
	label text NOT NULL,
	scope text NOT NULL,
	scope_id text NOT NULL,
	level int4 NOT NULL,
	sort_order int4 NOT NULL,
	archived bool NOT NULL,
	settings jsonb NOT NULL
);
`

const dispositionViews = `
CREATE OR REPLACE VIEW app.dispositions AS SELECT * FROM {table:dispositions_v1};
CREATE OR REPLACE VIEW masked.dispositions AS SELECT * FROM {table:dispositions_v1};
`
