package eventstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

const (
	pageSize   = 2000 // events per read
	pageBytes  = 8 << 20
	pagesAhead = 2 // read while the consumer is busy
)

// ReadAll iterates over this program's events after a position, in log order, up to the end of the log. It
// resumes after an outage. An error is the last thing it yields: ErrUnavailable if ctx's deadline passed.
func (s *Store) ReadAll(ctx context.Context, after Position) iter.Seq2[Recorded, error] {
	return func(yield func(Recorded, error) bool) {
		for page, err := range s.pages(ctx, after) {
			if err != nil {
				yield(Recorded{}, err)
				return
			}
			decoded, err := s.decodeWithRetry(ctx, page)
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

// page is a group of encoded events, or the error that ended the read.
type page struct {
	events []*esdb.RecordedEvent
	err    error
}

// pages reads this program's events in the background, ahead of the consumer, without decoding them.
func (s *Store) pages(ctx context.Context, after Position) iter.Seq2[[]*esdb.RecordedEvent, error] {
	return func(yield func([]*esdb.RecordedEvent, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		ahead := make(chan page, pagesAhead)
		go func() {
			defer close(ahead)
			if err := s.readAhead(ctx, after, ahead); err != nil {
				ahead <- page{err: fmt.Errorf("read all: %w", err)} // the consumer reads until the channel is closed
			}
		}()
		defer func() {
			cancel()
			for range ahead { // unblock the reader
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
		events, err := s.readPage(ctx, after, pageSize)
		if err != nil {
			return err
		}
		if len(events) == 0 {
			return nil
		}
		last := events[len(events)-1].Position
		after = Position{Commit: last.Commit, Prepare: last.Prepare}
		events = slices.DeleteFunc(events, func(e *esdb.RecordedEvent) bool { return !s.catalog.owns(e.StreamID) })
		select {
		case ahead <- page{events: events}:
		case <-ctx.Done():
			return contextError(ctx, nil)
		}
	}
}

// readPage reads the next events of the log, at most count, system events included. The event store starts at
// the event of the given position itself, so that one is skipped.
func (s *Store) readPage(ctx context.Context, after Position, count int) ([]*esdb.RecordedEvent, error) {
	return retry(ctx, s, func(ctx context.Context, client *esdb.Client) ([]*esdb.RecordedEvent, error) {
		read, err := client.ReadAll(ctx, esdb.ReadAllOptions{Direction: esdb.Forwards, From: after.from()}, uint64(count)+1)
		if err != nil {
			return nil, err
		}
		defer read.Close()
		events := make([]*esdb.RecordedEvent, 0, count)
		for bytes := 0; bytes < pageBytes; {
			e, err := read.Recv()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, err
			}
			if e.Event == nil ||
				!(Position{Commit: e.Event.Position.Commit, Prepare: e.Event.Position.Prepare}).After(after) {
				continue
			}
			events = append(events, e.Event)
			bytes += len(e.Event.Data)
		}
		return events, nil
	})
}

// NextWritten returns when the first of this program's events after a position was written, and false if there
// is none.
func (s *Store) NextWritten(ctx context.Context, after Position) (time.Time, bool, error) {
	for count := 8; ; count = pageSize {
		events, err := s.readPage(ctx, after, count)
		if err != nil {
			return time.Time{}, false, fmt.Errorf("read the next event: %w", err)
		}
		for _, e := range events {
			if s.catalog.owns(e.StreamID) {
				return e.CreatedDate, true, nil
			}
		}
		if len(events) == 0 {
			return time.Time{}, false, nil
		}
		last := events[len(events)-1].Position
		after = Position{Commit: last.Commit, Prepare: last.Prepare}
	}
}
