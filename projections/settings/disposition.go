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
	Columns: projections.Columns(
		projections.Key("id", func(r *Disposition) *string { return &r.ID }).Open(),
		projections.Text("label", func(r *Disposition) *string { return &r.Settings.Label }).Open(),
		projections.Text("scope", func(r *Disposition) *string { return &r.Settings.Scope }).Open(),
		projections.Text("scope_id", func(r *Disposition) *string { return &r.Settings.ScopeID }).Open(),
		projections.Int("level", func(r *Disposition) *int { return &r.Settings.Level }).Open(),
		projections.Int("sort_order", func(r *Disposition) *int { return &r.Settings.SortOrder }).Open(),
		projections.Bool("archived", func(r *Disposition) *bool { return &r.Archived }).Open(),
		projections.JSON("settings", func(r *Disposition) *disposition.Settings { return &r.Settings }).Open(),
	),
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
		return changed(projections.DispositionChanged, after.ID)
	},
}
