package eventstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// ErrDiffers reports that a copy of the log differs from the log.
var ErrDiffers = errors.New("the copy differs from this log")

// Compared says how far two logs are known to be the same.
type Compared struct {
	Events, Streams int
	Here, There     Position // of the last event compared, in each log
}

// Compare reads a log and its copy side by side, from where an earlier comparison ended to the end of the
// copy. Ids, types, data and metadata must be the same, in the same order. visit, which may be nil, receives
// the position of each event in both logs. Compare returns ErrDiffers with the first event that differs.
func Compare(
	ctx context.Context, log, replica *Store, after Compared, visit func(here, there Position),
) (Compared, error) {
	next, stop := iter.Pull2(log.stored(ctx, after.Here))
	defer stop()
	for there, err := range replica.stored(ctx, after.There) {
		if err != nil {
			return after, fmt.Errorf("the copy: %w", err)
		}
		here, err, more := next()
		if err != nil {
			return after, err
		}
		if !more || !same(here, there) {
			return after, fmt.Errorf("%w: %s, revision %d", ErrDiffers, there.StreamID, there.EventNumber)
		}
		after.Events++
		if here.EventNumber == 0 {
			after.Streams++
		}
		after.Here, after.There = positionOf(here), positionOf(there)
		if visit != nil {
			visit(after.Here, after.There)
		}
	}
	return after, nil
}

// stored iterates over this program's events after a position without decoding them.
func (s *Store) stored(ctx context.Context, after Position) iter.Seq2[*esdb.RecordedEvent, error] {
	return func(yield func(*esdb.RecordedEvent, error) bool) {
		for page, err := range s.pages(ctx, after) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, e := range page {
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

func same(a, b *esdb.RecordedEvent) bool {
	return a.StreamID == b.StreamID && a.EventNumber == b.EventNumber && a.EventID == b.EventID &&
		a.EventType == b.EventType && bytes.Equal(a.Data, b.Data) && bytes.Equal(a.UserMetadata, b.UserMetadata)
}
