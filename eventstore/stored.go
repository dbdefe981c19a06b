package eventstore

import (
	"context"
	"iter"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
)

// Stored is an event exactly as the store holds it: personal data is sealed.
type Stored struct {
	ID       uuid.UUID
	Stream   string
	Revision uint64
	Type     string
	JSON     bool // whether the store knows the data as JSON
	Data     []byte
	Metadata []byte
	Created  time.Time
}

// EachStored iterates over this program's events in log order, up to the end of the log, without opening what is sealed.
func (s *Store) EachStored(ctx context.Context) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		for page, err := range s.pages(ctx, Position{}) {
			if err != nil {
				yield(Stored{}, err)
				return
			}
			for _, e := range page {
				stored := Stored{ID: e.EventID, Stream: e.StreamID, Revision: e.EventNumber, Type: e.EventType,
					JSON: e.ContentType == jsonContent, Data: e.Data, Metadata: e.UserMetadata, Created: e.CreatedDate}
				if !yield(stored, nil) {
					return
				}
			}
		}
	}
}

// The content types of events.
const (
	jsonContent   = "application/json"
	binaryContent = "application/octet-stream"
)

// Fill appends stored events to a log in their order, as Copy does. The log must be empty, or hold the first of these
// events from an interrupted call: any other is refused before anything is appended.
func Fill(
	ctx context.Context, to *Store, events iter.Seq2[Stored, error], progress func(events int),
) (int, error) {
	pages := func(context.Context) iter.Seq2[[]*esdb.RecordedEvent, error] { return inPages(events) }
	return fillLog(ctx, to, pages, func(n int, _ *esdb.RecordedEvent) {
		if progress != nil {
			progress(n)
		}
	})
}

// inPages groups events into pages like those that a store is read in.
func inPages(events iter.Seq2[Stored, error]) iter.Seq2[[]*esdb.RecordedEvent, error] {
	return func(yield func([]*esdb.RecordedEvent, error) bool) {
		var page []*esdb.RecordedEvent
		bytes := 0
		for e, err := range events {
			if err != nil {
				yield(nil, err)
				return
			}
			recorded := &esdb.RecordedEvent{EventID: e.ID, StreamID: e.Stream, EventNumber: e.Revision, EventType: e.Type,
				ContentType: binaryContent, Data: e.Data, UserMetadata: e.Metadata}
			if e.JSON {
				recorded.ContentType = jsonContent
			}
			page, bytes = append(page, recorded), bytes+len(e.Data)
			if len(page) < pageSize && bytes < pageBytes {
				continue
			}
			if !yield(page, nil) {
				return
			}
			page, bytes = nil, 0
		}
		if len(page) > 0 {
			yield(page, nil)
		}
	}
}
