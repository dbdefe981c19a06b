package eventstore

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"parley/domain"
)

// long reports whether the fault tests run with their full counts.
func long() bool { return os.Getenv("PARLEY_LONG") == "1" }

// Without the gate the client would be dead after one second without a server, and callers would hang in it.
func TestTheStoreSurvivesAFourSecondOutage(t *testing.T) {
	w := newWorld(t)
	s := w.store()
	stream := newStream()
	_, err := s.Append(withTimeout(t, patience), stream, NoStream, command(), []domain.Event{started(0)})
	require.NoError(t, err)
	watched := w.watch(s, Position{})
	watched.waitFor(1)

	w.node.Stop()
	patient := make(chan error, 1)
	go func() {
		_, err := s.Append(withTimeout(t, patience), stream, 0, command(), []domain.Event{started(1)})
		patient <- err
	}()
	began := time.Now()
	for time.Since(began) < 4*time.Second {
		var callers sync.WaitGroup
		for range 5 {
			callers.Go(func() {
				asked := time.Now()
				ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
				defer cancel()
				_, err := s.Append(ctx, newStream(), NoStream, command(), []domain.Event{started(1)})
				assert.ErrorIs(t, err, ErrUnavailable)
				_, err = s.Read(ctx, stream, 0)
				assert.ErrorIs(t, err, ErrUnavailable)
				assert.Less(t, time.Since(asked), patience)
			})
		}
		callers.Wait()
	}
	require.False(t, s.Healthy())
	require.Error(t, s.LastError())

	w.startNode()
	require.NoError(t, <-patient)
	require.True(t, s.Healthy())
	require.NoError(t, s.LastError())
	watched.waitFor(2)
	watched.sameAs(s)
}

func TestAnAppendWithALostReplyIsWrittenOnce(t *testing.T) {
	w := newWorld(t)
	p := newProxy(t, w.node.Addr())
	s, direct := w.store(p.address()), w.store()
	trials := 20
	if long() {
		trials = 1000
	}
	for i := range trials {
		require.NoError(t, s.Wait(withTimeout(t, patience)))
		stream := newStream()
		p.mute.Store(true)
		answered := make(chan error, 1)
		go func() {
			_, err := s.Append(withTimeout(t, patience), stream, NoStream, command(),
				[]domain.Event{started(i), queued("ana", "x")})
			answered <- err
		}()
		require.Eventually(t, func() bool {
			h, err := direct.Read(withTimeout(t, patience), stream, 0)
			return err == nil && len(h.Events) == 2
		}, patience, 5*time.Millisecond)
		p.mute.Store(false)
		p.cut()
		require.NoError(t, <-answered)
		h, err := direct.Read(withTimeout(t, patience), stream, 0)
		require.NoError(t, err)
		require.Len(t, h.Events, 2)
	}
}

func TestASilentPeerIsDetected(t *testing.T) {
	w := newWorld(t)
	p := newProxy(t, w.node.Addr())
	s := w.store(p.address())
	watched := w.watch(s, Position{})
	require.NoError(t, s.Wait(withTimeout(t, patience)))
	p.mute.Store(true)
	require.Eventually(t, func() bool { return !s.Healthy() }, patience, 50*time.Millisecond)
	p.mute.Store(false)
	require.NoError(t, s.Wait(withTimeout(t, patience)))
	_, err := s.Append(withTimeout(t, patience), newStream(), NoStream, command(), []domain.Event{started(1)})
	require.NoError(t, err)
	watched.waitFor(1)
}

func TestConcurrentWritersOfOneStreamNeverShareARevision(t *testing.T) {
	s := newWorld(t).store()
	stream := newStream()
	var writing sync.WaitGroup
	for range 8 {
		writing.Go(func() {
			for written := 0; written < 10; {
				h, err := s.Read(withTimeout(t, patience), stream, 0)
				require.NoError(t, err)
				_, err = s.Append(withTimeout(t, patience), stream, h.Revision, command(), []domain.Event{started(1)})
				if err == nil {
					written++
				} else {
					require.ErrorIs(t, err, ErrWrongRevision)
				}
			}
		})
	}
	writing.Wait()
	h, err := s.Read(withTimeout(t, patience), stream, 0)
	require.NoError(t, err)
	require.Equal(t, Revision(79), h.Revision)
}

// watched records what a subscription delivers.
type watched struct {
	t    *testing.T
	mu   sync.Mutex
	seen []Recorded
	last Batch
}

// watch subscribes until the test ends.
func (w *world) watch(s *Store, after Position) *watched {
	got := &watched{t: w.t}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Subscribe(ctx, after, got.take) }()
	w.t.Cleanup(func() {
		cancel()
		require.NoError(w.t, <-ended)
	})
	return got
}

func (g *watched) take(_ context.Context, b Batch) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.last.Through.After(b.Through) || len(b.Events) > 0 && b.Through == g.last.Through {
		return fmt.Errorf("batch through %v after %v", b.Through, g.last.Through)
	}
	g.seen = append(g.seen, b.Events...)
	g.last = b
	return nil
}

func (g *watched) waitFor(events int) {
	g.t.Helper()
	require.Eventually(g.t, func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return len(g.seen) >= events && g.last.CaughtUp
	}, patience, 5*time.Millisecond)
}

// sameAs requires that every event of the log was delivered once, in order.
func (g *watched) sameAs(s *Store) {
	g.t.Helper()
	var want []uuid.UUID
	for e, err := range s.ReadAll(withTimeout(g.t, patience), Position{}) {
		require.NoError(g.t, err)
		want = append(want, e.ID)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	got := make([]uuid.UUID, len(g.seen))
	for i, e := range g.seen {
		got[i] = e.ID
		require.True(g.t, i == 0 || e.Position.After(g.seen[i-1].Position))
	}
	require.Equal(g.t, want, got)
}

// The client of a retired connection may be closed already; entering again would close it twice.
func TestARetiredConnectionCannotBeEnteredAgain(t *testing.T) {
	s := newWorld(t).store()
	retired, err := s.gate.acquire(t.Context())
	require.NoError(t, err)
	retired.retire(errLost)
	retired.release()

	require.ErrorIs(t, retired.enter(), errLost)
	require.ErrorIs(t, retired.probe(t.Context(), time.Second), errLost)
	s.gate.admit(retired)
	next, err := s.gate.acquire(t.Context())
	require.NoError(t, err)
	defer next.release()
	require.NotSame(t, retired, next)
}
