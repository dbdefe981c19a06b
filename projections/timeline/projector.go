// Package timeline is the read model of an interaction's history: each step and its cause, as codes and ids
// only.
package timeline

import (
	"time"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/eventstore"
	"parley/projections"
)

// Row is one step.
type Row struct {
	StreamID string // the interaction, or one of its transfers
	Revision int64  // revision in that stream
	Position int64  // position in the log
	At       time.Time
	Code     string   // for example OPENED, OFFERED, TRANSFER_REQUESTED
	By       string   // empty means the system
	Agents   []string // who was offered it, missed it or owned it
	QueueID  string
	Reason   string // reason code
	Ref      string // id of the offer or transfer
	Seconds  *int   // set by the reader: how long the state that ended here had lasted
}

type key struct {
	stream   string
	revision int64
}

// Name is the read model's name, including its version. Readers that must see their own writes wait for it.
const Name = "timeline_v1"

// Model returns the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table},
		Consumes: []projections.Stream{
			{Aggregate: "interaction", Events: []domain.Event{
				interaction.Opened{}, interaction.Offered{}, interaction.OfferRejected{}, interaction.OfferExpired{},
				interaction.Accepted{}, interaction.Assigned{}, interaction.Released{}, interaction.TransferStarted{},
				interaction.OwnerChanged{}, interaction.TransferEnded{}, interaction.ReturnedUnread{},
				interaction.Monitored{}, interaction.ContactLinked{}, interaction.MessageFailed{},
				interaction.MessageOutcomeUnknown{}, interaction.MessageSettled{}, interaction.MediaFailed{}, interaction.Closed{},
				interaction.Disposed{}, interaction.JoinedInto{}, interaction.Joined{}, interaction.Separated{},
				interaction.Restored{},
			}},
			{Aggregate: "transfer", Events: []domain.Event{
				transfer.Requested{}, transfer.Rejected{}, transfer.Accepted{}, transfer.Refused{}, transfer.Voided{},
			}},
		}}
}

var table = projections.Table[key, Row]{
	Name: "timeline_v1",
	Columns: projections.Columns(
		projections.Key("stream_id", func(r *Row) *string { return &r.StreamID }).Open(),
		projections.Key("revision", func(r *Row) *int64 { return &r.Revision }).Open(),
		projections.BigInt("position", func(r *Row) *int64 { return &r.Position }).Open(),
		projections.Time("at", func(r *Row) *time.Time { return &r.At }).Open(),
		projections.Text("code", func(r *Row) *string { return &r.Code }).Open(),
		projections.Text("by", func(r *Row) *string { return &r.By }).Open(),
		projections.Texts("agents", func(r *Row) *[]string { return &r.Agents }).Open(),
		projections.Text("queue_id", func(r *Row) *string { return &r.QueueID }).Open(),
		projections.Text("reason", func(r *Row) *string { return &r.Reason }).Open(),
		projections.Text("ref", func(r *Row) *string { return &r.Ref }).Open(),
	),
	KeyOf: func(r Row) key { return key{r.StreamID, r.Revision} },
	Keys: func(e eventstore.Recorded) []key {
		if step(e).Code == "" {
			return nil
		}
		return []key{{e.AggregateID, int64(e.Revision)}}
	},
	First: func(eventstore.Recorded) bool { return true },
	New:   func(k key) Row { return Row{StreamID: k.stream, Revision: k.revision} },
	Evolve: func(r Row, e eventstore.Recorded) Row {
		s := step(e)
		s.StreamID, s.Revision, s.Position = r.StreamID, r.Revision, int64(e.Position.Commit)
		return s
	},
}

