package reactions

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/domain/policy"
	"parley/domain/queue"
	"parley/domain/user"
)

// handsOver requests a transfer of the first agent's interaction.
func (w *world) handsOver(id domain.InteractionID, to commands.TransferTo) domain.TransferID {
	w.t.Helper()
	transferID, _, err := w.commands.RequestTransfer(w.t.Context(), id, w.agents[0], to, by())
	require.NoError(w.t, err)
	require.Equal(w.t, transferID, w.state(id).TransferInProgress())
	return transferID
}

// transferStatus returns a transfer's status in the read model.
func (w *world) transferStatus(id domain.TransferID) string {
	var status string
	if w.db.Clear.QueryRow(w.t.Context(), `SELECT status FROM transfers WHERE id = $1`, string(id)).Scan(&status) != nil {
		return ""
	}
	return status
}

func TestATransferThatNoOneAcceptsReturnsAtItsTimeout(t *testing.T) {
	w := newWorld(t)
	w.react()
	w.stopClock()
	id := w.mine(w.agents[0], anna)
	w.signIn(w.agents[1])
	transferID := w.handsOver(id, commands.TransferTo{Agent: w.agents[1]})
	due := w.now().Add(30 * time.Second)
	w.later(29 * time.Second)
	w.never(func() bool { return w.state(id).TransferInProgress() == "" }, "ended early")
	w.later(time.Second)
	w.eventually(func() bool {
		return w.transferStatus(transferID) == "EXPIRED" && w.state(id).TransferInProgress() == ""
	}, "not ended")
	require.Equal(t, w.agents[0], w.state(id).Owner)
	events := w.history(id)
	back := events[len(events)-1].(interaction.ReturnedUnread)
	require.Equal(t, interaction.ReturnedUnread{Owner: w.agents[0], Reason: interaction.UnreadTransferEnded,
		At: back.At}, back)
	require.Equal(t, due, back.At)
}

func TestATransferWhoseTargetLeavesReturnsAtItsTimeout(t *testing.T) {
	must := func(w *world, err error) { w.t.Helper(); require.NoError(w.t, err) }
	saves := func(w *world, target domain.AgentID, s user.Settings) {
		_, _, err := w.commands.SaveUser(w.t.Context(), target, user.Profile{Name: "target"}, s, "", by())
		must(w, err)
	}
	cases := []struct {
		name    string
		goes    func(w *world, target domain.AgentID, q domain.QueueID)
		refused string // refusal of a later accept; empty if it still succeeds
		inQueue bool   // only a transfer to the queue is refused
	}{
		{"the target signs out", func(w *world, target domain.AgentID, _ domain.QueueID) {
			_, err := w.commands.SignOut(w.t.Context(), target, agent.SignOut{Reason: agent.SignedOutSelf}, by())
			must(w, err)
		}, "Go available", false},
		{"the target is disabled", func(w *world, target domain.AgentID, _ domain.QueueID) {
			saves(w, target, user.Settings{Role: user.Agent, Disabled: true})
		}, "Go available", false},
		{"the target is no longer an agent", func(w *world, target domain.AgentID, _ domain.QueueID) {
			saves(w, target, user.Settings{Role: user.Analyst})
		}, "Go available", false},
		{"the target is archived", func(w *world, target domain.AgentID, _ domain.QueueID) {
			_, err := w.commands.Archive(w.t.Context(), commands.AUser, string(target), "", by())
			must(w, err)
		}, "Go available", false},
		{"the target loses the connection", func(w *world, target domain.AgentID, _ domain.QueueID) {
			must(w, w.commands.GoAway(w.t.Context(), target))
		}, "", false},
		{"the target is paused", func(w *world, target domain.AgentID, _ domain.QueueID) {
			_, err := w.commands.Pause(w.t.Context(), target, "LUNCH", "", by())
			must(w, err)
		}, "", false},
		{"the target leaves the queue", func(w *world, _ domain.AgentID, q domain.QueueID) {
			_, _, err := w.commands.SaveQueue(w.t.Context(), q,
				queue.Settings{Name: "Groups", Strategy: queue.BeepAll, OfferTimeout: 30}, "", by())
			must(w, err)
		}, "not a member", true},
		{"the target's queue is archived", func(w *world, _ domain.AgentID, q domain.QueueID) {
			_, err := w.commands.Archive(w.t.Context(), commands.AQueue, string(q), "", by())
			must(w, err)
		}, "not a member", true},
	}
	w := newWorld(t)
	w.react()
	type handover struct {
		name     string
		id       domain.InteractionID
		transfer domain.TransferID
	}
	var all []handover
	for i, c := range cases {
		for j := range 2 {
			target, _, err := w.commands.SaveUser(t.Context(), "",
				user.Profile{Login: fmt.Sprintf("target%d%d", i, j), Name: "target"},
				user.Settings{Role: user.Agent}, "", by())
			must(w, err)
			w.signIn(target)
			q, _, err := w.commands.SaveQueue(t.Context(), "",
				queue.Settings{Name: "Groups", Strategy: queue.BeepAll, OfferTimeout: 30,
					Members: []domain.AgentID{target}}, "", by())
			must(w, err)
			w.changeAccount(func(s *account.Settings) { s.Queues = append(s.Queues, q) })
			to := []commands.TransferTo{{Agent: target}, {Queue: q}}[j]
			id := w.mine(w.agents[0], fmt.Sprintf("3933300000%d%d", i, j))
			h := handover{name: c.name, id: id, transfer: w.handsOver(id, to)}
			all = append(all, h)
			c.goes(w, target, q)
			if c.refused != "" && (j == 1 || !c.inQueue) {
				_, err := w.commands.AcceptTransfer(t.Context(), h.transfer, target, by())
				require.ErrorContains(t, err, c.refused, c.name)
			}
		}
	}
	w.later(31 * time.Second)
	for _, h := range all {
		w.eventually(func() bool { return w.transferStatus(h.transfer) == "EXPIRED" }, h.name+": stuck")
		w.eventually(func() bool { return w.state(h.id).TransferInProgress() == "" },
			h.name+": the interaction still has the transfer")
		require.Equal(t, w.agents[0], w.state(h.id).Owner, h.name)
	}
}

