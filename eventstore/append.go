package eventstore

import (
	"context"
	"fmt"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"parley/domain"
)

// AppendResult is where an append ended up.
type AppendResult struct {
	Revision Revision // of the last event appended
	Position Position // of the last event appended
}

// Change is what one command did to a stream.
type Change struct {
	Meta   Metadata
	Events []domain.Event
}

// Append writes the command's events to the stream, all or none, if its last revision is still the expected one.
// When the answer is lost the same request is sent again until ctx ends, and is recognised if it had been written.
//
// Errors: ErrWrongRevision; ErrTooLarge above MaxAppend bytes; seal.ErrErased when an event holds data of somebody who was
// erased; ErrUnavailable when ctx's deadline passes first or the keys cannot be had.
func (s *Store) Append(ctx context.Context, stream string, expected Revision, meta Metadata, events []domain.Event) (AppendResult, error) {
	return s.AppendChanges(ctx, stream, expected, Change{Meta: meta, Events: events})
}

// AppendChanges is Append for several commands that share one write. Each keeps its own metadata and event ids.
func (s *Store) AppendChanges(ctx context.Context, stream string, expected Revision, changes ...Change) (AppendResult, error) {
	events, err := s.encode(ctx, stream, changes)
	if err != nil {
		return AppendResult{}, err
	}
	if len(events) == 0 {
		return AppendResult{}, fmt.Errorf("append %s: no events", stream)
	}
	return s.write(ctx, stream, expected, events)
}

// Events makes the slice that Append takes from an aggregate's own.
func Events[E domain.Event](events []E) []domain.Event {
	all := make([]domain.Event, len(events))
	for i, e := range events {
		all[i] = e
	}
	return all
}

// write sends what is already encoded, with an exact revision: only that makes a repeated request harmless.
func (s *Store) write(ctx context.Context, stream string, expected Revision, events []esdb.EventData) (AppendResult, error) {
	written, err := persist(ctx, s, func(ctx context.Context, client *esdb.Client) (*esdb.WriteResult, error) {
		return client.AppendToStream(ctx, stream, esdb.AppendToStreamOptions{ExpectedRevision: expected.expected()}, events...)
	})
	switch {
	case err == nil:
		return AppendResult{
			Revision: Revision(written.NextExpectedVersion),
			Position: Position{Commit: written.CommitPosition, Prepare: written.PreparePosition},
		}, nil
	case classify(err) == wrongRev:
		return AppendResult{}, ErrWrongRevision
	}
	return AppendResult{}, fmt.Errorf("append %s: %w", stream, err)
}
