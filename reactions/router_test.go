package reactions

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/account"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/domain/policy"
	"parley/domain/queue"
	"parley/domain/user"
	"parley/projections/waiting"
)

// offers returns the offers of an interaction, in order.
func (w *world) offers(id domain.InteractionID) []interaction.Offered {
	w.t.Helper()
	var all []interaction.Offered
	for _, e := range w.history(id) {
		if o, ok := e.(interaction.Offered); ok {
			all = append(all, o)
		}
	}
	return all
}

// offered waits until an interaction has been offered n times.
func (w *world) offered(id domain.InteractionID, times int) interaction.Offered {
	w.t.Helper()
	w.eventually(func() bool { return len(w.offers(id)) >= times }, fmt.Sprintf("not offered %d times", times))
	return w.offers(id)[times-1]
}

func (w *world) changeQueue(change func(*queue.Settings)) {
	w.t.Helper()
	q := queue.Settings{Name: "Sales", Strategy: queue.BeepAll, OfferTimeout: 20, Weight: 5,
		Members: w.agents, Take: true}
	change(&q)
	_, at, err := w.commands.SaveQueue(w.t.Context(), w.queue, q, "", by())
	require.NoError(w.t, err)
	require.True(w.t, w.listener.Await(w.t.Context(), at))
}

func (w *world) changeAccount(change func(*account.Settings)) {
	w.t.Helper()
	a, err := w.accountOf(w.t.Context(), w.account)
	if err != nil { // not projected yet
		w.eventually(func() bool { a, err = w.accountOf(w.t.Context(), w.account); return err == nil }, "no account")
	}
	change(&a.Settings)
	_, at, err := w.commands.SaveAccount(w.t.Context(), w.account, a.Settings, nil, "", by())
	require.NoError(w.t, err)
	require.True(w.t, w.listener.Await(w.t.Context(), at))
}

func TestANewInteractionIsOfferedToAllFreeAgentsAndOneAccepts(t *testing.T) {
	w := newWorld(t)
	w.react()
	w.signIn(w.agents[:2]...)
	w.arrives(anna, "Hello")
	id := domain.InteractionID(w.session(anna).ID)
	offer := w.offered(id, 1)
	require.ElementsMatch(t, w.agents[:2], offer.Agents)

	w.signIn(w.agents[2]) // an agent who arrives later is offered it at once
	later := w.offered(id, 2)
	require.Equal(t, w.agents[2:], later.Agents)

	_, err := w.commands.AcceptOffer(t.Context(), id, offer.OfferID, w.agents[1], by())
	require.NoError(t, err)
	_, err = w.commands.AcceptOffer(t.Context(), id, later.OfferID, w.agents[2], by())
	require.ErrorIs(t, err, interaction.ErrAlreadyAccepted)
}

func TestAWaitingInteractionIsOfferedWhenAnAgentBecomesAvailable(t *testing.T) {
	w := newWorld(t)
	w.arrives(anna, "Anybody there?")
	id := domain.InteractionID(w.session(anna).ID)
	w.react()
	w.never(func() bool { return len(w.offers(id)) > 0 }, "no agent is available")
	w.signIn(w.agents[0])
	require.Equal(t, w.agents[:1], w.offered(id, 1).Agents)
}

func TestARejectedOfferGoesToAnotherAgent(t *testing.T) {
	w := newWorld(t)
	w.changeQueue(func(q *queue.Settings) { q.Strategy = queue.RoundRobin })
	w.react()
	w.signIn(w.agents...)
	w.arrives(anna, "Hello")
	id := domain.InteractionID(w.session(anna).ID)
	for i, a := range w.agents {
		offer := w.offered(id, i+1)
		require.Equal(t, []domain.AgentID{a}, offer.Agents)
		_, err := w.commands.RejectOffer(t.Context(), id, offer.OfferID, a, by())
		require.NoError(t, err)
	}
	w.never(func() bool { return len(w.offers(id)) > 3 }, "everyone has rejected it, so there must be a pause")
	w.later(61 * time.Second)
	require.Equal(t, w.agents[:1], w.offered(id, 4).Agents)
}

func TestManyProcessesMakeEachOfferOnce(t *testing.T) {
	w := newWorld(t)
	w.changeQueue(func(q *queue.Settings) { q.Strategy, q.OfferTimeout = queue.LeastRecent, 3600 })
	w.react()
	stop := w.react()
	w.signIn(w.agents...)
	var ids []domain.InteractionID
	for i := range count(12, 100) {
		digits := fmt.Sprintf("39333000%04d", i)
		w.arrives(digits, "Hello")
		ids = append(ids, domain.InteractionID(w.session(digits).ID))
		if i == 6 {
			stop()
		}
	}
	w.offered(ids[0], 1)
	for _, id := range ids[:12] { // three agents with five offers each
		require.Len(t, w.offered(id, 1).Agents, 1)
		require.Len(t, w.offers(id), 1)
	}
}

