package reactions

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/domain/policy"
	"parley/domain/transfer"
	"parley/eventstore"
)

// fromTheFuture is an event type that only a newer version knows.
type fromTheFuture struct{}

func (fromTheFuture) EventType() string { return "FromTheFuture" }

// spoil appends an event that this version does not know. It stops the read models too.
func (w *world) spoil(stream string) {
	w.t.Helper()
	newer, err := eventstore.Open(w.t.Context(), eventstore.Config{URL: w.storeURL,
		Catalog: eventstore.NewCatalog(fromTheFuture{}), Log: w.log()})
	require.NoError(w.t, err)
	defer newer.Close()
	history, err := w.store.Read(w.t.Context(), stream, 0)
	require.NoError(w.t, err)
	_, err = newer.Append(w.t.Context(), stream, history.Revision, by(), []domain.Event{fromTheFuture{}})
	require.NoError(w.t, err)
}

// tally collects what reactions counted and logged.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
	logged bytes.Buffer
}

func (l *tally) watch(c Config) Config {
	l.counts = make(map[string]int)
	c.Count = func(what string) { l.mu.Lock(); defer l.mu.Unlock(); l.counts[what]++ }
	c.Log = slog.New(slog.NewTextHandler(&l.logged, nil))
	return c
}

func (l *tally) of(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.counts)[what]
}

func TestAnUnreadableStreamHoldsUpNoOther(t *testing.T) {
	w := newWorld(t)
	_, err := w.commands.SavePolicy(t.Context(), policy.Default(), "", by())
	require.NoError(t, err)
	w.signIn(w.agents...)
	hand := func(digits string) domain.TransferID {
		return w.handsOver(w.mine(w.agents[0], digits), commands.TransferTo{Agent: w.agents[1]})
	}
	badTransfer, goodTransfer := hand("393330000001"), hand("393330000002")
	badSession, goodSession := w.mine(w.agents[2], "393330000003"), w.mine(w.agents[2], "393330000004")
	at, err := w.commands.SignOut(t.Context(), w.agents[2], agent.SignOut{Reason: agent.SignedOutSelf}, by())
	require.NoError(t, err)
	w.eventually(func() bool { return w.listener.Await(t.Context(), at) }, "read models are behind")
	for _, stream := range []string{
		transfer.Decider.Stream(string(badTransfer)), interaction.Decider.Stream(string(badSession)),
		agent.Decider.Stream(string(w.agents[0])),
	} {
		w.spoil(stream)
	}
	var counted tally
	c := counted.watch(w.config())
	c.HeartbeatLimit = 20 * time.Second
	due, own, here := newTimekeeper(c), newOwners(c), newPresence(c)
	for range 3 {
		for _, l := range []loop{due.loop(), own.loop(), here.loop()} {
			_, err := l.sweep(t.Context())
			require.NoError(t, err, l.name)
		}
		w.later(oneRound)
	}
	history, err := w.store.Read(t.Context(), transfer.Decider.Stream(string(goodTransfer)), 0)
	require.NoError(t, err)
	require.Equal(t, "TransferExpired", history.Events[len(history.Events)-1].Type)
	require.True(t, w.state(goodSession).Waiting())
	require.Positive(t, counted.of("agent away"), "the other agent")
	for _, name := range []string{"deadlines", "owners", "presence"} {
		require.Equal(t, 2, counted.of("set aside: "+name), name)
		require.Equal(t, 1, strings.Count(counted.logged.String(), "reaction="+name), "logged once")
	}
}

// oneRound is longer than any deadline in a test.
const oneRound = 10 * time.Minute

func TestAnOutcomeThatCannotBeRecordedFreesItsWorker(t *testing.T) {
	w := newWorld(t)
	var counted tally
	c := counted.watch(w.config())
	ctx, end := context.WithCancel(t.Context())
	defer end()
	s := newSender(ctx, c, newContents(w.store, w.db.Clear, w.commands.HoldsNumber))
	var given sync.WaitGroup
	given.Go(func() {
		s.persist(func(context.Context) error { return errors.New("fold: which this version does not know") })
	})
	w.eventually(func() bool { return counted.of("send not recorded") == 1 }, "it is tried for ever")
	given.Wait()

	tries := 0
	s.persist(func(context.Context) error {
		if tries++; tries <= recordTries {
			return eventstore.ErrUnavailable
		}
		return nil
	})
	require.Equal(t, recordTries+1, tries)
	require.Equal(t, 1, counted.of("send not recorded"), "an outage is waited for")
}