// step returns the event as a step of the history. The code is empty if the event is not a step.
func step(e eventstore.Recorded) Row {
	switch ev := e.Event.(type) {
	case interaction.Opened:
		return Row{Code: "OPENED", At: ev.At, By: string(ev.By), QueueID: string(ev.QueueID), Reason: string(ev.Origin)}
	case interaction.Offered:
		return Row{Code: "OFFERED", At: ev.At, Agents: strs(ev.Agents), QueueID: string(ev.QueueID),
			Ref: string(ev.OfferID)}
	case interaction.OfferRejected:
		return Row{Code: "OFFER_REJECTED", At: ev.At, By: string(ev.By), Ref: string(ev.OfferID)}
	case interaction.OfferExpired:
		return Row{Code: "OFFER_EXPIRED", At: ev.At, Agents: strs(ev.Missed), Ref: string(ev.OfferID)}
	case interaction.Accepted:
		return Row{Code: "ACCEPTED", At: ev.At, By: string(ev.By), Ref: string(ev.OfferID)}
	case interaction.Assigned:
		return Row{Code: "ASSIGNED", At: ev.At, By: string(ev.By), Agents: []string{string(ev.To)}}
	case interaction.Released:
		return Row{Code: "RELEASED", At: ev.At, By: string(ev.By), Agents: []string{string(ev.From)},
			Reason: string(ev.Reason)}
	case interaction.TransferStarted:
		r := Row{Code: "TRANSFER_REQUESTED", At: ev.At, By: string(ev.By), QueueID: string(ev.ToQueue),
			Ref: string(ev.TransferID)}
		if ev.ToAgent != "" {
			r.Agents = []string{string(ev.ToAgent)}
		}
		return r
	case interaction.OwnerChanged:
		return Row{Code: "OWNER_CHANGED", At: ev.At, By: string(ev.To), Agents: []string{string(ev.From)},
			QueueID: string(ev.QueueID), Ref: string(ev.TransferID)}
	case interaction.TransferEnded:
		return Row{Code: "TRANSFER_ENDED", At: ev.At, Reason: ev.Outcome, Ref: string(ev.TransferID)}
	case interaction.ReturnedUnread:
		return Row{Code: "RETURNED_UNREAD", At: ev.At, Agents: []string{string(ev.Owner)}, Reason: ev.Reason}
	case interaction.Monitored:
		return Row{Code: "MONITORED", At: ev.At, By: string(ev.By)}
	case interaction.ContactLinked:
		return Row{Code: "CONTACT_LINKED", At: ev.At, By: string(ev.By)}
	case interaction.MessageFailed:
		return Row{Code: "MESSAGE_FAILED", At: ev.At, Reason: ev.Code}
	case interaction.MessageOutcomeUnknown:
		return Row{Code: "MESSAGE_OUTCOME_UNKNOWN", At: ev.At, Reason: ev.Code}
	case interaction.MessageSettled:
		return Row{Code: "MESSAGE_SETTLED", At: ev.At, By: string(ev.By), Reason: string(ev.As)}
	case interaction.MediaFailed:
		return Row{Code: "MEDIA_FAILED", At: ev.At, Reason: ev.Code}
	case interaction.Closed:
		return Row{Code: "CLOSED", At: ev.At, By: string(ev.By)}
	case interaction.JoinedInto:
		r := Row{Code: "JOINED_INTO", At: ev.At, Reason: string(ev.Reason), Ref: string(ev.Survivor)}
		if ev.Keeper != "" {
			r.Agents = []string{string(ev.Keeper)}
		}
		return r
	case interaction.Joined:
		return Row{Code: "JOINED", At: ev.At, Ref: string(ev.Other)}
	case interaction.Separated:
		return Row{Code: "SEPARATED", At: ev.At, By: string(ev.By), Ref: string(ev.Other)}
	case interaction.Restored:
		return Row{Code: "RESTORED", At: ev.At, By: string(ev.By), Ref: string(ev.From)}
	case interaction.Disposed:
		return Row{Code: "DISPOSED", At: ev.At, By: string(ev.By)}
	case transfer.Requested:
		return Row{Code: "TRANSFER_OFFERED", At: ev.At, By: string(ev.By), Agents: strs(ev.OfferedTo),
			QueueID: string(ev.ToQueue)}
	case transfer.Rejected:
		return Row{Code: "TRANSFER_REJECTED", At: ev.At, By: string(ev.By)}
	case transfer.Accepted:
		return Row{Code: "TRANSFER_ACCEPTED", At: ev.At, By: string(ev.By)}
	case transfer.Refused:
		return Row{Code: "TRANSFER_REFUSED", At: ev.At, Reason: ev.Reason}
	case transfer.Voided:
		return Row{Code: "TRANSFER_VOIDED", At: ev.At, Reason: ev.Reason}
	}
	return Row{}
}

func strs[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
