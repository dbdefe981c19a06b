// Package timeline is the read model of why things went as they did: an interaction's story, step by step, in codes and ids
// alone (B1).
package timeline

import (
	"time"

	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/eventstore"
	"parley/projections"
)

// Row is one step.
type Row struct {
	StreamID string // the interaction, or one of its transfers
	Revision int64  // in that stream
	Position int64  // in the log
	At       time.Time
	Code     string   // such as OPENED, OFFERED, TRANSFER_REQUESTED
	By       string   // empty: the system
	Agents   []string // whom it was offered to, who missed it, who had it
	QueueID  string
	Reason   string // a code
	Ref      string // the offer or transfer
	Seconds  *int   // filled by the reader: how long what ended here had lasted
}

type key struct {
	stream   string
	revision int64
}

// Name is what the read model is called where it is waited for, its version included.
const Name = "timeline_v1"

// Model is the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Schema: schema, Views: views}
}

var table = projections.Table[key, Row]{
	Name: "timeline_v1",
	Key:  2,
	Columns: []projections.Column[Row]{
		projections.Col("stream_id", "text", func(r *Row) *string { return &r.StreamID }),
		projections.Col("revision", "int8", func(r *Row) *int64 { return &r.Revision }),
		projections.Col("position", "int8", func(r *Row) *int64 { return &r.Position }),
		projections.Col("at", "timestamptz", func(r *Row) *time.Time { return &r.At }),
		projections.Col("code", "text", func(r *Row) *string { return &r.Code }),
		projections.Col("by", "text", func(r *Row) *string { return &r.By }),
		projections.Col("agents", "text[]", func(r *Row) *[]string { return &r.Agents }),
		projections.Col("queue_id", "text", func(r *Row) *string { return &r.QueueID }),
		projections.Col("reason", "text", func(r *Row) *string { return &r.Reason }),
		projections.Col("ref", "text", func(r *Row) *string { return &r.Ref }),
	},
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

// step is the event as a step of the story; without a code when it is none.
func step(e eventstore.Recorded) Row {
	switch ev := e.Event.(type) {
	case interaction.Opened:
		return Row{Code: "OPENED", At: ev.At, By: string(ev.By), QueueID: string(ev.QueueID), Reason: string(ev.Origin)}
	case interaction.Offered:
		return Row{Code: "OFFERED", At: ev.At, Agents: strs(ev.Agents), QueueID: string(ev.QueueID), Ref: string(ev.OfferID)}
	case interaction.OfferRejected:
		return Row{Code: "OFFER_REJECTED", At: ev.At, By: string(ev.By), Ref: string(ev.OfferID)}
	case interaction.OfferExpired:
		return Row{Code: "OFFER_EXPIRED", At: ev.At, Agents: strs(ev.Missed), Ref: string(ev.OfferID)}
	case interaction.Accepted:
		return Row{Code: "ACCEPTED", At: ev.At, By: string(ev.By), Ref: string(ev.OfferID)}
	case interaction.Assigned:
		return Row{Code: "ASSIGNED", At: ev.At, By: string(ev.By), Agents: []string{string(ev.To)}}
	case interaction.Released:
		return Row{Code: "RELEASED", At: ev.At, By: string(ev.By), Agents: []string{string(ev.From)}, Reason: string(ev.Reason)}
	case interaction.TransferStarted:
		r := Row{Code: "TRANSFER_REQUESTED", At: ev.At, By: string(ev.By), QueueID: string(ev.ToQueue), Ref: string(ev.TransferID)}
		if ev.ToAgent != "" {
			r.Agents = []string{string(ev.ToAgent)}
		}
		return r
	case interaction.OwnerChanged:
		return Row{Code: "OWNER_CHANGED", At: ev.At, By: string(ev.To), Agents: []string{string(ev.From)}, QueueID: string(ev.QueueID), Ref: string(ev.TransferID)}
	case interaction.TransferEnded:
		return Row{Code: "TRANSFER_ENDED", At: ev.At, Reason: ev.Outcome, Ref: string(ev.TransferID)}
	case interaction.ReturnedUnread:
		return Row{Code: "RETURNED_UNREAD", At: ev.At, Agents: []string{string(ev.Owner)}, Reason: ev.Reason}
	case interaction.Spied:
		return Row{Code: "SPIED", At: ev.At, By: string(ev.By)}
	case interaction.ContactLinked:
		return Row{Code: "CONTACT_LINKED", At: ev.At, By: string(ev.By)}
	case interaction.MessageFailed:
		return Row{Code: "MESSAGE_FAILED", At: ev.At, Reason: ev.Code}
	case interaction.MessageOutcomeUnknown:
		return Row{Code: "MESSAGE_OUTCOME_UNKNOWN", At: ev.At, Reason: ev.Code}
	case interaction.MediaFailed:
		return Row{Code: "MEDIA_FAILED", At: ev.At, Reason: ev.Code}
	case interaction.Closed:
		return Row{Code: "CLOSED", At: ev.At, By: string(ev.By)}
	case interaction.Disposed:
		return Row{Code: "DISPOSED", At: ev.At, By: string(ev.By)}
	case transfer.Requested:
		return Row{Code: "TRANSFER_OFFERED", At: ev.At, By: string(ev.By), Agents: strs(ev.OfferedTo), QueueID: string(ev.ToQueue)}
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

const schema = `
CREATE TABLE {table:timeline_v1} (
	stream_id text NOT NULL,
	revision int8 NOT NULL,
	position int8 NOT NULL,
	at timestamptz NOT NULL,
	code text NOT NULL,
	by text NOT NULL,
	agents text[],
	queue_id text NOT NULL,
	reason text NOT NULL,
	ref text NOT NULL,
	PRIMARY KEY (stream_id, revision)
);
`

const views = `
CREATE OR REPLACE VIEW app.timeline AS SELECT * FROM {table:timeline_v1};
CREATE OR REPLACE VIEW masked.timeline AS SELECT * FROM {table:timeline_v1};
`
