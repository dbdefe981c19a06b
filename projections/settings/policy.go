package settings

import (
	"parley/domain/policy"
	"parley/eventstore"
	"parley/projections"
)

// Policy is what is set once for the whole deployment.
type Policy struct {
	ID       string
	Settings policy.Settings
}

// policies holds one row: the last one that was set, of whichever stream.
var policies = projections.Table[string, Policy]{
	Name: "policy_v1",
	Key:  1,
	Columns: []projections.Column[Policy]{
		projections.Col("id", "text", func(r *Policy) *string { return &r.ID }),
		projections.Col("mask_name_mode", "text", func(r *Policy) *policy.Mode { return &r.Settings.MaskName.Mode }),
		projections.Col("mask_name_keep", "int4", func(r *Policy) *int { return &r.Settings.MaskName.Keep }),
		projections.Col("mask_phone_mode", "text", func(r *Policy) *policy.Mode { return &r.Settings.MaskPhone.Mode }),
		projections.Col("mask_phone_keep", "int4", func(r *Policy) *int { return &r.Settings.MaskPhone.Keep }),
		projections.Col("mask_mail_mode", "text", func(r *Policy) *policy.Mode { return &r.Settings.MaskMail.Mode }),
		projections.Col("mask_mail_keep", "int4", func(r *Policy) *int { return &r.Settings.MaskMail.Keep }),
		projections.Col("disconnect_after", "int4", func(r *Policy) *int { return &r.Settings.DisconnectAfter }),
		projections.Col("settings", "jsonb", func(r *Policy) *policy.Settings { return &r.Settings }),
	},
	KeyOf: func(r Policy) string { return r.ID },
	Keys: func(e eventstore.Recorded) []string {
		if e.Aggregate != "policy" {
			return nil
		}
		return []string{"policy"}
	},
	New: func(id string) Policy { return Policy{ID: id} },
	Evolve: func(r Policy, e eventstore.Recorded) Policy {
		switch ev := e.Event.(type) {
		case policy.Created:
			r.Settings = ev.Settings
		case policy.Changed:
			r.Settings = ev.Settings
		}
		return r
	},
	Changes: func(_, after Policy, _ eventstore.Recorded) []projections.Change { return changed("policy", after.ID) },
}

const policySchema = `
CREATE TABLE {table:policy_v1} (
	id text PRIMARY KEY,
	mask_name_mode text NOT NULL,
	mask_name_keep int4 NOT NULL,
	mask_phone_mode text NOT NULL,
	mask_phone_keep int4 NOT NULL,
	mask_mail_mode text NOT NULL,
	mask_mail_keep int4 NOT NULL,
	disconnect_after int4 NOT NULL,
	settings jsonb NOT NULL
);
`

// app.masking always has one row, so a view joined with it never loses any; without a policy everything is masked.
const policyViews = `
CREATE OR REPLACE VIEW app.policy AS SELECT * FROM {table:policy_v1};
CREATE OR REPLACE VIEW masked.policy AS SELECT * FROM {table:policy_v1};
CREATE OR REPLACE VIEW app.masking AS SELECT
	coalesce((SELECT mask_name_mode FROM {table:policy_v1}), 'FULL') AS mask_name_mode,
	coalesce((SELECT mask_name_keep FROM {table:policy_v1}), 0) AS mask_name_keep,
	coalesce((SELECT mask_phone_mode FROM {table:policy_v1}), 'FULL') AS mask_phone_mode,
	coalesce((SELECT mask_phone_keep FROM {table:policy_v1}), 0) AS mask_phone_keep,
	coalesce((SELECT mask_mail_mode FROM {table:policy_v1}), 'FULL') AS mask_mail_mode,
	coalesce((SELECT mask_mail_keep FROM {table:policy_v1}), 0) AS mask_mail_keep;
`
