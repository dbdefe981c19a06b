// Package outbox is the read model of messages on their way out: where the sender has to look. A row goes when the provider
// has taken the message or it failed.
package outbox

import (
	"time"

	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/projections"
)

// The states of a message on its way.
const (
	Queued  = "QUEUED"  // to be sent, for the first time or again from RetryAt on
	Started = "STARTED" // somebody called the provider
	Unknown = "UNKNOWN" // nobody knows whether it was taken; holds up those behind it for a while
)

// Row is one message.
type Row struct {
	MessageID     string
	InteractionID string
	AddressID     string
	Kind          string
	Position      int64 // in the log: the order of sending
	State         string
	Attempt       int // the last one started; 0: none
	QueuedAt      time.Time
	StartedAt     *time.Time
	RetryAt       *time.Time
	UnknownAt     *time.Time
	AccountID     string // filled by the reader
}

// Name is what the read model is called where it is waited for, its version included.
const Name = "outbox_v1"

// Model is the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Schema: schema, Indexes: indexes, Views: views}
}

var table = projections.Table[string, Row]{
	Name: "outbox_v1",
	Key:  1,
	Columns: []projections.Column[Row]{
		projections.Col("message_id", "text", func(r *Row) *string { return &r.MessageID }),
		projections.Col("interaction_id", "text", func(r *Row) *string { return &r.InteractionID }),
		projections.Col("address_id", "text", func(r *Row) *string { return &r.AddressID }),
		projections.Col("kind", "text", func(r *Row) *string { return &r.Kind }),
		projections.Col("position", "int8", func(r *Row) *int64 { return &r.Position }),
		projections.Col("state", "text", func(r *Row) *string { return &r.State }),
		projections.Col("attempt", "int4", func(r *Row) *int { return &r.Attempt }),
		projections.Col("queued_at", "timestamptz", func(r *Row) *time.Time { return &r.QueuedAt }),
		projections.Col("started_at", "timestamptz", func(r *Row) **time.Time { return &r.StartedAt }),
		projections.Col("retry_at", "timestamptz", func(r *Row) **time.Time { return &r.RetryAt }),
		projections.Col("unknown_at", "timestamptz", func(r *Row) **time.Time { return &r.UnknownAt }),
	},
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
		return []projections.Change{{Kind: "outbox", ID: after.MessageID, InteractionID: after.InteractionID}}
	},
}

func keys(e eventstore.Recorded) []string {
	of := func(id domain.MessageID) []string { return []string{string(id)} }
	switch ev := e.Event.(type) {
	case interaction.MessageQueued:
		return of(ev.MessageID)
	case interaction.MessageSendStarted:
		return of(ev.MessageID)
	case interaction.MessageNotTaken:
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
	}
	return nil
}

// evolve folds one event into one row. Pure.
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
	case interaction.MessageNotTaken:
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

const schema = `
CREATE TABLE {table:outbox_v1} (
	message_id text PRIMARY KEY,
	interaction_id text NOT NULL,
	address_id text NOT NULL,
	kind text NOT NULL,
	position int8 NOT NULL,
	state text NOT NULL,
	attempt int4 NOT NULL,
	queued_at timestamptz NOT NULL,
	started_at timestamptz,
	retry_at timestamptz,
	unknown_at timestamptz
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
`

const indexes = `
CREATE INDEX {index:outbox_v1}_queued ON {table:outbox_v1} (position) WHERE state = 'QUEUED';
CREATE INDEX {index:outbox_v1}_started ON {table:outbox_v1} (started_at) WHERE state = 'STARTED';
CREATE INDEX {index:outbox_v1}_customer ON {table:outbox_v1} (address_id, position);
`

const views = `
CREATE OR REPLACE VIEW app.outbox AS SELECT * FROM {table:outbox_v1};
CREATE OR REPLACE VIEW masked.outbox AS SELECT * FROM {table:outbox_v1};
`
