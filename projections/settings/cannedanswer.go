package settings

import (
	"parley/domain"
	"parley/domain/cannedanswer"
	"parley/eventstore"
	"parley/projections"
)

// CannedAnswer is a prepared text for agents to send.
type CannedAnswer struct {
	ID       string
	Settings cannedanswer.Settings
	Archived bool
}

var cannedAnswers = projections.Table[string, CannedAnswer]{
	Name: "cannedanswers_v1",
	Columns: projections.Columns(
		projections.Key("id", func(r *CannedAnswer) *string { return &r.ID }).Open(),
		projections.Text("shortcut", func(r *CannedAnswer) *string { return &r.Settings.Shortcut }).Open(),
		projections.Text("account_id", func(r *CannedAnswer) *domain.AccountID { return &r.Settings.AccountID }).Open(),
		projections.Bool("archived", func(r *CannedAnswer) *bool { return &r.Archived }).Open(),
		projections.JSON("settings", func(r *CannedAnswer) *cannedanswer.Settings { return &r.Settings }).Open(),
	),
	KeyOf: func(r CannedAnswer) string { return r.ID },
	Keys:  ofStream("cannedanswer"),
	New:   func(id string) CannedAnswer { return CannedAnswer{ID: id} },
	Evolve: func(r CannedAnswer, e eventstore.Recorded) CannedAnswer {
		switch ev := e.Event.(type) {
		case cannedanswer.Created:
			r.Settings = ev.Settings
		case cannedanswer.Changed:
			r.Settings = ev.Settings
		case cannedanswer.Archived:
			r.Archived = true
		}
		return r
	},
	Changes: func(_, after CannedAnswer, _ eventstore.Recorded) []projections.Change {
		return changed(projections.CannedAnswerChanged, after.ID)
	},
}
