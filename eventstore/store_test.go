package eventstore

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
	"parley/internal/seal"
)

func TestAppendedEventsAreReadBack(t *testing.T) {
	w := newWorld(t)
	s := w.store()
	ctx := withTimeout(t, patience)
	stream, meta := newStream(), command()
	meta.CorrelationID, meta.CausationID, meta.Digest = "because", "of this", "d1"

	empty, err := s.Read(ctx, stream, 0)
	require.NoError(t, err)
	require.Equal(t, History{Revision: NoStream}, empty)

	events := []domain.Event{started(1), queued("ana", "hello")}
	done, err := s.Append(ctx, stream, empty.Revision, meta, events)
	require.NoError(t, err)
	require.Equal(t, Revision(1), done.Revision)

	h, err := s.Read(ctx, stream, 0)
	require.NoError(t, err)
	require.Equal(t, done.Revision, h.Revision)
	require.Equal(t, done.Position, h.Position)
	require.Len(t, h.Events, 2)
	for i, e := range h.Events {
		require.Equal(t, events[i], e.Event)
		require.Equal(t, EventID(meta.CommandID, stream, i), e.ID)
		require.Equal(t, meta, e.Metadata)
		require.Equal(t, uint64(i), e.Revision)
		require.Equal(t, "interaction", e.Aggregate)
		require.Equal(t, stream, e.Aggregate+"-"+e.AggregateID)
		require.WithinDuration(t, time.Now(), e.Created, time.Minute)
	}

	tail, err := s.Read(ctx, stream, 1)
	require.NoError(t, err)
	require.Equal(t, h.Events[1:], tail.Events)
	past, err := s.Read(ctx, stream, 2)
	require.NoError(t, err)
	require.Equal(t, History{Revision: 1}, past)

	last, err := s.Last(ctx)
	require.NoError(t, err)
	require.Equal(t, h.Position, last)
}

func TestAnAppendAtAnotherRevisionIsRefused(t *testing.T) {
	s := newWorld(t).store()
	ctx, stream := withTimeout(t, patience), newStream()
	_, err := s.Append(ctx, stream, NoStream, command(), []domain.Event{started(1)})
	require.NoError(t, err)
	for _, wrong := range []Revision{NoStream, 1, 7} {
		_, err = s.Append(ctx, stream, wrong, command(), []domain.Event{started(2)})
		require.ErrorIs(t, err, ErrWrongRevision, wrong)
	}
}

func TestTheSameCommandAppendedTwiceIsWrittenOnce(t *testing.T) {
	s := newWorld(t).store()
	ctx, stream, meta := withTimeout(t, patience), newStream(), command()
	first, err := s.Append(ctx, stream, NoStream, meta, []domain.Event{started(1), queued("ana", "x")})
	require.NoError(t, err)
	again, err := s.Append(ctx, stream, NoStream, meta, []domain.Event{started(1), queued("ana", "x")})
	require.NoError(t, err)
	require.Equal(t, first, again)
}

func TestSeveralCommandsShareOneAppend(t *testing.T) {
	s := newWorld(t).store()
	ctx, stream := withTimeout(t, patience), newStream()
	one, two := command(), command()
	done, err := s.AppendChanges(ctx, stream, NoStream,
		Change{Meta: one, Events: []domain.Event{started(1)}}, Change{Meta: two, Events: []domain.Event{started(2)}})
	require.NoError(t, err)
	require.Equal(t, Revision(1), done.Revision)
	h, err := s.Read(ctx, stream, 0)
	require.NoError(t, err)
	require.Equal(t, one, h.Events[0].Metadata)
	require.Equal(t, two, h.Events[1].Metadata)
	require.Equal(t, EventID(two.CommandID, stream, 0), h.Events[1].ID)
}

func TestAnOversizedAppendIsRefusedBeforeItIsSent(t *testing.T) {
	s := newWorld(t).store()
	ctx, stream := withTimeout(t, patience), newStream()
	_, err := s.Append(ctx, stream, NoStream, command(), []domain.Event{queued("ana", strings.Repeat("x", MaxAppend))})
	require.ErrorIs(t, err, ErrTooLarge)
	half := []domain.Event{queued("ana", strings.Repeat("x", 400_000))}
	_, err = s.Append(ctx, stream, NoStream, command(), half)
	require.NoError(t, err)
}

