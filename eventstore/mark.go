package eventstore

import (
	"context"
	"fmt"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
)

// Mark names one event of the log. It names the same event in a copy of the log, which has other positions.
type Mark struct {
	Stream   string    `json:"stream"`
	Revision uint64    `json:"revision"`
	ID       uuid.UUID `json:"id"`
}

// LastMark returns the last of this program's events, and false if there is none after the given position. at is the
// end of the log, where the next search may begin.
func (s *Store) LastMark(ctx context.Context, after Position) (m Mark, at Position, found bool, err error) {
	for from, count := esdb.AllPosition(esdb.End{}), 1; ; count = min(4*count, pageSize) {
		events, err := s.readBack(ctx, from, count)
		if err != nil {
			return Mark{}, Position{}, false, fmt.Errorf("read the end of the log: %w", err)
		}
		for _, e := range events {
			here := positionOf(e)
			if at.IsZero() {
				at = here
			}
			switch {
			case !here.After(after):
				return Mark{}, at, false, nil
			case s.catalog.owns(e.StreamID):
				return Mark{Stream: e.StreamID, Revision: e.EventNumber, ID: e.EventID}, at, true, nil
			}
		}
		if len(events) == 0 || from == events[len(events)-1].Position {
			return Mark{}, at, false, nil
		}
		from = events[len(events)-1].Position
	}
}

// readBack reads the events before a position, the last one first.
func (s *Store) readBack(ctx context.Context, from esdb.AllPosition, count int) ([]*esdb.RecordedEvent, error) {
	return retry(ctx, s, func(ctx context.Context, client *esdb.Client) ([]*esdb.RecordedEvent, error) {
		read, err := client.ReadAll(ctx, esdb.ReadAllOptions{Direction: esdb.Backwards, From: from}, uint64(count))
		if err != nil {
			return nil, err
		}
		defer read.Close()
		return receive(read, count)
	})
}

// Has reports whether the log holds a marked event.
func (s *Store) Has(ctx context.Context, m Mark) (bool, error) {
	_, found, err := s.Find(ctx, m)
	return found, err
}

// Find returns where a marked event is in this log, and false if it is not there.
func (s *Store) Find(ctx context.Context, m Mark) (at Position, found bool, err error) {
	events, err := retry(ctx, s, func(ctx context.Context, client *esdb.Client) ([]*esdb.RecordedEvent, error) {
		read, err := client.ReadStream(ctx, m.Stream,
			esdb.ReadStreamOptions{Direction: esdb.Forwards, From: esdb.Revision(m.Revision)}, 1)
		if err != nil {
			return nil, err
		}
		defer read.Close()
		return receive(read, 1)
	})
	if classify(err) == notFound {
		return Position{}, false, nil
	}
	if err != nil {
		return Position{}, false, fmt.Errorf("look for an event of %s: %w", m.Stream, err)
	}
	if len(events) == 0 || events[0].EventNumber != m.Revision || events[0].EventID != m.ID {
		return Position{}, false, nil
	}
	return positionOf(events[0]), true, nil
}
