package eventstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// Read returns the stream's events starting at revision from, in order. A stream that
// does not exist has no events and the revision NoStream. If from is past the end of
// the stream, Revision is from-1, which the caller knows already.
//
// Errors: ErrUnavailable when ctx's deadline passes.
func (s *Store) Read(ctx context.Context, stream string, from uint64) (History, error) {
	events, err := s.readStream(ctx, stream, from)
	if classify(err) == notFound {
		return History{Revision: NoStream}, nil
	}
	if err != nil {
		return History{}, fmt.Errorf("read %s: %w", stream, err)
	}
	decoded, err := s.decodeWithRetry(ctx, events)
	if err != nil {
		return History{}, fmt.Errorf("read %s: %w", stream, err)
	}
	h := History{Events: decoded, Revision: Revision(from) - 1}
	if n := len(decoded); n > 0 {
		h.Revision, h.Position = Revision(decoded[n-1].Revision), decoded[n-1].Position
	}
	return h, nil
}

func (s *Store) readStream(ctx context.Context, stream string, from uint64) ([]*esdb.RecordedEvent, error) {
	return retry(ctx, s, func(ctx context.Context, client *esdb.Client) ([]*esdb.RecordedEvent, error) {
		read, err := client.ReadStream(ctx, stream,
			esdb.ReadStreamOptions{Direction: esdb.Forwards, From: esdb.Revision(from)}, math.MaxUint64)
		if err != nil {
			return nil, err
		}
		defer read.Close()
		return receive(read, math.MaxInt)
	})
}

// Last returns the position of the last event in the log, system events included, or zero if the log is empty.
func (s *Store) Last(ctx context.Context) (Position, error) {
	events, err := retry(ctx, s, func(ctx context.Context, client *esdb.Client) ([]*esdb.RecordedEvent, error) {
		read, err := client.ReadAll(ctx, esdb.ReadAllOptions{Direction: esdb.Backwards, From: esdb.End{}}, 1)
		if err != nil {
			return nil, err
		}
		defer read.Close()
		return receive(read, 1)
	})
	if err != nil {
		return Position{}, fmt.Errorf("read the end of the log: %w", err)
	}
	if len(events) == 0 {
		return Position{}, nil
	}
	return positionOf(events[0]), nil
}

// receive collects up to limit events.
func receive(read *esdb.ReadStream, limit int) ([]*esdb.RecordedEvent, error) {
	var events []*esdb.RecordedEvent
	for len(events) < limit {
		e, err := read.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if e.Event != nil {
			events = append(events, e.Event)
		}
	}
	return events, nil
}

// decodeWithRetry retries while keys cannot be loaded, until ctx ends.
func (s *Store) decodeWithRetry(ctx context.Context, events []*esdb.RecordedEvent) ([]Recorded, error) {
	p := backoff{first: 20 * time.Millisecond, most: time.Second}
	for {
		decoded, err := s.decodeAll(ctx, events)
		if err == nil {
			return decoded, nil
		}
		s.log.Warn("keys unavailable", "error", err)
		if !p.wait(ctx) {
			return nil, contextError(ctx, err)
		}
	}
}
