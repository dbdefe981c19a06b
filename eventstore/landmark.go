package eventstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// replicaLag is how long one node of an event store may lack what another one had.
const replicaLag = 5 * time.Second

// ErrReplaced reports that an event is no longer where it was: the log is an older copy, or another log.
var ErrReplaced = errors.New("the log was replaced: an event is no longer where it was")

// Landmark is an event at its position. As long as it is there, all positions before it mean what they did.
type Landmark struct {
	Position Position
	ID       uuid.UUID
}

// IsZero reports whether there is no such event.
func (l Landmark) IsZero() bool { return l == Landmark{} }

// landmark returns where an event of the client is.
func landmark(e *esdb.RecordedEvent) Landmark {
	return Landmark{Position: Position{Commit: e.Position.Commit, Prepare: e.Position.Prepare}, ID: e.EventID}
}

// Landmark returns where the event is.
func (r Recorded) Landmark() Landmark { return Landmark{Position: r.Position, ID: r.ID} }

// CheckLandmark returns ErrReplaced if the event is no longer where it was, after giving a node that lags behind some
// time. Without a landmark there is nothing to check.
func (s *Store) CheckLandmark(ctx context.Context, l Landmark) error {
	if l.IsZero() {
		return nil
	}
	for end := time.Now().Add(replicaLag); ; {
		holds, err := s.holds(ctx, l)
		if err != nil || holds {
			return err
		}
		if time.Now().After(end) {
			return ErrReplaced
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// holds reports whether the event is at its position.
func (s *Store) holds(ctx context.Context, l Landmark) (bool, error) {
	events, err := retry(ctx, s, func(ctx context.Context, client *esdb.Client) ([]*esdb.RecordedEvent, error) {
		read, err := client.ReadAll(ctx, esdb.ReadAllOptions{Direction: esdb.Forwards, From: l.Position.from()}, 1)
		if err != nil {
			return nil, err
		}
		defer read.Close()
		return receive(read, 1)
	})
	switch {
	case status.Code(err) == codes.InvalidArgument:
		return false, nil // a cluster refuses a position between two records
	case err != nil:
		return false, fmt.Errorf("look for an event at %s: %w", l.Position, err)
	}
	return len(events) == 1 && landmark(events[0]) == l, nil
}