func TestPersonalDataIsSealedAndGoneAfterErasure(t *testing.T) {
	w := newWorld(t)
	s := w.store()
	ctx, stream := withTimeout(t, patience), newStream()
	address := domain.AddressID(uuid.NewString())
	_, err := s.Append(ctx, stream, NoStream, command(), []domain.Event{queued(address, "my secret")})
	require.NoError(t, err)

	h, err := s.Read(ctx, stream, 0)
	require.NoError(t, err)
	require.NotContains(t, string(h.Events[0].Raw), "secret")
	require.Contains(t, string(h.Events[0].Raw), `"subject":"`+string(address)+`"`)
	require.False(t, h.Events[0].Erased)

	require.NoError(t, w.keys.Destroy(ctx, string(address)))
	h, err = s.Read(ctx, stream, 0)
	require.NoError(t, err)
	require.True(t, h.Events[0].Erased)
	erased := h.Events[0].Event.(interaction.MessageQueued)
	require.Zero(t, erased.Content)
	require.Equal(t, address, erased.AddressID)
}

func TestSealedDataMovedToAnotherStreamIsNotDecrypted(t *testing.T) {
	w := newWorld(t)
	s := w.store()
	ctx, stream, other := withTimeout(t, patience), newStream(), newStream()
	_, err := s.Append(ctx, stream, NoStream, command(), []domain.Event{queued("ana", "my secret")})
	require.NoError(t, err)
	h, err := s.Read(ctx, stream, 0)
	require.NoError(t, err)
	w.appendRaw(other, h.Events[0].Type, string(h.Events[0].Raw), `{}`)
	h, err = s.Read(ctx, other, 0)
	require.NoError(t, err)
	require.IsType(t, Unknown{}, h.Events[0].Event)
}

func TestAnUnreadableEventIsReturnedAsUnknown(t *testing.T) {
	w := newWorld(t)
	s := w.store()
	stream := newStream()
	w.appendRaw(stream, "InteractionBeamedUp", `{"to":"mars"}`, `{"schema":"1"}`)
	w.appendRaw(stream, "InteractionMessageSendStarted", `{"messageId":"m"}`, `{"schema":"2"}`)
	w.appendRaw(stream, "InteractionMessageSendStarted", `{"messageId":7}`, `{"schema":"1"}`)
	w.appendRaw(stream, "InteractionMessageSendStarted", `not json`, `nor this`)
	w.appendRaw(stream, "InteractionMessageQueued", `{"subject":"x","sealed":"!"}`, ``)
	w.appendRaw(stream, "InteractionMessageQueued", `{"subject":"x","sealed":"aGVsbG8="}`, ``)
	h, err := s.Read(withTimeout(t, patience), stream, 0)
	require.NoError(t, err)
	require.Len(t, h.Events, 6)
	for _, e := range h.Events {
		u, ok := e.Event.(Unknown)
		require.True(t, ok, "%+v", e.Event)
		require.Equal(t, e.Type, u.EventType())
		require.NotEmpty(t, u.Reason)
		require.Equal(t, e.Raw, u.Data)
	}
}

func TestReadAllReturnsThisProgramsEventsInLogOrder(t *testing.T) {
	w := newWorld(t)
	s := w.store()
	ctx := withTimeout(t, patience)
	var want []uuid.UUID
	var middle Position
	for i := range 10 {
		stream := newStream()
		w.appendRaw("elsewhere-"+uuid.NewString(), "Other", `{}`, ``)
		meta := command()
		done, err := s.Append(ctx, stream, NoStream, meta, []domain.Event{started(i), queued("ana", "x")})
		require.NoError(t, err)
		want = append(want, EventID(meta.CommandID, stream, 0), EventID(meta.CommandID, stream, 1))
		if i == 4 {
			middle = done.Position
		}
	}
	ids := func(after Position) (got []uuid.UUID) {
		for e, err := range s.ReadAll(ctx, after) {
			require.NoError(t, err)
			got = append(got, e.ID)
		}
		return got
	}
	require.Equal(t, want, ids(Position{}))
	require.Equal(t, want[10:], ids(middle))
	for range s.ReadAll(ctx, Position{}) {
		break // must not leave a goroutine running
	}
}

