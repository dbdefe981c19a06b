package offers

import (
	"slices"
	"time"

	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/projections"
)

// Name identifies the read model, with its version, for code that waits until it has caught up.
const Name = "offers_v2"

// Model returns the read model. Its rows are in row.go and its fold in evolve.go. The view offers has one row
// per offer and agent.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Indexes: indexes,
		Consumes: []projections.Stream{{Aggregate: "interaction", Events: []domain.Event{
			interaction.Opened{}, interaction.MessageReceived{}, interaction.ContentArrived{}, interaction.Offered{},
			interaction.OfferRejected{}, interaction.OfferExpired{}, interaction.Accepted{}, interaction.Assigned{},
			interaction.OwnerChanged{}, interaction.Released{}, interaction.Closed{}, interaction.Restored{},
		}}},
		Views: []projections.View{
			{Name: "offers", Select: perAgent},
		}}
}

var table = projections.Table[string, Row]{
	Name:      "offer_rows_v2",
	HideNames: projections.OfInteraction("interaction_id"),
	Columns: projections.Columns(
		projections.Key("interaction_id", func(r *Row) *string { return &r.InteractionID }).Open(),
		projections.Text("account_id", func(r *Row) *string { return &r.AccountID }).Open(),
		projections.Text("queue_id", func(r *Row) *string { return &r.QueueID }).Open(),
		projections.OptionalTime("waiting_since", func(r *Row) **time.Time { return &r.WaitingSince }).Open(),
		projections.Text("first_message",
			func(r *Row) *string { return &r.FirstMessage.Text }).Masked(projections.FreeText),
		projections.Text("first_kind", func(r *Row) *interaction.MessageKind { return &r.FirstMessage.Kind }).Open(),
		projections.Text("first_file",
			func(r *Row) *string { return &r.FirstMessage.FileName }).Masked(projections.FreeText),
		projections.Int("first_pieces", func(r *Row) *int { return &r.FirstMessage.Pieces }).Open(),
		projections.Text("first_call", func(r *Row) *interaction.CallOutcome { return &r.FirstMessage.Call }).Open(),
		projections.Bool("first_erased", func(r *Row) *bool { return &r.FirstMessage.Erased }).Open(),
		projections.JSON("offers", func(r *Row) *[]Offer { return &r.Offers }).Open(),
		projections.Texts("pending_agents", func(r *Row) *[]string { return &r.PendingAgents }).Open(),
		projections.Texts("offer_ids", func(r *Row) *[]string { return &r.OfferIDs }).Open(),
		projections.Text("taken_by", func(r *Row) *string { return &r.TakenBy }).Open(),
		projections.OptionalTime("taken_at", func(r *Row) **time.Time { return &r.TakenAt }).Open(),
	),
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
	case interaction.Opened, interaction.MessageReceived, interaction.ContentArrived, interaction.Offered, interaction.OfferRejected,
		interaction.OfferExpired, interaction.Accepted,
		interaction.Assigned, interaction.OwnerChanged, interaction.Released, interaction.Closed,
		interaction.Restored:
		return []string{e.AggregateID}
	}
	return nil
}

// changes lists, for each offer, the agents for whom it is new or different.
func changes(before, after Row, _ eventstore.Recorded) []projections.Change {
	var all []projections.Change
	for _, m := range after.Offers {
		var was Offer
		if at := slices.IndexFunc(before.Offers, func(b Offer) bool { return b.ID == m.ID }); at >= 0 {
			was = before.Offers[at]
		}
		var agents []string
		for i, state := range m.States {
			if i >= len(was.States) || was.States[i] != state || state == Pending && after.FirstMessage != before.FirstMessage {
				agents = append(agents, m.Agents[i])
			}
		}
		if len(agents) > 0 {
			all = append(all, projections.Change{Kind: projections.OfferChanged, ID: m.ID,
				InteractionID: after.InteractionID, Agents: agents})
		}
	}
	return all
}

const indexes = `
CREATE INDEX {index:offer_rows_v2}_pending ON {table:offer_rows_v2} USING gin (pending_agents) WHERE cardinality(pending_agents) > 0;
CREATE INDEX {index:offer_rows_v2}_ids ON {table:offer_rows_v2} USING gin (offer_ids) WHERE cardinality(offer_ids) > 0;
CREATE INDEX {index:offer_rows_v2}_taken ON {table:offer_rows_v2} (queue_id, taken_at DESC) INCLUDE (taken_by)
	WHERE taken_at IS NOT NULL;
`

// perAgent selects one row per offer and agent.
const perAgent = `
SELECT j.offer->>'id' AS id, o.interaction_id, a.agent_id, o.account_id, j.offer->>'queue' AS queue_id, a.state,
	(j.offer->>'at')::timestamptz AS offered_at, (j.offer->>'until')::timestamptz AS expires_at,
	j.offer->>'by' AS taken_by
FROM {view:offer_rows} o
CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(o.offers) WHEN 'array' THEN o.offers ELSE '[]' END) AS j (offer)
CROSS JOIN LATERAL ROWS FROM (
	jsonb_array_elements_text(j.offer->'agents'), jsonb_array_elements_text(j.offer->'states')
) AS a (agent_id, state)`
