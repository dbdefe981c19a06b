package eventstore

import (
	"context"
	"fmt"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// copyGroup is how many neighbouring events of one stream are written at once.
const copyGroup = 500

// Copy appends all our events of one store to another, in the log's order, with their ids, data and metadata as they
// are; positions and the stores' own timestamps are new. A copy that was interrupted is simply run again: what is there
// already is recognised. It returns how many events the source had, and tells progress the same after each append.
func Copy(ctx context.Context, from, to *Store, progress func(events int)) (int, error) {
	copied := 0
	for page, err := range from.pages(ctx, Position{}) {
		if err != nil {
			return copied, err
		}
		for len(page) > 0 {
			n := neighbours(page)
			if err := to.copyGroup(ctx, page[:n]); err != nil {
				return copied, err
			}
			page = page[n:]
			copied += n
			if progress != nil {
				progress(copied)
			}
		}
	}
	return copied, nil
}

// neighbours counts the first events that belong to one stream and fit into one append.
func neighbours(events []*esdb.RecordedEvent) int {
	size := 0
	for i, e := range events {
		size += len(e.Data) + len(e.UserMetadata) + 2*len(e.EventType)
		if i > 0 && (e.StreamID != events[0].StreamID || i == copyGroup || size > MaxAppend) {
			return i
		}
	}
	return len(events)
}

func (s *Store) copyGroup(ctx context.Context, group []*esdb.RecordedEvent) error {
	events := make([]esdb.EventData, len(group))
	for i, e := range group {
		events[i] = esdb.EventData{EventID: e.EventID, EventType: e.EventType, Data: e.Data, Metadata: e.UserMetadata}
		if e.ContentType == "application/json" {
			events[i].ContentType = esdb.ContentTypeJson
		}
	}
	first := group[0]
	if _, err := s.write(ctx, first.StreamID, Revision(first.EventNumber)-1, events); err != nil {
		return fmt.Errorf("copy %s from revision %d: %w", first.StreamID, first.EventNumber, err)
	}
	return nil
}
