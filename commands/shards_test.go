package commands_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/channels"
	. "parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/domain/unplaced"
	"parley/eventstore"
)

func TestEveryEventOfAnAccountCarriesItsID(t *testing.T) {
	w := newWorld(t)
	ann, ben := w.agent("ann"), w.agent("ben")
	w.join(ann, ben)
	home := w.owned(ann, tel(number(1)), "m1")
	_, err := w.AddTag(w.ctx(), home, ann, "vip", someone())
	require.NoError(t, err)
	id, _, err := w.RequestTransfer(w.ctx(), home, ann, TransferTo{Agent: ben}, someone())
	require.NoError(t, err)
	_, err = w.AcceptTransfer(w.ctx(), id, ben, someone())
	require.NoError(t, err)
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{{
		ProviderMessageID: "m2", SentAt: w.now(), Unplaced: &ArrivedUnplaced{Kind: "message", Part: "{}"},
	}}))

	seen := map[string]int{}
	for e, err := range w.store().ReadAll(w.ctx(), eventstore.Position{}) {
		require.NoError(t, err)
		switch e.Event.(type) {
		case interaction.Event, transfer.Event, account.Event, unplaced.Event:
			require.Equal(t, string(w.account), e.Metadata.AccountID, e.Type)
			seen[e.Aggregate]++
		default:
			require.Empty(t, e.Metadata.AccountID, "%s belongs to no account", e.Type)
		}
	}
	for _, aggregate := range []string{"interaction", "transfer", "account", "unplaced"} {
		require.NotZero(t, seen[aggregate], aggregate)
	}
}

func TestACustomersStreamsAreInOneShard(t *testing.T) {
	w := newWorld(t)
	ann, ben := w.agent("ann"), w.agent("ben")
	w.join(ann, ben)
	shards := map[string]bool{}
	for i := range 8 {
		home := w.owned(ann, tel(number(i)), "m"+number(i))
		opened := w.opened(home)
		require.Equal(t, opened.AddressID.Shard(), home.Shard())
		id, _, err := w.RequestTransfer(w.ctx(), home, ann, TransferTo{Agent: ben}, someone())
		require.NoError(t, err)
		require.Equal(t, home.Shard(), id.Shard())
		for _, s := range []string{string(opened.AddressID), string(home), string(id)} {
			parsed, err := uuid.Parse(s)
			require.NoError(t, err)
			require.Equal(t, uuid.Version(8), parsed.Version())
			require.Equal(t, uuid.RFC4122, parsed.Variant())
		}
		shards[home.Shard()] = true
	}
	require.Greater(t, len(shards), 1, "customers must spread over several shards")
}

func TestInteractionsOpenedAfterALinkAreInTheNewAddressesShard(t *testing.T) {
	w := newWorld(t)
	before := w.receive(tel(number(1)), "m1")
	w.receive(channels.Sender{UserID: "IT.1"}, "m2")
	user := w.home(channels.Sender{UserID: "IT.1"}, "m2")
	w.receive(channels.Sender{WaID: number(1), UserID: "IT.1"}, "m3") // links the two addresses
	after := w.home(channels.Sender{WaID: number(1), UserID: "IT.1"}, "m3")
	require.Contains(t, []domain.InteractionID{before, user}, after)
	require.Equal(t, w.opened(before).AddressID.Shard(), before.Shard(), "an interaction keeps its shard")
	require.Equal(t, w.opened(after).AddressID.Shard(), after.Shard())
}

func (w *world) opened(home domain.InteractionID) interaction.Opened {
	w.t.Helper()
	h, err := w.store().Read(w.ctx(), interaction.Decider.Stream(string(home)), 0)
	require.NoError(w.t, err)
	opened, ok := h.Events[0].Event.(interaction.Opened)
	require.True(w.t, ok)
	return opened
}