func TestASenderWhoDisconnectsKeepsAReturnedTransferUntilTheTimeout(t *testing.T) {
	w := newWorld(t)
	w.react()
	w.signIn(w.agents[:2]...)
	id := w.mine(w.agents[0], anna)
	transferID := w.handsOver(id, commands.TransferTo{Agent: w.agents[1]})
	_, err := w.commands.SignOut(t.Context(), w.agents[0], agent.SignOut{Reason: agent.SignedOutSelf}, by())
	require.NoError(t, err)
	w.later(31 * time.Second)
	w.eventually(func() bool {
		return w.transferStatus(transferID) == "EXPIRED" && w.state(id).TransferInProgress() == ""
	}, "not ended")
	require.Equal(t, w.agents[0], w.state(id).Owner, "it still belongs to the sender")
	events := w.history(id)
	require.IsType(t, interaction.ReturnedUnread{}, events[len(events)-1])
	w.later(time.Duration(policy.Default().DisconnectAfter) * time.Second)
	w.eventually(func() bool { return w.state(id).Waiting() }, "not released")
}

func TestAHalfFinishedTransferIsRepaired(t *testing.T) {
	w := newWorld(t)
	id := w.mine(w.agents[0], anna)
	w.signIn(w.agents[1])
	transferID := w.handsOver(id, commands.TransferTo{Agent: w.agents[1]})
	stream := interaction.Decider.Stream(string(id))
	history, err := w.store.Read(t.Context(), stream, 0)
	require.NoError(t, err)
	// The process stopped here, before it updated the transfer.
	_, err = w.store.Append(t.Context(), stream, history.Revision, by(), []domain.Event{
		interaction.TransferEnded{TransferID: transferID, Outcome: interaction.TransferCancelled, At: w.now()},
		interaction.Closed{By: w.agents[0], At: w.now()},
	})
	require.NoError(t, err)
	w.later(5 * time.Second)
	w.react()
	w.eventually(func() bool { return w.transferStatus(transferID) == "VOIDED" },
		"still pending although the interaction is closed")
}
