package interactions

import (
	"time"

	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/eventstore"
	"parley/projections"
)

// Name is what the read model is called where it is waited for, its version included.
const Name = "interactions_v1"

// Model is the read model: the interactions, whose customers they are, and their tags.
func Model() projections.Model {
	return projections.Model{
		Name:    Name,
		Tables:  []projections.AnyTable{table, customers, tags},
		Schema:  schema,
		Indexes: indexes,
		Views:   views,
	}
}

var table = projections.Table[string, Row]{
	Name: "interactions_v1",
	Key:  1,
	Columns: []projections.Column[Row]{
		projections.Col("id", "text", func(r *Row) *string { return &r.ID }),
		projections.Col("account_id", "text", func(r *Row) *string { return &r.AccountID }),
		projections.Col("address_id", "text", func(r *Row) *string { return &r.AddressID }),
		projections.Col("channel", "text", func(r *Row) *string { return &r.Channel }),
		projections.Col("queue_id", "text", func(r *Row) *string { return &r.QueueID }),
		projections.Col("number", "int4", func(r *Row) *int { return &r.Number }),
		projections.Col("previous_id", "text", func(r *Row) *string { return &r.PreviousID }),
		projections.Col("origin", "text", func(r *Row) *string { return &r.Origin }),
		projections.Col("opened_by", "text", func(r *Row) *string { return &r.OpenedBy }),
		projections.Col("status", "text", func(r *Row) *string { return &r.Status }),
		projections.Col("contact_id", "text", func(r *Row) *string { return &r.ContactID }),
		projections.Col("customer_name", "text", func(r *Row) *string { return &r.CustomerName }),
		projections.Col("customer_phone", "text", func(r *Row) *string { return &r.CustomerPhone }),
		projections.Col("customer_username", "text", func(r *Row) *string { return &r.CustomerUsername }),
		projections.Col("owner_id", "text", func(r *Row) *string { return &r.OwnerID }),
		projections.Col("first_owner_id", "text", func(r *Row) *string { return &r.FirstOwnerID }),
		projections.Col("last_owner_id", "text", func(r *Row) *string { return &r.LastOwnerID }),
		projections.Col("waiting_since", "timestamptz", func(r *Row) **time.Time { return &r.WaitingSince }),
		projections.Col("started_at", "timestamptz", func(r *Row) *time.Time { return &r.StartedAt }),
		projections.Col("accepted_at", "timestamptz", func(r *Row) **time.Time { return &r.AcceptedAt }),
		projections.Col("closed_at", "timestamptz", func(r *Row) **time.Time { return &r.ClosedAt }),
		projections.Col("closed_by", "text", func(r *Row) *string { return &r.ClosedBy }),
		projections.Col("last_message_at", "timestamptz", func(r *Row) *time.Time { return &r.LastMessageAt }),
		projections.Col("last_message_id", "text", func(r *Row) *string { return &r.LastMessageID }),
		projections.Col("last_message_direction", "text", func(r *Row) *string { return &r.LastMessageDirection }),
		projections.Col("last_message_status", "text", func(r *Row) *string { return &r.LastMessageStatus }),
		projections.Col("last_customer_message_id", "text", func(r *Row) *string { return &r.LastCustomerMessageID }),
		projections.Col("last_inbound_at", "timestamptz", func(r *Row) **time.Time { return &r.LastInboundAt }),
		projections.Col("preview", "text", func(r *Row) *string { return &r.Preview }),
		projections.Col("inbound", "int4", func(r *Row) *int { return &r.Inbound }),
		projections.Col("unread", "int4", func(r *Row) *int { return &r.Unread }),
		projections.Col("returned_unread", "bool", func(r *Row) *bool { return &r.ReturnedUnread }),
		projections.Col("unseen", "text[]", func(r *Row) *[]string { return &r.Unseen }),
		projections.Col("tags", "text[]", func(r *Row) *[]string { return &r.Tags }),
		projections.Col("disposition_id", "text", func(r *Row) *string { return &r.DispositionID }),
		projections.Col("disposition_path", "text[]", func(r *Row) *[]string { return &r.DispositionPath }),
		projections.Col("transfer_id", "text", func(r *Row) *string { return &r.TransferID }),
		projections.Col("transfer_to", "text[]", func(r *Row) *[]string { return &r.TransferTo }),
		projections.Col("offers", "text[]", func(r *Row) *[]string { return &r.Offers }),
		projections.Col("offered_to", "text[]", func(r *Row) *[]string { return &r.OfferedTo }),
		projections.Col("agents", "text[]", func(r *Row) *[]string { return &r.Agents }),
	},
	KeyOf:   func(r Row) string { return r.ID },
	Keys:    keys,
	First:   isOpened,
	New:     func(id string) Row { return Row{ID: id} },
	Evolve:  evolve,
	Gone:    func(r Row) bool { return r.Status == "" },
	Changes: changes,
}

func isOpened(e eventstore.Recorded) bool {
	_, opened := e.Event.(interaction.Opened)
	return opened
}

// keys is the interaction an event is about; none for those that do not show in the list.
func keys(e eventstore.Recorded) []string {
	switch ev := e.Event.(type) {
	case transfer.Requested:
		return []string{string(ev.InteractionID)}
	case interaction.ReactionReceived, interaction.ReactionSent, interaction.MessageSendStarted, interaction.MessageNotTaken,
		interaction.MediaStored, interaction.MediaFailed, interaction.NoteAdded, interaction.WhisperAdded, interaction.NoteRevoked,
		interaction.Spied:
		return nil
	case interaction.Event:
		return []string{e.AggregateID}
	}
	return nil
}

func changes(before, after Row, _ eventstore.Recorded) []projections.Change {
	c := projections.Change{
		Kind: "interaction", ID: after.ID, InteractionID: after.ID,
		Queue: after.QueueID, Account: after.AccountID, Agents: after.Agents, AgentsBefore: before.Agents,
	}
	if before.QueueID != after.QueueID {
		c.QueueBefore = before.QueueID
	}
	return []projections.Change{c}
}
