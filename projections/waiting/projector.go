package waiting

import (
	"slices"
	"time"

	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/eventstore"
	"parley/projections"
)

// Name is what the read model is called where it is waited for, its version included.
const Name = "waiting_v1"

// Model is the read model: the table open_interactions, and the view waiting over those nobody has.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Schema: schema, Indexes: indexes, Views: views}
}

var table = projections.Table[string, Row]{
	Name: "open_interactions_v1",
	Key:  1,
	Columns: []projections.Column[Row]{
		projections.Col("interaction_id", "text", func(r *Row) *string { return &r.InteractionID }),
		projections.Col("account_id", "text", func(r *Row) *string { return &r.AccountID }),
		projections.Col("address_id", "text", func(r *Row) *string { return &r.AddressID }),
		projections.Col("queue_id", "text", func(r *Row) *string { return &r.QueueID }),
		projections.Col("owner_id", "text", func(r *Row) *string { return &r.OwnerID }),
		projections.Col("last_owner_id", "text", func(r *Row) *string { return &r.LastOwnerID }),
		projections.Col("opened_at", "timestamptz", func(r *Row) *time.Time { return &r.OpenedAt }),
		projections.Col("since", "timestamptz", func(r *Row) **time.Time { return &r.Since }),
		projections.Col("round", "int4", func(r *Row) *int { return &r.Round }),
		projections.Col("last_offer_at", "timestamptz", func(r *Row) **time.Time { return &r.LastOfferAt }),
		projections.Col("offer_due", "timestamptz", func(r *Row) **time.Time { return &r.OfferDue }),
		projections.Col("attempts", "jsonb", func(r *Row) *[]Attempt { return &r.Attempts }),
		projections.Col("silent_since", "timestamptz", func(r *Row) **time.Time { return &r.SilentSince }),
		projections.Col("transfer_id", "text", func(r *Row) *string { return &r.TransferID }),
		projections.Col("transfer_at", "timestamptz", func(r *Row) **time.Time { return &r.TransferAt }),
		projections.Col("transfer_to", "text[]", func(r *Row) *[]string { return &r.TransferTo }),
		projections.Col("agents", "text[]", func(r *Row) *[]string { return &r.Agents }),
	},
	KeyOf:   func(r Row) string { return r.InteractionID },
	Keys:    keys,
	First:   isOpened,
	New:     func(id string) Row { return Row{InteractionID: id} },
	Evolve:  evolve,
	Gone:    func(r Row) bool { return r.AccountID == "" },
	Changes: changes,
}

const schema = `
CREATE TABLE {table:open_interactions_v1} (
	interaction_id text PRIMARY KEY,
	account_id text NOT NULL,
	address_id text NOT NULL,
	queue_id text NOT NULL,
	owner_id text NOT NULL,
	last_owner_id text NOT NULL,
	opened_at timestamptz NOT NULL,
	since timestamptz,
	round int4 NOT NULL,
	last_offer_at timestamptz,
	offer_due timestamptz,
	attempts jsonb,
	silent_since timestamptz,
	transfer_id text NOT NULL,
	transfer_at timestamptz,
	transfer_to text[],
	agents text[]
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
`

const indexes = `
CREATE INDEX {index:open_interactions_v1}_queue ON {table:open_interactions_v1} (queue_id, owner_id, since);
CREATE INDEX {index:open_interactions_v1}_owner ON {table:open_interactions_v1} (owner_id) WHERE owner_id <> '';
CREATE INDEX {index:open_interactions_v1}_due ON {table:open_interactions_v1} (offer_due) WHERE offer_due IS NOT NULL;
CREATE INDEX {index:open_interactions_v1}_silent ON {table:open_interactions_v1} (queue_id, silent_since) WHERE silent_since IS NOT NULL;
CREATE INDEX {index:open_interactions_v1}_transfer ON {table:open_interactions_v1} (transfer_id) WHERE transfer_id <> '';
CREATE INDEX {index:open_interactions_v1}_agents ON {table:open_interactions_v1} USING gin (agents);
`

const views = `
CREATE OR REPLACE VIEW app.open_interactions AS SELECT * FROM {table:open_interactions_v1};
CREATE OR REPLACE VIEW app.waiting AS SELECT * FROM {table:open_interactions_v1} WHERE owner_id = '';
CREATE OR REPLACE VIEW masked.open_interactions AS SELECT * FROM {table:open_interactions_v1};
CREATE OR REPLACE VIEW masked.waiting AS SELECT * FROM {table:open_interactions_v1} WHERE owner_id = '';
`

func isOpened(e eventstore.Recorded) bool {
	_, opened := e.Event.(interaction.Opened)
	return opened
}

func keys(e eventstore.Recorded) []string {
	switch ev := e.Event.(type) {
	case transfer.Requested:
		return []string{string(ev.InteractionID)}
	case interaction.Opened, interaction.MessageReceived, interaction.MessageQueued, interaction.Offered, interaction.OfferRejected,
		interaction.OfferExpired, interaction.Accepted, interaction.Assigned, interaction.OwnerChanged, interaction.Released,
		interaction.TransferStarted, interaction.TransferEnded, interaction.Closed:
		return []string{e.AggregateID}
	}
	return nil
}

// changes says that the counters of a queue have changed.
func changes(before, after Row, _ eventstore.Recorded) []projections.Change {
	if before.AccountID != "" && before.QueueID == after.QueueID && before.OwnerID == after.OwnerID && after.AccountID != "" {
		return nil
	}
	var all []projections.Change
	for _, queue := range []string{before.QueueID, after.QueueID} {
		if queue != "" && !slices.ContainsFunc(all, func(c projections.Change) bool { return c.ID == queue }) {
			all = append(all, projections.Change{Kind: "queue", ID: queue, Queue: queue})
		}
	}
	return all
}
