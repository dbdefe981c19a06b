package settings

import (
	"parley/domain"
	"parley/domain/cannedanswer"
	"parley/eventstore"
	"parley/projections"
)

// CannedAnswer is a text agents send often.
type CannedAnswer struct {
	ID       string
	Settings cannedanswer.Settings
	Archived bool
}

var cannedAnswers = projections.Table[string, CannedAnswer]{
	Name: "cannedanswers_v1",
	Key:  1,
	Columns: []projections.Column[CannedAnswer]{
		projections.Col("id", "text", func(r *CannedAnswer) *string { return &r.ID }),
		projections.Col("shortcut", "text", func(r *CannedAnswer) *string { return &r.Settings.Shortcut }),
		projections.Col("account_id", "text", func(r *CannedAnswer) *domain.AccountID { return &r.Settings.AccountID }),
		projections.Col("archived", "bool", func(r *CannedAnswer) *bool { return &r.Archived }),
		projections.Col("settings", "jsonb", func(r *CannedAnswer) *cannedanswer.Settings { return &r.Settings }),
	},
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
		return changed("cannedanswer", after.ID)
	},
}

const cannedAnswerSchema = `
CREATE TABLE {table:cannedanswers_v1} (
	id text PRIMARY KEY,
	shortcut text NOT NULL,
	account_id text NOT NULL,
	archived bool NOT NULL,
	settings jsonb NOT NULL
);
`

const cannedAnswerViews = `
CREATE OR REPLACE VIEW app.cannedanswers AS SELECT * FROM {table:cannedanswers_v1};
CREATE OR REPLACE VIEW masked.cannedanswers AS SELECT * FROM {table:cannedanswers_v1};
`