func TestTheNextEventIsFoundBehindManyOfOtherPrograms(t *testing.T) {
	w := newWorld(t)
	s := w.store()
	ctx := withTimeout(t, patience)
	first, err := s.Append(ctx, newStream(), NoStream, command(), []domain.Event{started(1)})
	require.NoError(t, err)
	for range 20 {
		w.appendRaw("elsewhere-"+uuid.NewString(), "Other", `{}`, ``)
	}
	_, found, err := s.NextWritten(ctx, first.Position)
	require.NoError(t, err)
	require.False(t, found, "none of them is ours")

	stream := newStream()
	_, err = s.Append(ctx, stream, NoStream, command(), []domain.Event{started(2), started(3)})
	require.NoError(t, err)
	h, err := s.Read(ctx, stream, 0)
	require.NoError(t, err)
	written, found, err := s.NextWritten(ctx, first.Position)
	require.NoError(t, err)
	require.True(t, found)
	require.WithinDuration(t, h.Events[0].Created, written, 0)
}

func TestACancelledCallReturnsContextCanceled(t *testing.T) {
	s := newWorld(t).store()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := s.Read(ctx, newStream(), 0)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, ErrUnavailable)
}

func TestAClosedStoreFailsCallsImmediately(t *testing.T) {
	s := newWorld(t).store()
	require.NoError(t, s.Wait(withTimeout(t, patience)))
	ended := make(chan error)
	go func() {
		ended <- s.Subscribe(context.Background(), Position{}, func(context.Context, Batch) error { return nil })
	}()
	s.Close()
	require.ErrorIs(t, <-ended, ErrClosed)
	_, err := s.Read(context.Background(), newStream(), 0)
	require.ErrorIs(t, err, ErrClosed)
	require.False(t, s.Healthy())
}

func TestPositionsSurviveFormattingAndParsing(t *testing.T) {
	p := Position{Commit: 12, Prepare: 11}
	got, err := ParsePosition(p.String())
	require.NoError(t, err)
	require.Equal(t, p, got)
	for _, bad := range []string{"", "12", "C:1", "C:1/P:", "C:-1/P:1", "P:1/C:1", "C:1/P:18446744073709551615"} {
		_, err := ParsePosition(bad)
		require.Error(t, err, bad)
	}
	require.True(t, Position{2, 2}.After(Position{1, 9}))
	require.True(t, Position{2, 2}.After(Position{2, 1}))
	require.False(t, Position{2, 2}.After(Position{2, 2}))
}

// appendRaw writes an event the way another program would.
func (w *world) appendRaw(stream, eventType, data, meta string) {
	w.t.Helper()
	config, err := esdb.ParseConnectionString(w.node.URL())
	require.NoError(w.t, err)
	config.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(config)
	require.NoError(w.t, err)
	defer client.Close()
	_, err = client.AppendToStream(withTimeout(w.t, patience), stream,
		esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}},
		esdb.EventData{EventID: uuid.New(), EventType: eventType, ContentType: esdb.ContentTypeJson,
			Data: []byte(data), Metadata: []byte(meta)})
	require.NoError(w.t, err)
}

func TestPersonalDataOfAnErasedPersonIsRefused(t *testing.T) {
	w := newWorld(t)
	s := w.store()
	require.NoError(t, w.keys.Destroy(withTimeout(t, patience), "ana"))
	stream := newStream()
	_, err := s.Append(withTimeout(t, patience), stream, NoStream, command(), []domain.Event{queued("ana", "x")})
	require.ErrorIs(t, err, seal.ErrErased)
	h, err := s.Read(withTimeout(t, patience), stream, 0)
	require.NoError(t, err)
	require.Equal(t, NoStream, h.Revision)
}
