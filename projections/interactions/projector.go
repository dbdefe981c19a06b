package interactions

import (
	"time"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/eventstore"
	"parley/projections"
)

// Name is the read model's name, including its version. Readers that must see their own writes wait for it.
const Name = "interactions_v3"

// Model returns the read model: the interactions, their customers and their tags.
func Model() projections.Model {
	return projections.Model{
		Name:   Name,
		Tables: []projections.AnyTable{table, customers, tags},
		Consumes: []projections.Stream{
			{Aggregate: "interaction", Except: []domain.Event{
				interaction.ReactionReceived{}, interaction.ReactionSent{}, interaction.MessageSendStarted{},
				interaction.MessageNotAccepted{}, interaction.MediaStored{}, interaction.MediaFailed{},
				interaction.NoteAdded{}, interaction.WhisperAdded{}, interaction.NoteRevoked{}, interaction.Monitored{},
			}},
			{Aggregate: "transfer", Events: []domain.Event{transfer.Requested{}}},
		},
		Indexes: indexes,
		Functions: []projections.Function{
			{Name: "match_customers", Create: matchCustomers}, {Name: "hide_customer", Create: hideCustomer},
			{Name: "hide_words", Create: hideWords},
		},
	}
}

var table = projections.Table[string, Row]{
	Name:      "interactions_v3",
	HideNames: projections.OfInteraction("id"),
	Storage:   "WITH (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)",
	Columns: projections.Columns(
		projections.Key("id", func(r *Row) *string { return &r.ID }).Open(),
		projections.Text("account_id", func(r *Row) *string { return &r.AccountID }).Open(),
		projections.Text("address_id", func(r *Row) *string { return &r.AddressID }).Open(),
		projections.Text("channel", func(r *Row) *string { return &r.Channel }).Open(),
		projections.Text("queue_id", func(r *Row) *string { return &r.QueueID }).Open(),
		projections.Int("number", func(r *Row) *int { return &r.Number }).Open(),
		projections.Text("previous_id", func(r *Row) *string { return &r.PreviousID }).Open(),
		projections.Text("origin", func(r *Row) *string { return &r.Origin }).Open(),
		projections.Text("opened_by", func(r *Row) *string { return &r.OpenedBy }).Open(),
		projections.Text("status", func(r *Row) *string { return &r.Status }).Open(),
		projections.Text("contact_id", func(r *Row) *string { return &r.ContactID }).Open(),
		projections.Text("customer_name", func(r *Row) *string { return &r.CustomerName }).Masked(projections.Name),
		projections.Text("customer_phone", func(r *Row) *string { return &r.CustomerPhone }).Masked(projections.Phone),
		projections.Text("customer_username",
			func(r *Row) *string { return &r.CustomerUsername }).Masked(projections.Name),
		projections.Text("owner_id", func(r *Row) *string { return &r.OwnerID }).Open(),
		projections.Text("first_owner_id", func(r *Row) *string { return &r.FirstOwnerID }).Open(),
		projections.Text("last_owner_id", func(r *Row) *string { return &r.LastOwnerID }).Open(),
		projections.OptionalTime("waiting_since", func(r *Row) **time.Time { return &r.WaitingSince }).Open(),
		projections.Time("started_at", func(r *Row) *time.Time { return &r.StartedAt }).Open(),
		projections.OptionalTime("accepted_at", func(r *Row) **time.Time { return &r.AcceptedAt }).Open(),
		projections.OptionalTime("closed_at", func(r *Row) **time.Time { return &r.ClosedAt }).Open(),
		projections.Text("closed_by", func(r *Row) *string { return &r.ClosedBy }).Open(),
		projections.Text("joined_into", func(r *Row) *string { return &r.JoinedInto }).Open(),
		projections.Text("join_reason", func(r *Row) *string { return &r.JoinReason }).Open(),
		projections.Text("join_keeper", func(r *Row) *string { return &r.JoinKeeper }).Open(),
		projections.Texts("joined", func(r *Row) *[]string { return &r.Joined }).Open(),
		projections.JSON("others", func(r *Row) *[]Other { return &r.Others }).Open(),
		projections.Text("last_in", func(r *Row) *string { return &r.LastIn }).Open(),
		projections.Time("last_message_at", func(r *Row) *time.Time { return &r.LastMessageAt }).Open(),
		projections.Text("last_message_id", func(r *Row) *string { return &r.LastMessageID }).Open(),
		projections.Text("last_message_direction", func(r *Row) *string { return &r.LastMessageDirection }).Open(),
		projections.Text("last_message_status", func(r *Row) *string { return &r.LastMessageStatus }).Open(),
		projections.Text("last_customer_message_id", func(r *Row) *string { return &r.LastCustomerMessageID }).Open(),
		projections.OptionalTime("last_inbound_at", func(r *Row) **time.Time { return &r.LastInboundAt }).Open(),
		projections.OptionalTime("window_closed_at", func(r *Row) **time.Time { return &r.WindowClosedAt }).Open(),
		projections.Text("preview", func(r *Row) *string { return &r.Preview.Text }).Masked(projections.FreeText),
		projections.Text("preview_kind", func(r *Row) *interaction.MessageKind { return &r.Preview.Kind }).Open(),
		projections.Text("preview_file",
			func(r *Row) *string { return &r.Preview.FileName }).Masked(projections.FreeText),
		projections.Int("preview_pieces", func(r *Row) *int { return &r.Preview.Pieces }).Open(),
		projections.Text("preview_call", func(r *Row) *interaction.CallOutcome { return &r.Preview.Call }).Open(),
		projections.Bool("preview_erased", func(r *Row) *bool { return &r.Preview.Erased }).Open(),
		projections.Int("inbound", func(r *Row) *int { return &r.Inbound }).Open(),
		projections.Int("unread", func(r *Row) *int { return &r.Unread }).Open(),
		projections.Bool("returned_unread", func(r *Row) *bool { return &r.ReturnedUnread }).Open(),
		projections.Texts("unseen", func(r *Row) *[]string { return &r.Unseen }).Open(),
		projections.Texts("tags", func(r *Row) *[]string { return &r.Tags }).Open(),
		projections.Text("disposition_id", func(r *Row) *string { return &r.DispositionID }).Open(),
		projections.Texts("disposition_path", func(r *Row) *[]string { return &r.DispositionPath }).Open(),
		projections.Text("transfer_id", func(r *Row) *string { return &r.TransferID }).Open(),
		projections.Texts("transfer_to", func(r *Row) *[]string { return &r.TransferTo }).Open(),
		projections.Texts("offers", func(r *Row) *[]string { return &r.Offers }).Open(),
		projections.Texts("offered_to", func(r *Row) *[]string { return &r.OfferedTo }).Open(),
		projections.Texts("agents", func(r *Row) *[]string { return &r.Agents }).Open(),
	),
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

// keys returns the interaction an event concerns, or none if the event does not show in the list.
func keys(e eventstore.Recorded) []string {
	switch ev := e.Event.(type) {
	case transfer.Requested:
		return []string{string(ev.InteractionID)}
	case interaction.ReactionReceived, interaction.ReactionSent, interaction.MessageSendStarted,
		interaction.MessageNotAccepted,
		interaction.MediaStored, interaction.MediaFailed, interaction.NoteAdded, interaction.WhisperAdded,
		interaction.NoteRevoked,
		interaction.Monitored:
		return nil
	case interaction.Event:
		return []string{e.AggregateID}
	}
	return nil
}

func changes(before, after Row, _ eventstore.Recorded) []projections.Change {
	c := projections.Change{
		Kind: projections.InteractionChanged, ID: after.ID, InteractionID: after.ID,
		Queue: after.QueueID, Account: after.AccountID, Agents: after.Agents, AgentsBefore: before.Agents,
	}
	if before.QueueID != after.QueueID {
		c.QueueBefore = before.QueueID
	}
	return []projections.Change{c}
}
