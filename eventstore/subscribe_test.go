package eventstore

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
)

func TestASubscriptionDeliversHistoryInBatchesOfAtMostAThousand(t *testing.T) {
	w := newWorld(t)
	s := w.store()
	const events = 2500
	stream := newStream()
	for at := 0; at < events; at += 500 {
		var group []domain.Event
		for i := range 500 {
			group = append(group, started(at+i))
		}
		_, err := s.Append(withTimeout(t, patience), stream, Revision(at-1), command(), group)
		require.NoError(t, err)
	}
	ctx, cancel := context.WithCancel(withTimeout(t, patience))
	defer cancel()
	seen := 0
	err := s.Subscribe(ctx, Position{}, func(_ context.Context, b Batch) error {
		require.LessOrEqual(t, len(b.Events), 1000)
		for _, e := range b.Events {
			require.Equal(t, started(seen), e.Event)
			seen++
		}
		if b.CaughtUp {
			cancel()
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, events, seen)
}

func TestASubscriptionEndsWithItsConsumersErrorAndCanBeResumed(t *testing.T) {
	s := newWorld(t).store()
	stream := newStream()
	first, err := s.Append(withTimeout(t, patience), stream, NoStream, command(), []domain.Event{started(0)})
	require.NoError(t, err)
	enough := errors.New("enough")
	var through Position
	err = s.Subscribe(withTimeout(t, patience), Position{}, func(_ context.Context, b Batch) error {
		through = b.Through
		return enough
	})
	require.ErrorIs(t, err, enough)
	require.Equal(t, first.Position, through)

	second, err := s.Append(withTimeout(t, patience), stream, 0, command(), []domain.Event{started(1)})
	require.NoError(t, err)
	err = s.Subscribe(withTimeout(t, patience), through, func(_ context.Context, b Batch) error {
		require.Len(t, b.Events, 1)
		require.Equal(t, second.Position, b.Events[0].Position)
		return enough
	})
	require.ErrorIs(t, err, enough)
}

func TestASubscriptionAdvancesOverEventsOfOtherPrograms(t *testing.T) {
	w := newWorld(t)
	s := w.store()
	_, err := s.Append(withTimeout(t, patience), newStream(), NoStream, command(), []domain.Event{started(0)})
	require.NoError(t, err)
	for range 5 {
		w.appendRaw("elsewhere-"+uuid.NewString(), "Other", `{}`, ``)
	}
	end, err := s.Last(withTimeout(t, patience))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(withTimeout(t, patience))
	defer cancel()
	var events []Recorded
	var through Position
	err = s.Subscribe(ctx, Position{}, func(_ context.Context, b Batch) error {
		events, through = append(events, b.Events...), b.Through
		if b.CaughtUp {
			cancel()
		}
		return nil
	})
	require.NoError(t, err)
	require.Len(t, events, 1)
	require.Equal(t, end, through)
}

func TestAnUnknownTypeReachesTheSubscriber(t *testing.T) {
	w := newWorld(t)
	s := w.store()
	w.appendRaw(newStream(), "InteractionBeamedUp", `{}`, `{"schema":"1"}`)
	stop := errors.New("stop")
	err := s.Subscribe(withTimeout(t, patience), Position{}, func(_ context.Context, b Batch) error {
		require.IsType(t, Unknown{}, b.Events[0].Event)
		return stop
	})
	require.ErrorIs(t, err, stop)
}

func TestASubscriptionToOneTypeDeliversOnlyThatType(t *testing.T) {
	w := newWorld(t)
	s := w.store()
	ended := interaction.TransferEnded{TransferID: "t", Outcome: interaction.TransferVoided, At: time.Unix(1, 0).UTC()}
	_, err := s.Append(withTimeout(t, patience), newStream(), NoStream, command(),
		[]domain.Event{started(0), ended, started(1)})
	require.NoError(t, err)
	w.appendRaw(newStream(), ended.EventType()+"Twice", `{}`, `{"schema":"1"}`)
	ctx, cancel := context.WithCancel(withTimeout(t, patience))
	defer cancel()
	var events []Recorded
	err = s.SubscribeTo(ctx, []domain.Event{ended}, Position{}, func(_ context.Context, b Batch) error {
		events = append(events, b.Events...)
		if b.CaughtUp {
			cancel()
		}
		return nil
	})
	require.NoError(t, err)
	require.Len(t, events, 1)
	require.Equal(t, ended, events[0].Event)
}
