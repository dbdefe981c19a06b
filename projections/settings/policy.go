package settings

import (
	"parley/domain/policy"
	"parley/eventstore"
	"parley/projections"
)

// Policy holds the settings of the whole deployment.
type Policy struct {
	ID       string
	Settings policy.Settings
}

// policies has one row: the policy set last, from any stream.
var policies = projections.Table[string, Policy]{
	Name: "policy_v1",
	Columns: projections.Columns(
		projections.Key("id", func(r *Policy) *string { return &r.ID }).Open(),
		projections.Text("mask_name_mode", func(r *Policy) *policy.Mode { return &r.Settings.MaskName.Mode }).Open(),
		projections.Int("mask_name_keep", func(r *Policy) *int { return &r.Settings.MaskName.Keep }).Open(),
		projections.Text("mask_phone_mode", func(r *Policy) *policy.Mode { return &r.Settings.MaskPhone.Mode }).Open(),
		projections.Int("mask_phone_keep", func(r *Policy) *int { return &r.Settings.MaskPhone.Keep }).Open(),
		projections.Text("mask_email_mode", func(r *Policy) *policy.Mode { return &r.Settings.MaskEmail.Mode }).Open(),
		projections.Int("mask_email_keep", func(r *Policy) *int { return &r.Settings.MaskEmail.Keep }).Open(),
		projections.Int("disconnect_after", func(r *Policy) *int { return &r.Settings.DisconnectAfter }).Open(),
		projections.JSON("settings", func(r *Policy) *policy.Settings { return &r.Settings }).Open(),
	),
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
	Changes: func(_, after Policy, _ eventstore.Recorded) []projections.Change {
		return changed(projections.PolicyChanged, after.ID)
	},
}

// masking always has one row, so joining it never loses any. Without a policy everything is masked.
const masking = `SELECT
	coalesce((SELECT mask_name_mode FROM {table:policy_v1}), 'FULL') AS mask_name_mode,
	coalesce((SELECT mask_name_keep FROM {table:policy_v1}), 0) AS mask_name_keep,
	coalesce((SELECT mask_phone_mode FROM {table:policy_v1}), 'FULL') AS mask_phone_mode,
	coalesce((SELECT mask_phone_keep FROM {table:policy_v1}), 0) AS mask_phone_keep,
	coalesce((SELECT mask_email_mode FROM {table:policy_v1}), 'FULL') AS mask_email_mode,
	coalesce((SELECT mask_email_keep FROM {table:policy_v1}), 0) AS mask_email_keep`
