package eventstore

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/internal/faultynode"
	"parley/internal/node"
)

// faulty returns a store on an event store that can be made to misbehave.
func (w *world) faulty() (*faultynode.Node, *Store) {
	w.t.Helper()
	n := faultynode.Start(w.t, w.node.Addr())
	return n, w.store(n.Addr())
}

// appends writes an event to a new stream and returns its id.
func (w *world) appends(s *Store) uuid.UUID {
	w.t.Helper()
	stream := newStream()
	_, err := s.Append(withTimeout(w.t, patience), stream, NoStream, command(), []domain.Event{started(1)})
	require.NoError(w.t, err)
	h, err := s.Read(withTimeout(w.t, patience), stream, 0)
	require.NoError(w.t, err)
	return h.Events[0].ID
}

// delivered collects the ids of the events that a subscription delivers.
type collected struct {
	mu  sync.Mutex
	ids []uuid.UUID
}

func (c *collected) take(_ context.Context, b Batch) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range b.Events {
		c.ids = append(c.ids, e.ID)
	}
	return nil
}

func (c *collected) all() []uuid.UUID {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]uuid.UUID(nil), c.ids...)
}

// collect subscribes from the start. ended returns why the subscription ended.
func (w *world) collect(s *Store) (got *collected, ended <-chan error) {
	got = new(collected)
	ctx, cancel := context.WithCancel(context.Background())
	why, gone := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(gone)
		why <- s.Subscribe(ctx, Position{}, got.take)
	}()
	w.t.Cleanup(func() { cancel(); <-gone })
	return got, why
}

func (w *world) requireDelivered(want []uuid.UUID, got *collected) {
	w.t.Helper()
	require.Eventually(w.t, func() bool { return len(got.all()) >= len(want) }, patience, 5*time.Millisecond)
	require.Equal(w.t, want, got.all())
}

func TestAnEventBehindACheckpointIsDeliveredAllTheSameAndCounted(t *testing.T) {
	w := newWorld(t)
	n, s := w.faulty()
	want := []uuid.UUID{w.appends(s), w.appends(s)}
	n.Set(faultynode.EarlyCheckpoints, true)
	got, _ := w.collect(s)
	w.requireDelivered(want, got)
	want = append(want, w.appends(s)) // live
	w.requireDelivered(want, got)
	require.Positive(t, s.Late())
}

func TestWhatAnEventStoreRepeatsIsDeliveredOnce(t *testing.T) {
	w := newWorld(t)
	n, s := w.faulty()
	n.Set(faultynode.RepeatsEvents, true)
	n.Set(faultynode.RepeatsCheckpoints, true)
	want := []uuid.UUID{w.appends(s), w.appends(s)}
	got, _ := w.collect(s)
	w.requireDelivered(want, got)
	w.requireDelivered(append(want, w.appends(s)), got)
	require.Zero(t, s.Late(), "a repetition was taken for an event that came too late")
}

func TestASubscriptionEndsWhenItsLastEventIsNoLongerWhereItWas(t *testing.T) {
	w := newWorld(t)
	shorter := anotherWorld(t)
	shorter.appends(shorter.store())
	for name, replace := range map[string]func(*faultynode.Node){
		"the log is shorter":      func(n *faultynode.Node) { n.Serve(shorter.node.Addr()) },
		"the position is refused": func(n *faultynode.Node) { n.Set(faultynode.RefusesPositions, true) },
	} {
		t.Run(name, func(t *testing.T) {
			n := faultynode.Start(t, w.node.Addr())
			s := w.store(n.Addr())
			w.appends(s)
			last := w.appends(s)
			got, ended := w.collect(s)
			require.Eventually(t, func() bool {
				all := got.all()
				return len(all) > 0 && all[len(all)-1] == last
			}, patience, 5*time.Millisecond)
			replace(n)
			select {
			case err := <-ended:
				require.ErrorIs(t, err, ErrReplaced)
			case <-time.After(patience):
				require.Fail(t, "the subscription continues")
			}
		})
	}
}

