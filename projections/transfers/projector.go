// Package transfers is the read model of transfers of interactions to an agent or a queue.
package transfers

import (
	"slices"
	"time"

	"parley/domain/transfer"
	"parley/eventstore"
	"parley/projections"
)

// The statuses of a transfer.
const (
	Pending   = string(transfer.StatusPending)
	Accepted  = string(transfer.StatusAccepted) // reserved; the interaction has the final say
	Completed = string(transfer.StatusCompleted)
	Expired   = string(transfer.StatusExpired)
	Cancelled = string(transfer.StatusCancelled)
	Refused   = string(transfer.StatusRefused)
	Voided    = string(transfer.StatusVoided)
)

// Row is one transfer.
type Row struct {
	ID            string
	InteractionID string
	Status        string
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
	// FormerMembers holds the agents who have left the queue since the transfer was offered. Readers join it
	// from the queue's row.
	FormerMembers []string
}

// Mine reports whether an agent can still answer.
func (r Row) Mine(agent string) bool {
	return r.Status == Pending && slices.Contains(r.OfferedTo, agent) &&
		!slices.Contains(r.RejectedBy, agent) && !slices.Contains(r.FormerMembers, agent)
}

// Name is the read model's name, including its version. Readers that must see their own writes wait for it.
const Name = "transfers_v2"

// Model returns the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Indexes: indexes,
		Consumes: []projections.Stream{{Aggregate: "transfer"}}}
}

var table = projections.Table[string, Row]{
	Name:      "transfers_v2",
	HideNames: projections.OfInteraction("interaction_id"), // in the note, for masked viewers
	Columns: projections.Columns(
		projections.Key("id", func(r *Row) *string { return &r.ID }).Open(),
		projections.Text("interaction_id", func(r *Row) *string { return &r.InteractionID }).Open(),
		projections.Text("status", func(r *Row) *string { return &r.Status }).Open(),
		projections.Text("from_agent", func(r *Row) *string { return &r.From }).Open(),
		projections.Text("to_agent", func(r *Row) *string { return &r.ToAgent }).Open(),
		projections.Text("to_queue", func(r *Row) *string { return &r.ToQueue }).Open(),
		projections.Texts("offered_to", func(r *Row) *[]string { return &r.OfferedTo }).Open(),
		projections.Texts("rejected_by", func(r *Row) *[]string { return &r.RejectedBy }).Open(),
		projections.Text("note", func(r *Row) *string { return &r.Note }).Masked(projections.FreeText),
		projections.Time("requested_at", func(r *Row) *time.Time { return &r.RequestedAt }).Open(),
		projections.Time("expires_at", func(r *Row) *time.Time { return &r.ExpiresAt }).Open(),
		projections.Text("accepted_by", func(r *Row) *string { return &r.AcceptedBy }).Open(),
		projections.OptionalTime("accepted_at", func(r *Row) **time.Time { return &r.AcceptedAt }).Open(),
		projections.OptionalTime("ended_at", func(r *Row) **time.Time { return &r.EndedAt }).Open(),
		projections.Text("reason", func(r *Row) *string { return &r.Reason }).Open(),
	),
	KeyOf: func(r Row) string { return r.ID },
	Keys: func(e eventstore.Recorded) []string {
		if _, ok := e.Event.(transfer.Event); !ok {
			return nil
		}
		return []string{e.AggregateID}
	},
	First: func(e eventstore.Recorded) bool { // before its request, a transfer has no row to load
		_, requested := e.Event.(transfer.Requested)
		return requested
	},
	New:    func(id string) Row { return Row{ID: id} },
	Evolve: evolve,
	Gone:   func(r Row) bool { return r.Status == "" }, // never requested
	Changes: func(_, after Row, _ eventstore.Recorded) []projections.Change { // whose screens to update
		agents := append([]string{after.From}, after.OfferedTo...)
		return []projections.Change{{Kind: projections.TransferChanged, ID: after.ID,
			InteractionID: after.InteractionID, Agents: agents}}
	},
}

// evolve folds one event into a row. It is a pure function.
func evolve(r Row, e eventstore.Recorded) Row {
	if ev, ok := e.Event.(transfer.Requested); ok {
		return Row{
			ID: r.ID, InteractionID: string(ev.InteractionID), Status: Pending, From: string(ev.By),
			ToAgent: string(ev.ToAgent), ToQueue: string(ev.ToQueue),
			OfferedTo: strs(ev.OfferedTo), Note: ev.Note, RequestedAt: ev.At, ExpiresAt: ev.ExpiresAt,
		}
	}
	if r.Status == "" {
		return r
	}
	switch ev := e.Event.(type) {
	case transfer.Rejected:
		if !slices.Contains(r.RejectedBy, string(ev.By)) {
			r.RejectedBy = append(slices.Clone(r.RejectedBy), string(ev.By))
		}
	case transfer.Accepted:
		at := ev.At
		r.Status, r.AcceptedBy, r.AcceptedAt = Accepted, string(ev.By), &at
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

func (r Row) ended(status, reason string, at time.Time) Row {
	r.Status, r.Reason, r.EndedAt = status, reason, &at
	return r
}

func strs[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

const indexes = `
CREATE INDEX {index:transfers_v2}_pending ON {table:transfers_v2} (expires_at) WHERE status = 'PENDING';
CREATE INDEX {index:transfers_v2}_accepted ON {table:transfers_v2} (accepted_at) WHERE status = 'ACCEPTED';
CREATE INDEX {index:transfers_v2}_interaction ON {table:transfers_v2} (interaction_id, requested_at);
`
