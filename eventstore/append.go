package eventstore

import (
	"context"
	"fmt"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"parley/domain"
)

// AppendResult says where an append was written.
type AppendResult struct {
	Revision Revision // of the last event appended
	Position Position // of the last event appended
}

// Change holds the events of one command, with their metadata.
type Change struct {
	Meta   Metadata
	Events []domain.Event
}

// Append writes the command's events to the stream, all or none, provided the stream is at the expected revision.
// If the reply is lost, the same request is repeated until ctx ends; the event ids prevent a second write.
//
// Errors: ErrWrongRevision; ErrTooLarge above MaxAppend bytes; seal.ErrErased when an event holds personal
// data of an erased person; ErrUnavailable when ctx's deadline passes or the keys cannot be loaded; ErrMoving
// while appends are held for a move.
func (s *Store) Append(
	ctx context.Context, stream string, expected Revision, meta Metadata, events []domain.Event,
) (AppendResult, error) {
	return s.AppendChanges(ctx, stream, expected, Change{Meta: meta, Events: events})
}

// AppendChanges appends the events of several commands in one write. Each command
// keeps its own metadata and event ids.
func (s *Store) AppendChanges(
	ctx context.Context, stream string, expected Revision, changes ...Change,
) (AppendResult, error) {
	events, err := s.encode(ctx, stream, changes)
	if err != nil {
		return AppendResult{}, err
	}
	if len(events) == 0 {
		return AppendResult{}, fmt.Errorf("append %s: no events", stream)
	}
	return s.write(ctx, stream, expected, events)
}

// Events converts an aggregate's events to the slice type Append takes.
func Events[E domain.Event](events []E) []domain.Event {
	all := make([]domain.Event, len(events))
	for i, e := range events {
		all[i] = e
	}
	return all
}

// write appends encoded events at an exact revision. Only an exact revision makes repeating the request safe.
func (s *Store) write(
	ctx context.Context, stream string, expected Revision, events []esdb.EventData,
) (AppendResult, error) {
	if err := s.hold.enter(); err != nil {
		return AppendResult{}, err
	}
	defer s.hold.open.Done()
	written, err := retryOn(ctx, s, s.writes, func(ctx context.Context, client *esdb.Client) (*esdb.WriteResult, error) {
		return client.AppendToStream(ctx, stream,
			esdb.AppendToStreamOptions{ExpectedRevision: expected.expected()}, events...)
	})
	switch {
	case err == nil:
		s.writes.succeeded()
		return AppendResult{
			Revision: Revision(written.NextExpectedVersion),
			Position: Position{Commit: written.CommitPosition, Prepare: written.PreparePosition},
		}, nil
	case classify(err) == wrongRevision:
		return AppendResult{}, ErrWrongRevision
	}
	return AppendResult{}, fmt.Errorf("append %s: %w", stream, err)
}