func TestAnEventStoreWithoutAMajorityIsReadableAndNotWritable(t *testing.T) {
	w := newWorld(t)
	n, s := w.faulty()
	want := []uuid.UUID{w.appends(s)}
	require.NoError(t, s.Writable())
	n.Set(faultynode.TakesNoEvents, true)
	require.Eventually(t, func() bool { return s.Healthy() && s.Writable() != nil }, patience, 10*time.Millisecond)
	got, _ := w.collect(s)
	w.requireDelivered(want, got)
	_, err := s.Append(withTimeout(t, 300*time.Millisecond), newStream(), NoStream, command(), []domain.Event{started(1)})
	require.ErrorIs(t, err, ErrUnavailable)
	require.True(t, s.Healthy(), "an append that cannot be taken cost the connection")

	n.Set(faultynode.TakesNoEvents, false)
	w.requireDelivered(append(want, w.appends(s)), got)
	require.NoError(t, s.Writable())
}

func TestAnAppendSurvivesWhatServersDoToIt(t *testing.T) {
	w := newWorld(t)
	n, s := w.faulty()
	require.NoError(t, s.Wait(withTimeout(t, patience)))
	for name, misbehave := range map[string]func() (end func()){
		"the node is not the leader": func() func() {
			n.Set(faultynode.NotLeader, true)
			return func() { n.Set(faultynode.NotLeader, false) }
		},
		"the server ends the call early": func() func() {
			n.Set(faultynode.EndsAppends, true)
			return func() { n.Set(faultynode.EndsAppends, false) }
		},
		"the server freezes in the middle": n.Freeze,
	} {
		t.Run(name, func(t *testing.T) {
			stream, meta := newStream(), command()
			var many []domain.Event
			for i := range 500 {
				many = append(many, started(i))
			}
			end := misbehave()
			answered := make(chan error, 1)
			go func() {
				_, err := s.Append(withTimeout(t, patience), stream, NoStream, meta, many)
				answered <- err
			}()
			select {
			case err := <-answered:
				require.Fail(t, "the append has an answer already", "%v", err)
			case <-time.After(200 * time.Millisecond):
			}
			end()
			require.NoError(t, <-answered)
			h, err := s.Read(withTimeout(t, patience), stream, 0)
			require.NoError(t, err)
			require.Len(t, h.Events, len(many))
		})
	}
}

func TestAMissingRightIsNamedAtOnceAndSubscriptionsContinueWhenItIsGranted(t *testing.T) {
	w := newWorld(t)
	n := faultynode.Start(t, w.node.Addr())
	n.Set(faultynode.DeniesAll, true)
	s := w.store(n.Addr())
	requireRefused(t, s, "EVENTSTORE_RIGHT_MISSING", "read $all")
	got, _ := w.collect(s)
	n.Set(faultynode.DeniesAll, false)
	require.Eventually(t, func() bool { return s.Healthy() }, patience, 10*time.Millisecond)
	want := []uuid.UUID{w.appends(s)}
	w.requireDelivered(want, got)

	n.Set(faultynode.DeniesAll, true) // while the program runs
	require.Eventually(t, func() bool { return s.LastError() != nil && strings.Contains(s.LastError().Error(), "$all") },
		patience, 10*time.Millisecond)
	n.Set(faultynode.DeniesAll, false)
	require.Eventually(t, func() bool { return s.Healthy() }, patience, 10*time.Millisecond)
	w.requireDelivered(append(want, w.appends(s)), got)
}

// requireRefused requires that the store says why the event store refuses it, without waiting.
func requireRefused(t *testing.T, s *Store, code, about string) {
	t.Helper()
	asked := make(chan error, 1)
	go func() { asked <- s.Wait(context.Background()) }() // without a deadline
	select {
	case err := <-asked:
		var refused *Refused
		require.ErrorAs(t, err, &refused)
		require.Equal(t, code, refused.Code, refused)
		require.Contains(t, refused.Error(), about)
		require.ErrorIs(t, err, ErrUnavailable)
	case <-time.After(patience):
		require.Fail(t, "it still waits", "%v", s.LastError())
	}
}

