// Package outbox is the read model of outgoing messages: the sender's work list. A row is deleted once the
// provider has accepted the message or it has failed.
package outbox

import (
	"time"

	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/projections"
)

// The states of an outgoing message.
const (
	Queued  = "QUEUED"  // to be sent, possibly again, from RetryAt on
	Started = "STARTED" // a call to the provider has started
	Unknown = "UNKNOWN" // it is unknown whether the provider accepted it; blocks later messages for a while
)

// Row is one message.
type Row struct {
	MessageID     string
	InteractionID string
	AddressID     string
	Kind          string
	Position      int64 // position in the log, and so the order of sending
	State         string
	Attempt       int // last attempt started; 0 means none
	QueuedAt      time.Time
	StartedAt     *time.Time
	RetryAt       *time.Time
	UnknownAt     *time.Time
	AccountID     string // set by the reader
}

// Name is the read model's name, including its version. Readers that must see their own writes wait for it.
const Name = "outbox_v1"

// Model returns the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Indexes: indexes,
		Consumes: []projections.Stream{{Aggregate: "interaction", Events: []domain.Event{
			interaction.MessageQueued{}, interaction.MessageSendStarted{}, interaction.MessageNotAccepted{},
			interaction.MessageAccepted{}, interaction.MessageSent{}, interaction.MessageDelivered{},
			interaction.MessageRead{}, interaction.MessageFailed{}, interaction.MessageOutcomeUnknown{}, interaction.MessageSettled{},
		}}}}
}

var table = projections.Table[string, Row]{
	Name:    "outbox_v1",
	Storage: "WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500)",
	Columns: projections.Columns(
		projections.Key("message_id", func(r *Row) *string { return &r.MessageID }).Open(),
		projections.Text("interaction_id", func(r *Row) *string { return &r.InteractionID }).Open(),
		projections.Text("address_id", func(r *Row) *string { return &r.AddressID }).Open(),
		projections.Text("kind", func(r *Row) *string { return &r.Kind }).Open(),
		projections.BigInt("position", func(r *Row) *int64 { return &r.Position }).Open(),
		projections.Text("state", func(r *Row) *string { return &r.State }).Open(),
		projections.Int("attempt", func(r *Row) *int { return &r.Attempt }).Open(),
		projections.Time("queued_at", func(r *Row) *time.Time { return &r.QueuedAt }).Open(),
		projections.OptionalTime("started_at", func(r *Row) **time.Time { return &r.StartedAt }).Open(),
		projections.OptionalTime("retry_at", func(r *Row) **time.Time { return &r.RetryAt }).Open(),
		projections.OptionalTime("unknown_at", func(r *Row) **time.Time { return &r.UnknownAt }).Open(),
	),
	KeyOf: func(r Row) string { return r.MessageID },
	Keys:  keys,
	First: func(e eventstore.Recorded) bool {
		_, queued := e.Event.(interaction.MessageQueued)
		return queued
	},
	New:    func(id string) Row { return Row{MessageID: id} },
	Evolve: evolve,
	Gone:   func(r Row) bool { return r.State == "" },
	Changes: func(before, after Row, _ eventstore.Recorded) []projections.Change {
		if after.State == "" {
			after = before
		}
		return []projections.Change{{Kind: projections.OutboxChanged, ID: after.MessageID,
			InteractionID: after.InteractionID}}
	},
}

func keys(e eventstore.Recorded) []string {
	of := func(id domain.MessageID) []string { return []string{string(id)} }
	switch ev := e.Event.(type) {
	case interaction.MessageQueued:
		return of(ev.MessageID)
	case interaction.MessageSendStarted:
		return of(ev.MessageID)
	case interaction.MessageNotAccepted:
		return of(ev.MessageID)
	case interaction.MessageAccepted:
		return of(ev.MessageID)
	case interaction.MessageSent:
		return of(ev.MessageID)
	case interaction.MessageDelivered:
		return of(ev.MessageID)
	case interaction.MessageRead:
		return of(ev.MessageID)
	case interaction.MessageFailed:
		return of(ev.MessageID)
	case interaction.MessageOutcomeUnknown:
		return of(ev.MessageID)
	case interaction.MessageSettled:
		return of(ev.MessageID)
	}
	return nil
}

// evolve folds one event into a row. It is a pure function.
func evolve(r Row, e eventstore.Recorded) Row {
	if ev, ok := e.Event.(interaction.MessageQueued); ok {
		r.InteractionID, r.AddressID, r.Kind = e.AggregateID, string(ev.AddressID), string(ev.Kind)
		r.Position, r.State, r.QueuedAt = int64(e.Position.Commit), Queued, ev.At
		return r
	}
	if r.State == "" {
		return r
	}
	switch ev := e.Event.(type) {
	case interaction.MessageSendStarted:
		at := ev.At
		r.State, r.Attempt, r.StartedAt, r.RetryAt = Started, ev.Attempt, &at, nil
	case interaction.MessageNotAccepted:
		at := ev.RetryAt
		r.State, r.StartedAt, r.RetryAt = Queued, nil, &at
	case interaction.MessageOutcomeUnknown:
		at := ev.At
		r.State, r.UnknownAt = Unknown, &at
	default:
		return Row{MessageID: r.MessageID}
	}
	return r
}

const indexes = `
CREATE INDEX {index:outbox_v1}_queued ON {table:outbox_v1} (position) WHERE state = 'QUEUED';
CREATE INDEX {index:outbox_v1}_started ON {table:outbox_v1} (started_at) WHERE state = 'STARTED';
CREATE INDEX {index:outbox_v1}_customer ON {table:outbox_v1} (address_id, position);
`
