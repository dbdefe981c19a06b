// Package transfers is the read model of attempts to hand an interaction over.
package transfers

import (
	"slices"
	"time"

	"parley/domain/transfer"
	"parley/eventstore"
	"parley/projections"
)

// The states of a transfer.
const (
	Pending   = "PENDING"
	Accepted  = "ACCEPTED" // reserved; the interaction decides
	Completed = "COMPLETED"
	Expired   = "EXPIRED"
	Cancelled = "CANCELLED"
	Refused   = "REFUSED"
	Voided    = "VOIDED"
)

// Row is one transfer.
type Row struct {
	ID            string
	InteractionID string
	State         string
	From          string
	ToAgent       string
	ToQueue       string
	OfferedTo     []string
	RejectedBy    []string
	Note          string
	RequestedAt   time.Time
	ExpiresAt     time.Time
	AcceptedBy    string
	AcceptedAt    *time.Time
	EndedAt       *time.Time
	Reason        string // why it was refused or voided
	// Left is who has left the queue since it was offered to him. Read beside the row: the queue knows.
	Left []string
}

// Mine says whether an agent may still answer.
func (r Row) Mine(agent string) bool {
	return r.State == Pending && slices.Contains(r.OfferedTo, agent) && !slices.Contains(r.RejectedBy, agent) && !slices.Contains(r.Left, agent)
}

// Name is what the read model is called where it is waited for, its version included.
const Name = "transfers_v1"

// Model is the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Schema: schema, Indexes: indexes, Views: views}
}

var table = projections.Table[string, Row]{
	Name: "transfers_v1",
	Key:  1,
	Columns: []projections.Column[Row]{
		projections.Col("id", "text", func(r *Row) *string { return &r.ID }),
		projections.Col("interaction_id", "text", func(r *Row) *string { return &r.InteractionID }),
		projections.Col("state", "text", func(r *Row) *string { return &r.State }),
		projections.Col("from_agent", "text", func(r *Row) *string { return &r.From }),
		projections.Col("to_agent", "text", func(r *Row) *string { return &r.ToAgent }),
		projections.Col("to_queue", "text", func(r *Row) *string { return &r.ToQueue }),
		projections.Col("offered_to", "text[]", func(r *Row) *[]string { return &r.OfferedTo }),
		projections.Col("rejected_by", "text[]", func(r *Row) *[]string { return &r.RejectedBy }),
		projections.Col("note", "text", func(r *Row) *string { return &r.Note }),
		projections.Col("requested_at", "timestamptz", func(r *Row) *time.Time { return &r.RequestedAt }),
		projections.Col("expires_at", "timestamptz", func(r *Row) *time.Time { return &r.ExpiresAt }),
		projections.Col("accepted_by", "text", func(r *Row) *string { return &r.AcceptedBy }),
		projections.Col("accepted_at", "timestamptz", func(r *Row) **time.Time { return &r.AcceptedAt }),
		projections.Col("ended_at", "timestamptz", func(r *Row) **time.Time { return &r.EndedAt }),
		projections.Col("reason", "text", func(r *Row) *string { return &r.Reason }),
	},
	KeyOf: func(r Row) string { return r.ID },
	Keys: func(e eventstore.Recorded) []string {
		if _, ok := e.Event.(transfer.Event); !ok {
			return nil
		}
		return []string{e.AggregateID}
	},
	First: func(e eventstore.Recorded) bool {
		_, requested := e.Event.(transfer.Requested)
		return requested
	},
	New:    func(id string) Row { return Row{ID: id} },
	Evolve: evolve,
	Gone:   func(r Row) bool { return r.State == "" },
	Changes: func(_, after Row, _ eventstore.Recorded) []projections.Change {
		agents := append([]string{after.From}, after.OfferedTo...)
		return []projections.Change{{Kind: "transfer", ID: after.ID, InteractionID: after.InteractionID, Agents: agents}}
	},
}

// evolve folds one event into one row. Pure.
func evolve(r Row, e eventstore.Recorded) Row {
	if ev, ok := e.Event.(transfer.Requested); ok {
		return Row{
			ID: r.ID, InteractionID: string(ev.InteractionID), State: Pending, From: string(ev.By), ToAgent: string(ev.ToAgent), ToQueue: string(ev.ToQueue),
			OfferedTo: strs(ev.OfferedTo), Note: ev.Note, RequestedAt: ev.At, ExpiresAt: ev.ExpiresAt,
		}
	}
	if r.State == "" {
		return r
	}
	switch ev := e.Event.(type) {
	case transfer.Rejected:
		if !slices.Contains(r.RejectedBy, string(ev.By)) {
			r.RejectedBy = append(slices.Clone(r.RejectedBy), string(ev.By))
		}
	case transfer.Accepted:
		at := ev.At
		r.State, r.AcceptedBy, r.AcceptedAt = Accepted, string(ev.By), &at
	case transfer.Completed:
		return r.ended(Completed, "", ev.At)
	case transfer.Expired:
		return r.ended(Expired, "", ev.At)
	case transfer.Cancelled:
		return r.ended(Cancelled, "", ev.At)
	case transfer.Refused:
		return r.ended(Refused, ev.Reason, ev.At)
	case transfer.Voided:
		return r.ended(Voided, ev.Reason, ev.At)
	}
	return r
}

func (r Row) ended(state, reason string, at time.Time) Row {
	r.State, r.Reason, r.EndedAt = state, reason, &at
	return r
}

func strs[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

const schema = `
CREATE TABLE {table:transfers_v1} (
	id text PRIMARY KEY,
	interaction_id text NOT NULL,
	state text NOT NULL,
	from_agent text NOT NULL,
	to_agent text NOT NULL,
	to_queue text NOT NULL,
	offered_to text[],
	rejected_by text[],
	note text NOT NULL,
	requested_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	accepted_by text NOT NULL,
	accepted_at timestamptz,
	ended_at timestamptz,
	reason text NOT NULL
);
`

const indexes = `
CREATE INDEX {index:transfers_v1}_pending ON {table:transfers_v1} (expires_at) WHERE state = 'PENDING';
CREATE INDEX {index:transfers_v1}_accepted ON {table:transfers_v1} (accepted_at) WHERE state = 'ACCEPTED';
CREATE INDEX {index:transfers_v1}_interaction ON {table:transfers_v1} (interaction_id, requested_at);
`

const views = `
CREATE OR REPLACE VIEW app.transfers AS SELECT * FROM {table:transfers_v1};
CREATE OR REPLACE VIEW masked.transfers AS
SELECT t.id, t.interaction_id, t.state, t.from_agent, t.to_agent, t.to_queue, t.offered_to, t.rejected_by,
	masked.mask_text(t.note, p.mask_phone_mode, p.mask_mail_mode) AS note,
	t.requested_at, t.expires_at, t.accepted_by, t.accepted_at, t.ended_at, t.reason
FROM {table:transfers_v1} t CROSS JOIN app.masking p;
`