func TestAnOfferExpiresOnceEvenAfterARestart(t *testing.T) {
	w := newWorld(t)
	stop := w.react()
	w.signIn(w.agents[0])
	w.arrives(anna, "Hello")
	id := domain.InteractionID(w.session(anna).ID)
	offer := w.offered(id, 1)
	stop()
	w.later(offer.ExpiresAt.Sub(w.now()) + 10*time.Millisecond)

	w.react()
	expired := func() (all []interaction.OfferExpired) {
		for _, e := range w.history(id) {
			if x, ok := e.(interaction.OfferExpired); ok {
				all = append(all, x)
			}
		}
		return all
	}
	w.eventually(func() bool { return len(expired()) > 0 }, "not expired")
	require.Equal(t, w.agents[:1], expired()[0].Missed)
	w.never(func() bool { return len(expired()) > 1 }, "expired twice")
}

func TestTheTimekeeperWakesUpAtTheNextDeadline(t *testing.T) {
	w := newWorld(t)
	w.changeQueue(func(q *queue.Settings) { q.OfferTimeout = 5 })
	w.react()
	w.signIn(w.agents[0])
	w.stopClock()
	w.arrives(anna, "Hello")
	id := domain.InteractionID(w.session(anna).ID)
	offer := w.offered(id, 1)
	w.later(4 * time.Second)
	c := w.config()
	c.Count = func(string) {}
	keeper := newTimekeeper(c)
	var wait time.Duration
	w.eventually(func() (known bool) {
		var err error
		wait, err = keeper.sweep(t.Context())
		return err == nil && wait > 0
	}, "the read models do not show the deadline")
	require.Equal(t, offer.ExpiresAt.Sub(w.now())+time.Millisecond, wait)

	w.later(time.Second)
	expired := interaction.OfferExpired{}
	w.eventually(func() bool {
		for _, e := range w.history(id) {
			if x, ok := e.(interaction.OfferExpired); ok {
				expired = x
			}
		}
		return expired.OfferID == offer.OfferID
	}, "not expired")
	require.Equal(t, offer.ExpiresAt, expired.At)
}

func TestASilentOwnerLosesTheInteractionAndAnOwnerWhoRepliesKeepsIt(t *testing.T) {
	w := newWorld(t)
	w.changeQueue(func(q *queue.Settings) { q.SilentOwner = 60 })
	w.react(with(&scripted{answer: accepts}))
	w.stopClock()
	silent, answered := w.mine(w.agents[0], anna), w.mine(w.agents[0], "393330000001")
	w.write(answered, w.agents[0], "I am here")
	w.later(59 * time.Second)
	w.never(func() bool { return w.state(silent).Owner == "" }, "released early")
	w.later(time.Second)
	w.eventually(func() bool { return w.state(silent).Owner == "" }, "not released")
	require.Equal(t, w.agents[0], w.state(answered).Owner)
}

func TestAnAgentWhoDisconnectsIsAwayThenSignedOutAndTheirInteractionsWaitAgain(t *testing.T) {
	w := newWorld(t)
	w.react(func(c *Config) { c.HeartbeatLimit = time.Minute })
	w.signIn(w.agents[0])
	id := w.mine(w.agents[0], anna)
	beat := func() {
		_, err := w.db.Clear.Exec(t.Context(),
			`INSERT INTO ops.heartbeats VALUES ($1, gen_random_uuid(), $2)`, string(w.agents[0]), w.now())
		require.NoError(t, err)
	}
	presence := func() agent.Presence {
		history, err := w.store.Read(t.Context(), agent.Decider.Stream(string(w.agents[0])), 0)
		require.NoError(t, err)
		s := agent.State{}
		for _, r := range history.Events {
			s = agent.Evolve(s, r.Event.(agent.Event))
		}
		return s.Presence()
	}
	beat()
	w.later(61 * time.Second)
	w.eventually(func() bool { return presence() == agent.AwayNow }, "not away")
	beat()
	w.eventually(func() bool { return presence() == agent.Available }, "not back")
	w.later(61 * time.Second)
	w.eventually(func() bool { return presence() == agent.AwayNow }, "not away again")
	require.Equal(t, w.agents[0], w.state(id).Owner, "an agent who is away keeps their interactions")
	w.later(time.Duration(policy.Default().DisconnectAfter)*time.Second + time.Second)
	w.eventually(func() bool { return presence() == agent.SignedOutNow }, "not signed out")
	w.eventually(func() bool { return w.state(id).Waiting() }, "not released")
}

