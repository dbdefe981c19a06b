package offers

import (
	"slices"
	"time"

	"parley/domain/interaction"
	"parley/eventstore"
	"parley/projections"
)

// Name is what the read model is called where it is waited for, its version included.
const Name = "offers_v1"

// Model is the read model. The view offers has one row for each offer and agent.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Schema: schema, Indexes: indexes, Views: views}
}

var table = projections.Table[string, Row]{
	Name: "offers_v1",
	Key:  1,
	Columns: []projections.Column[Row]{
		projections.Col("interaction_id", "text", func(r *Row) *string { return &r.InteractionID }),
		projections.Col("account_id", "text", func(r *Row) *string { return &r.AccountID }),
		projections.Col("queue_id", "text", func(r *Row) *string { return &r.QueueID }),
		projections.Col("waiting_since", "timestamptz", func(r *Row) **time.Time { return &r.WaitingSince }),
		projections.Col("first_message", "text", func(r *Row) *string { return &r.FirstMessage }),
		projections.Col("made", "jsonb", func(r *Row) *[]Made { return &r.Offers }),
		projections.Col("standing", "text[]", func(r *Row) *[]string { return &r.Standing }),
		projections.Col("offer_ids", "text[]", func(r *Row) *[]string { return &r.OfferIDs }),
		projections.Col("taken_by", "text", func(r *Row) *string { return &r.TakenBy }),
		projections.Col("taken_at", "timestamptz", func(r *Row) **time.Time { return &r.TakenAt }),
	},
	KeyOf:   func(r Row) string { return r.InteractionID },
	Keys:    keys,
	First:   isOpened,
	New:     func(id string) Row { return Row{InteractionID: id} },
	Evolve:  evolve,
	Gone:    func(r Row) bool { return r.AccountID == "" },
	Changes: changes,
}

func isOpened(e eventstore.Recorded) bool {
	_, opened := e.Event.(interaction.Opened)
	return opened
}

func keys(e eventstore.Recorded) []string {
	switch e.Event.(type) {
	case interaction.Opened, interaction.MessageReceived, interaction.Offered, interaction.OfferRejected, interaction.OfferExpired,
		interaction.Accepted, interaction.Assigned, interaction.OwnerChanged, interaction.Released, interaction.Closed:
		return []string{e.AggregateID}
	}
	return nil
}

// changes names the offers whose agents must hear of it: those that stood before or stand now, in whatever state they are.
func changes(before, after Row, _ eventstore.Recorded) []projections.Change {
	var all []projections.Change
	for _, m := range after.Offers {
		var was Made
		if at := slices.IndexFunc(before.Offers, func(b Made) bool { return b.ID == m.ID }); at >= 0 {
			was = before.Offers[at]
		}
		var agents []string
		for i, state := range m.States {
			if i >= len(was.States) || was.States[i] != state {
				agents = append(agents, m.Agents[i])
			}
		}
		if len(agents) > 0 {
			all = append(all, projections.Change{Kind: "offer", ID: m.ID, InteractionID: after.InteractionID, Agents: agents})
		}
	}
	return all
}

const schema = `
CREATE TABLE {table:offers_v1} (
	interaction_id text PRIMARY KEY,
	account_id text NOT NULL,
	queue_id text NOT NULL,
	waiting_since timestamptz,
	first_message text NOT NULL,
	made jsonb,
	standing text[],
	offer_ids text[],
	taken_by text NOT NULL,
	taken_at timestamptz
);
`

const indexes = `
CREATE INDEX {index:offers_v1}_standing ON {table:offers_v1} USING gin (standing) WHERE cardinality(standing) > 0;
CREATE INDEX {index:offers_v1}_ids ON {table:offers_v1} USING gin (offer_ids) WHERE cardinality(offer_ids) > 0;
CREATE INDEX {index:offers_v1}_taken ON {table:offers_v1} (queue_id, taken_at DESC) INCLUDE (taken_by) WHERE taken_at IS NOT NULL;
`

const views = `
CREATE OR REPLACE VIEW app.offer_rows AS SELECT * FROM {table:offers_v1};
CREATE OR REPLACE VIEW masked.offer_rows AS
SELECT o.interaction_id, o.account_id, o.queue_id, o.waiting_since,
	masked.mask_text(o.first_message, p.mask_phone_mode, p.mask_mail_mode) AS first_message,
	o.made, o.standing, o.offer_ids, o.taken_by, o.taken_at
FROM {table:offers_v1} o CROSS JOIN app.masking p;

CREATE OR REPLACE VIEW app.offers AS
SELECT m.made->>'id' AS id, o.interaction_id, a.agent_id, o.account_id, m.made->>'queue' AS queue_id, a.state,
	(m.made->>'at')::timestamptz AS offered_at, (m.made->>'until')::timestamptz AS expires_at, m.made->>'by' AS taken_by
FROM {table:offers_v1} o
CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(o.made) WHEN 'array' THEN o.made ELSE '[]' END) AS m (made)
CROSS JOIN LATERAL ROWS FROM (jsonb_array_elements_text(m.made->'agents'), jsonb_array_elements_text(m.made->'states')) AS a (agent_id, state);
CREATE OR REPLACE VIEW masked.offers AS SELECT * FROM app.offers;
`
