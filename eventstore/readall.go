package eventstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

const (
	pageSize   = 2000 // events read at a time
	pageBytes  = 8 << 20
	pagesAhead = 2 // read while the consumer is busy
)

// ReadAll goes through our events after a position, in the log's order, to what was its end when it got there.
// It resumes by itself after an outage. The one error it yields is its last word: ErrUnavailable when ctx's deadline passed.
func (s *Store) ReadAll(ctx context.Context, after Position) iter.Seq2[Recorded, error] {
	return func(yield func(Recorded, error) bool) {
		for page, err := range s.pages(ctx, after) {
			if err != nil {
				yield(Recorded{}, err)
				return
			}
			decoded, err := s.decodePatiently(ctx, page)
			if err != nil {
				yield(Recorded{}, fmt.Errorf("read all: %w", err))
				return
			}
			for _, e := range decoded {
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

// page is some events as they came, or why there are no more.
type page struct {
	events []*esdb.RecordedEvent
	err    error
}

// pages reads our events in the background, ahead of the consumer, still encoded.
func (s *Store) pages(ctx context.Context, after Position) iter.Seq2[[]*esdb.RecordedEvent, error] {
	return func(yield func([]*esdb.RecordedEvent, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		ahead := make(chan page, pagesAhead)
		go func() {
			defer close(ahead)
			if err := s.readAhead(ctx, after, ahead); err != nil {
				ahead <- page{err: fmt.Errorf("read all: %w", err)} // the consumer takes until the channel closes
			}
		}()
		defer func() {
			cancel()
			for range ahead { // let the reader go
			}
		}()
		for p := range ahead {
			if !yield(p.events, p.err) || p.err != nil {
				return
			}
		}
	}
}

func (s *Store) readAhead(ctx context.Context, after Position, ahead chan<- page) error {
	for {
		events, err := s.readPage(ctx, after)
		if err != nil {
			return err
		}
		if len(events) == 0 {
			return nil
		}
		last := events[len(events)-1].Position
		after = Position{Commit: last.Commit, Prepare: last.Prepare}
		events = slices.DeleteFunc(events, func(e *esdb.RecordedEvent) bool { return !s.catalog.ours(e.StreamID) })
		select {
		case ahead <- page{events: events}:
		case <-ctx.Done():
			return outOfTime(ctx, nil)
		}
	}
}

// readPage reads the next events of the log, the system's too. Reading begins with the event at the position itself.
func (s *Store) readPage(ctx context.Context, after Position) ([]*esdb.RecordedEvent, error) {
	return persist(ctx, s, func(ctx context.Context, client *esdb.Client) ([]*esdb.RecordedEvent, error) {
		read, err := client.ReadAll(ctx, esdb.ReadAllOptions{Direction: esdb.Forwards, From: after.from()}, pageSize+1)
		if err != nil {
			return nil, err
		}
		defer read.Close()
		events := make([]*esdb.RecordedEvent, 0, pageSize)
		for bytes := 0; bytes < pageBytes; {
			e, err := read.Recv()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, err
			}
			if e.Event == nil || !(Position{Commit: e.Event.Position.Commit, Prepare: e.Event.Position.Prepare}).After(after) {
				continue
			}
			events = append(events, e.Event)
			bytes += len(e.Event.Data)
		}
		return events, nil
	})
}
