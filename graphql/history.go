package graphql

import (
	"context"
	"encoding/json"
	"strconv"

	"parley/domain"
	"parley/domain/audit"
	"parley/eventstore"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/timeline"
)

func presentTimeline(t timeline.Row) *model.TimelineEntry {
	e := &model.TimelineEntry{
		ID: t.StreamID + "." + strconv.FormatInt(t.Revision, 10), At: t.At, Code: t.Code, Reason: optional(t.Reason),
		ByID: t.By, AgentIDs: t.Agents, QueueID: t.QueueID,
	}
	if t.Seconds != nil {
		s := int32(*t.Seconds)
		e.Seconds = &s
	}
	return e
}

// history returns the raw events of a stream. It records the read first, and returns nothing if that fails.
func (r *Resolver) history(ctx context.Context, stream string) ([]model.RecordedEvent, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.Commands.RecordHistoryRead(ctx, audit.HistoryRead{By: v.User, Stream: stream}); err != nil {
		return nil, err
	}
	h, err := r.Store.Read(ctx, stream, 0)
	if err != nil {
		return nil, err
	}
	return presentAll(h.Events, presentEvent(v)), nil
}

// presentEvent shows an event as it is stored. A masked viewer gets its personal data sealed.
func presentEvent(v access.Viewer) func(eventstore.Recorded) *model.RecordedEvent {
	return func(e eventstore.Recorded) *model.RecordedEvent {
		shown := &model.RecordedEvent{
			ID: e.ID.String(), Stream: e.Stream, Revision: int32(e.Revision), Type: e.Type, At: e.Created,
			Actor: optional(e.Metadata.Actor), CommandID: optional(e.Metadata.CommandID),
			CausationID: optional(e.Metadata.CausationID), Data: string(e.Raw),
		}
		if !v.Masked && !e.Erased {
			shown.Data = openEvent(e.Event)
		}
		return shown
	}
}

// openEvent returns the data of an event as JSON, with its personal data in the clear.
func openEvent(e domain.Event) string {
	data, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return "{}"
	}
	return string(data)
}
