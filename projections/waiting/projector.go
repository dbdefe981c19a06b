package waiting

import (
	"slices"
	"time"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/eventstore"
	"parley/projections"
)

// Name is the read model's name, including its version. Readers that must see their own writes wait for it.
const Name = "waiting_v1"

// Model returns the read model: the table open_interactions, and the view waiting for those without an
// owner.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Indexes: indexes,
		Consumes: []projections.Stream{
			{Aggregate: "interaction", Events: []domain.Event{
				interaction.Opened{}, interaction.MessageReceived{}, interaction.MessageObserved{}, interaction.MessageQueued{},
				interaction.Offered{},
				interaction.OfferRejected{}, interaction.OfferExpired{}, interaction.Accepted{}, interaction.Assigned{},
				interaction.OwnerChanged{}, interaction.Released{}, interaction.TransferStarted{},
				interaction.TransferEnded{}, interaction.Closed{}, interaction.Joined{}, interaction.Restored{},
			}},
			{Aggregate: "transfer", Events: []domain.Event{transfer.Requested{}}},
		},
		Views: []projections.View{
			{Name: "waiting", Select: "SELECT * FROM {view:open_interactions} WHERE owner_id = ''"},
		}}
}

var table = projections.Table[string, Row]{
	Name:    "open_interactions_v1",
	Storage: "WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500)",
	Columns: projections.Columns(
		projections.Key("interaction_id", func(r *Row) *string { return &r.InteractionID }).Open(),
		projections.Text("account_id", func(r *Row) *string { return &r.AccountID }).Open(),
		projections.Text("address_id", func(r *Row) *string { return &r.AddressID }).Open(),
		projections.Text("queue_id", func(r *Row) *string { return &r.QueueID }).Open(),
		projections.Text("owner_id", func(r *Row) *string { return &r.OwnerID }).Open(),
		projections.Text("last_owner_id", func(r *Row) *string { return &r.LastOwnerID }).Open(),
		projections.Time("opened_at", func(r *Row) *time.Time { return &r.OpenedAt }).Open(),
		projections.OptionalTime("since", func(r *Row) **time.Time { return &r.Since }).Open(),
		projections.Int("round", func(r *Row) *int { return &r.Round }).Open(),
		projections.OptionalTime("last_offer_at", func(r *Row) **time.Time { return &r.LastOfferAt }).Open(),
		projections.OptionalTime("offer_due", func(r *Row) **time.Time { return &r.OfferDue }).Open(),
		projections.JSON("attempts", func(r *Row) *[]Attempt { return &r.Attempts }).Open(),
		projections.OptionalTime("silent_since", func(r *Row) **time.Time { return &r.SilentSince }).Open(),
		projections.Text("transfer_id", func(r *Row) *string { return &r.TransferID }).Open(),
		projections.OptionalTime("transfer_at", func(r *Row) **time.Time { return &r.TransferAt }).Open(),
		projections.Texts("transfer_to", func(r *Row) *[]string { return &r.TransferTo }).Open(),
		projections.Texts("agents", func(r *Row) *[]string { return &r.Agents }).Open(),
	),
	KeyOf:   func(r Row) string { return r.InteractionID },
	Keys:    keys,
	First:   isOpened,
	New:     func(id string) Row { return Row{InteractionID: id} },
	Evolve:  evolve,
	Gone:    func(r Row) bool { return r.AccountID == "" },
	Changes: changes,
}

const indexes = `
CREATE INDEX {index:open_interactions_v1}_queue ON {table:open_interactions_v1} (queue_id, owner_id, since);
CREATE INDEX {index:open_interactions_v1}_owner ON {table:open_interactions_v1} (owner_id) WHERE owner_id <> '';
CREATE INDEX {index:open_interactions_v1}_due ON {table:open_interactions_v1} (offer_due) WHERE offer_due IS NOT NULL;
CREATE INDEX {index:open_interactions_v1}_silent ON {table:open_interactions_v1} (queue_id, silent_since) WHERE silent_since IS NOT NULL;
CREATE INDEX {index:open_interactions_v1}_transfer ON {table:open_interactions_v1} (transfer_id) WHERE transfer_id <> '';
CREATE INDEX {index:open_interactions_v1}_agents ON {table:open_interactions_v1} USING gin (agents);
`

func isOpened(e eventstore.Recorded) bool {
	_, opened := e.Event.(interaction.Opened)
	return opened
}

func keys(e eventstore.Recorded) []string {
	switch ev := e.Event.(type) {
	case transfer.Requested:
		return []string{string(ev.InteractionID)}
	case interaction.Opened, interaction.MessageReceived, interaction.MessageObserved, interaction.MessageQueued,
		interaction.Offered,
		interaction.OfferRejected,
		interaction.OfferExpired, interaction.Accepted, interaction.Assigned, interaction.OwnerChanged,
		interaction.Released,
		interaction.TransferStarted, interaction.TransferEnded, interaction.Closed,
		interaction.Joined, interaction.Restored:
		return []string{e.AggregateID}
	}
	return nil
}

// changes announces that a queue's counters have changed.
func changes(before, after Row, _ eventstore.Recorded) []projections.Change {
	if before.AccountID != "" && before.QueueID == after.QueueID && before.OwnerID == after.OwnerID &&
		after.AccountID != "" {
		return nil
	}
	var all []projections.Change
	for _, queue := range []string{before.QueueID, after.QueueID} {
		if queue != "" && !slices.ContainsFunc(all, func(c projections.Change) bool { return c.ID == queue }) {
			all = append(all, projections.Change{Kind: projections.QueueChanged, ID: queue, Queue: queue})
		}
	}
	return all
}