func TestAnAgentWhoReturnsInTimeKeepsTheirInteractions(t *testing.T) {
	w := newWorld(t)
	w.signIn(w.agents[0])
	id := w.mine(w.agents[0], anna)
	require.NoError(t, w.commands.GoAway(t.Context(), w.agents[0]))
	w.later(time.Hour)
	require.NoError(t, w.commands.Return(t.Context(), w.agents[0]))
	w.eventually(func() bool {
		after, err := disconnectAfter(t.Context(), w.config())
		rows, rowsErr := waiting.OwnedBy(t.Context(), w.db.Clear, string(w.agents[0]))
		return err == nil && rowsErr == nil && after > 0 && len(rows) == 1
	}, "the read models do not show policy and owner")
	c := w.config()
	c.Count = func(string) {}
	require.NoError(t, newTimekeeper(c).disconnect(t.Context(), w.agents[0]), "a stale row must not sign the agent out")
	require.Equal(t, w.agents[0], w.state(id).Owner)

	_, err := w.commands.SignOut(t.Context(), w.agents[0], agent.SignOut{Reason: agent.SignedOutSelf}, by())
	require.NoError(t, err)
	w.later(time.Hour)
	_, err = w.commands.SignIn(t.Context(), w.agents[0], by())
	require.NoError(t, err)
	require.NoError(t, releaseAll(t.Context(), c, newRetries(c, "owners"), w.agents[0],
		releaseGone(c, interaction.ReleasedOwnerSignedOut, time.Minute)))
	require.Equal(t, w.agents[0], w.state(id).Owner, "the agent signed in again")
	_, err = w.commands.SignOut(t.Context(), w.agents[0], agent.SignOut{Reason: agent.SignedOutSelf}, by())
	require.NoError(t, err)
	w.later(time.Minute)
	require.NoError(t, releaseAll(t.Context(), c, newRetries(c, "owners"), w.agents[0],
		releaseGone(c, interaction.ReleasedOwnerSignedOut, time.Minute)))
	require.True(t, w.state(id).Waiting())
}

func TestOffersMissedTogetherCountOnceAndTheThirdInARowPausesTheAgent(t *testing.T) {
	w := newWorld(t)
	w.react()
	w.signIn(w.agents[0])
	misses := func(want int, customers ...string) {
		t.Helper()
		for _, digits := range customers {
			w.arrives(digits, "Hello")
		}
		for _, digits := range customers {
			w.offered(domain.InteractionID(w.session(digits).ID), 1)
		}
		w.later(21 * time.Second)
		for _, digits := range customers {
			id := domain.InteractionID(w.session(digits).ID)
			w.eventually(func() bool {
				return slices.ContainsFunc(w.history(id), func(e interaction.Event) bool {
					_, ok := e.(interaction.OfferExpired)
					return ok
				})
			}, "the offer has not expired")
		}
		w.eventually(func() bool {
			var missed int
			return w.db.Clear.QueryRow(t.Context(), `SELECT missed FROM agents WHERE user_id = $1`,
				string(w.agents[0])).Scan(&missed) == nil && missed == want
		}, "missed offers are miscounted")
	}
	state := func() (state, reason string) {
		require.NoError(t, w.db.Clear.QueryRow(t.Context(), `SELECT state, reason FROM agents WHERE user_id = $1`,
			string(w.agents[0])).Scan(&state, &reason))
		return state, reason
	}
	misses(1, "393330000001", "393330000002", "393330000003")
	presence, _ := state()
	require.Equal(t, "AVAILABLE", presence)
	misses(2, "393330000004")
	misses(3, "393330000005")
	presence, reason := state()
	require.Equal(t, "PAUSED", presence)
	require.Equal(t, agent.PauseMissed, reason)
}

func TestInteractionsOfADisabledAgentReturnToTheQueueAtOnce(t *testing.T) {
	w := newWorld(t)
	w.react()
	w.signIn(w.agents[0])
	id := w.mine(w.agents[0], anna)
	_, _, err := w.commands.SaveUser(t.Context(), w.agents[0], user.Profile{Name: "Ann"},
		user.Settings{Role: user.Agent, Disabled: true}, "", by())
	require.NoError(t, err)
	w.eventually(func() bool { return w.state(id).Waiting() }, "the disabled agent still owns the interaction")
	released := w.history(id)[len(w.history(id))-1].(interaction.Released)
	require.Equal(t, interaction.ReleasedOwnerRemoved, released.Reason)
}

func TestTheRouterLeavesAManualAssignmentAlone(t *testing.T) {
	w := newWorld(t)
	w.react()
	w.signIn(w.agents...)
	rounds := count(5, 200)
	var all sync.WaitGroup
	for i := range rounds {
		digits := fmt.Sprintf("39334000%04d", i)
		w.arrives(digits, "Hello")
		id := domain.InteractionID(w.session(digits).ID)
		all.Go(func() {
			_, err := w.commands.Assign(context.WithoutCancel(t.Context()), id, w.agents[2], "sue", by())
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i := range rounds {
		id := domain.InteractionID(w.session(fmt.Sprintf("39334000%04d", i)).ID)
		events := w.history(id)
		assigned := slices.IndexFunc(events, func(e interaction.Event) bool {
			_, ok := e.(interaction.Assigned)
			return ok
		})
		require.GreaterOrEqual(t, assigned, 0)
		require.False(t, slices.ContainsFunc(events[assigned:],
			func(e interaction.Event) bool { _, ok := e.(interaction.Offered); return ok }))
		require.Equal(t, w.agents[2], w.state(id).Owner)
	}
}