func TestTheReasonWhyItDoesNotConnectIsSaidAtOnce(t *testing.T) {
	w := newWorld(t)
	identity, err := node.OpenIdentity(filepath.Join(t.TempDir(), "node"))
	require.NoError(t, err)
	secure, err := node.Start(context.Background(),
		identity.Secure(node.Config{DatabaseURL: w.database, Listen: "127.0.0.1:0", Log: testLog(t)}, nil))
	require.NoError(t, err)
	t.Cleanup(secure.Stop)
	right, err := url.Parse(identity.URL(secure))
	require.NoError(t, err)
	change := func(edit func(u *url.URL, q url.Values)) string {
		u := *right
		q := u.Query()
		edit(&u, q)
		u.RawQuery = q.Encode()
		return u.String()
	}
	for _, c := range []struct{ name, url, code, about string }{
		{"the password is wrong", change(func(u *url.URL, _ url.Values) { u.User = url.UserPassword("parley", "wrong") }),
			"EVENTSTORE_PASSWORD_WRONG", "parley"},
		{"no user is named", change(func(u *url.URL, _ url.Values) { u.User = nil }), "EVENTSTORE_USER_MISSING", "EVENTSTORE_URL"},
		{"the authority is unknown", change(func(_ *url.URL, q url.Values) { q.Del("tlsCaFile") }), "EVENTSTORE_CA_UNKNOWN", "tlsCaFile"},
		{"TLS only there", change(func(_ *url.URL, q url.Values) { q.Set("tls", "false") }), "EVENTSTORE_WANTS_TLS", "tls=false"},
		{"TLS only here", "esdb://" + w.node.Addr(), "EVENTSTORE_WITHOUT_TLS", "tls=false"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Open(t.Context(), Config{URL: c.url, Catalog: All(), Keys: w.keys, Log: testLog(t)})
			require.NoError(t, err)
			defer s.Close()
			requireRefused(t, s, c.code, c.about)
		})
	}
}

func TestTheVendorsNewSchemeIsAccepted(t *testing.T) {
	w := newWorld(t)
	for _, scheme := range []string{"kurrentdb", "kurrentdb+discover"} {
		s, err := Open(t.Context(), Config{URL: scheme + "://" + w.node.Addr() + "?tls=false", Catalog: All(), Keys: w.keys,
			Log: testLog(t)})
		require.NoError(t, err)
		require.NoError(t, s.Wait(withTimeout(t, patience)), scheme)
		s.Close()
	}
}

func TestAUserIsAllowedToReadAllBesideThoseWhoMayAlready(t *testing.T) {
	w := newWorld(t)
	ctx := withTimeout(t, patience)
	require.NoError(t, AllowReadingAll(ctx, w.node.URL(), "ann"))
	require.NoError(t, AllowReadingAll(ctx, w.node.URL(), "parley"))
	require.NoError(t, AllowReadingAll(ctx, w.node.URL(), "parley"))
	config, err := esdb.ParseConnectionString(w.node.URL())
	require.NoError(t, err)
	client, err := esdb.NewClient(config)
	require.NoError(t, err)
	defer client.Close()
	read, err := client.ReadStream(ctx, "$settings", esdb.ReadStreamOptions{From: esdb.Start{}}, 10)
	require.NoError(t, err)
	defer read.Close()
	events, err := receive(read, 10)
	require.NoError(t, err)
	require.Len(t, events, 2, "allowing a user twice changes nothing")
	require.Equal(t, "update-default-acl", events[1].EventType)
	require.JSONEq(t, `{
		"$userStreamAcl": {"$r": "$all", "$w": "$all", "$d": "$all", "$mr": "$all", "$mw": "$all"},
		"$systemStreamAcl": {"$r": ["$admins", "ann", "parley"], "$w": "$admins", "$d": "$admins", "$mr": "$admins",
			"$mw": "$admins"}}`, string(events[1].Data))
}
