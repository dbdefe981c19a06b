package commands_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels"
	. "parley/commands"
	"parley/domain"
	"parley/domain/address"
	"parley/domain/interaction"
	"parley/internal/testwait"
)

func TestABrazilianNumberIsOneCustomerWithAndWithoutItsNinthDigit(t *testing.T) {
	w := newWorld(t)
	require.Equal(t, w.receive(tel("5511987654321"), "m1"), w.receive(tel("551187654321"), "m2"))
	require.Equal(t, w.home(tel("5511987654321"), "m1"), w.receive(tel("5511987654321"), "m3"))
	require.Len(t, all[interaction.Opened](w), 1)
}

func TestANumberAndAUserIDSeenTogetherAreOneCustomer(t *testing.T) {
	w := newWorld(t)
	one := w.receive(tel("393331234567"), "m1")
	require.Equal(t, one, w.receive(channels.Sender{WaID: "393331234567", UserID: "IT.77"}, "m2"))
	require.Equal(t, one, w.receive(channels.Sender{UserID: "IT.77"}, "m3"), "the user id alone is enough from now on")
	require.Len(t, all[interaction.Opened](w), 1)
}

func TestACustomerWithoutANumberIsKnownByTheirUserID(t *testing.T) {
	w := newWorld(t)
	one := w.receive(channels.Sender{UserID: "IT.77"}, "m1")
	require.Equal(t, one, w.receive(channels.Sender{UserID: "IT.77"}, "m2"))
	require.NotEqual(t, one, w.receive(channels.Sender{UserID: "IT.78"}, "m3"))
}

func TestAProcessFollowsALinkMadeByAnother(t *testing.T) {
	w := newWorld(t)
	other := w.process()
	ctx, cancel := context.WithCancel(w.ctx())
	following := make(chan error)
	go func() { following <- other.FollowLinks(ctx) }()
	number, hidden := tel("393331234567"), channels.Sender{UserID: "IT.77"}
	one := w.receive(number, "m1")
	require.NoError(t, other.Receive(w.ctx(), w.account, []Arrival{w.text(number, "m2")}))
	require.Equal(t, one, w.home(number, "m2"))
	two := w.receive(hidden, "m3")
	require.Equal(t, two, w.receive(channels.Sender{WaID: number.WaID, UserID: hidden.UserID}, "m4"),
		"this links the two addresses")
	home := one
	// the clock stands still, so only the subscription can tell the other process
	for began, n := time.Now(), 0; home != two; n++ {
		require.Less(t, time.Since(began), testwait.Limit, "the other process still uses the old conversation")
		id := fmt.Sprintf("later %d", n)
		require.NoError(t, other.Receive(w.ctx(), w.account, []Arrival{w.text(number, id)}))
		home = w.home(number, id)
	}
	cancel()
	require.NoError(t, <-following)
}

func TestTwoKnownAddressesOfOneCustomerAreLinked(t *testing.T) {
	w := newWorld(t)
	other := w.process()
	number, hidden := tel("393331234567"), channels.Sender{UserID: "IT.77"}
	both := channels.Sender{WaID: number.WaID, UserID: hidden.UserID}
	one, two := w.receive(number, "m1"), w.receive(hidden, "m2")
	require.NotEqual(t, one, two)
	require.NoError(t, other.Receive(w.ctx(), w.account, []Arrival{w.text(number, "m3")}),
		"the other process caches the number's address")

	require.Equal(t, two, w.receive(both, "m4"))
	linked := all[address.AliasLinked](w)
	require.Len(t, linked, 1)
	require.Equal(t, address.SeenTogether, linked[0].Reason)
	require.Equal(t, two, w.receive(number, "m5"), "the number leads there too")

	w.later(time.Minute)
	require.NoError(t, other.Receive(w.ctx(), w.account, []Arrival{w.text(number, "m6")}))
	require.Equal(t, two, w.home(number, "m6"), "a process without the subscription follows within a minute")
	require.Equal(t, two, w.receive(both, "m4"), "a redelivery changes nothing")
	require.Len(t, all[interaction.MessageReceived](w), 6)
}

func TestACustomerWhoChangesTheirNumberKeepsTheirConversation(t *testing.T) {
	w := newWorld(t)
	one := w.receive(tel("393331234567"), "m1")
	moved := w.text(tel("393331234567"), "m2")
	moved.Message = nil
	notice := &ArrivedMessage{Kind: interaction.KindSystem, Silent: true, Content: interaction.Content{Text: "changed"}}
	moved.Renamed = &ArrivedAliases{Aliases: []string{"tel:393337654321"}, Reason: address.NumberChanged, Notice: notice}
	for range 2 {
		require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{moved}))
	}
	heard := all[interaction.MessageReceived](w)
	require.Len(t, heard, 2, "the open interaction says it once")
	require.Equal(t, interaction.KindSystem, heard[1].Kind)

	stranger := moved
	stranger.Aliases, stranger.ProviderMessageID = []string{"tel:393330000001"}, "m9"
	stranger.Renamed = &ArrivedAliases{Aliases: []string{"tel:393330000002"}, Reason: address.NumberChanged, Notice: notice}
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{stranger}))
	require.Len(t, all[interaction.MessageReceived](w), 2, "a change without an open interaction opens none")
	require.Equal(t, one, w.receive(tel("393337654321"), "m3"))
	require.Equal(t, one, w.receive(tel("393331234567"), "m4"))
}

func TestConcurrentlyNamedAliasesLeadToOneAddress(t *testing.T) {
	w := newWorld(t)
	processes := []*Commands{w.Commands, w.process(), w.process()}
	n := times(20, 2_000)
	trials(t, n, func(i int) error {
		both := channels.Sender{WaID: number(i), UserID: fmt.Sprintf("IT.%d", i)}
		senders := []channels.Sender{both, {UserID: both.UserID}, {WaID: both.WaID}}
		for _, err := range together(3, func(k int) error {
			return processes[k].Receive(w.ctx(), w.account, []Arrival{w.text(senders[k], fmt.Sprintf("%d.%d", i, k))})
		}) {
			if err != nil {
				return err
			}
		}
		return nil
	})
	w.later(time.Minute)
	for i := range n {
		both := channels.Sender{WaID: number(i), UserID: fmt.Sprintf("IT.%d", i)}
		want := w.receive(both, fmt.Sprintf("%d.later", i))
		for k, process := range processes {
			for _, from := range []channels.Sender{{UserID: both.UserID}, {WaID: both.WaID}, both} {
				id := fmt.Sprintf("%d.%d.%s", i, k, from.WaID+from.UserID)
				require.NoError(t, process.Receive(w.ctx(), w.account, []Arrival{w.text(from, id)}))
				require.Equal(t, want, w.home(both, id))
			}
		}
	}
}

func TestProcessesThatLinkTwoAddressesToEachOtherStillAgree(t *testing.T) {
	w := newWorld(t)
	n := times(5, 200)
	for i := range n {
		a, b := channels.Sender{UserID: fmt.Sprintf("IT.%d", i)}, tel(number(i))
		w.receive(a, fmt.Sprintf("%d.a", i))
		w.receive(b, fmt.Sprintf("%d.b", i))
		one, two := w.process(), w.process()
		link := func(from, to channels.Sender) Arrival {
			m := w.text(from, "x")
			m.Message, m.Renamed = nil, &ArrivedAliases{Aliases: w.text(to, "x").Aliases, Reason: address.UserIDChanged}
			return m
		}
		for _, err := range together(2, func(k int) error {
			if k == 0 {
				return one.Receive(w.ctx(), w.account, []Arrival{link(a, b)})
			}
			return two.Receive(w.ctx(), w.account, []Arrival{link(b, a)})
		}) {
			require.NoError(t, err)
		}
		w.later(2 * time.Minute)
		want := w.receive(a, fmt.Sprintf("%d.c", i))
		for k, process := range []*Commands{one, two, w.Commands} {
			for _, from := range []channels.Sender{a, b} {
				id := fmt.Sprintf("%d.%d.%s", i, k, from.WaID)
				require.NoError(t, process.Receive(w.ctx(), w.account, []Arrival{w.text(from, id)}))
				require.Equal(t, want, w.home(from, id))
			}
		}
	}
}

func TestARedeliveryFromBeforeALinkChangesNothing(t *testing.T) {
	w := newWorld(t)
	number, hidden := tel("393331234567"), channels.Sender{UserID: "IT.77"}
	both := channels.Sender{WaID: number.WaID, UserID: hidden.UserID}
	one, two := w.receive(number, "m1"), w.receive(hidden, "m2")
	require.Equal(t, two, w.receive(both, "m3"), "this links the two addresses")
	for _, process := range []*Commands{w.Commands, w.process()} {
		require.NoError(t, process.Receive(w.ctx(), w.account,
			[]Arrival{w.text(number, "m1"), w.text(hidden, "m2"), w.text(both, "m3")}))
		require.NoError(t, process.Receive(w.ctx(), w.account, []Arrival{w.text(both, "m1")}),
			"with both aliases")
	}
	require.Len(t, all[interaction.MessageReceived](w), 3)
	require.Equal(t, one, w.home(number, "m1"))
	require.Len(t, all[interaction.Opened](w), 2)
}

func TestARepeatedDeliveryDuringALinkIsReceivedOnce(t *testing.T) {
	w := newWorld(t)
	n := times(20, 2_000)
	trials(t, n, func(i int) error {
		both := channels.Sender{WaID: number(i), UserID: fmt.Sprintf("IT.%d", i)}
		hidden := channels.Sender{UserID: both.UserID}
		before := []Arrival{w.text(tel(both.WaID), fmt.Sprintf("%d.a", i)), w.text(hidden, fmt.Sprintf("%d.b", i))}
		if err := w.Receive(w.ctx(), w.account, before); err != nil {
			return err
		}
		deliveries := []Arrival{w.text(tel(both.WaID), fmt.Sprintf("%d.c", i)), w.text(both, fmt.Sprintf("%d.d", i))}
		return errors.Join(together(6, func(k int) error {
			pauseRandomly(5 * time.Millisecond)
			return w.Receive(w.ctx(), w.account, []Arrival{deliveries[k%2]})
		})...)
	})
	seen := make(map[domain.MessageID]int)
	for _, m := range all[interaction.MessageReceived](w) {
		seen[m.MessageID]++
	}
	require.Len(t, seen, 4*n)
	for _, times := range seen {
		require.Equal(t, 1, times)
	}
}

// writes delivers a message that the customer wrote at a time, and returns its interaction.
func (w *world) writes(from channels.Sender, providerID string, at time.Time) domain.InteractionID {
	w.t.Helper()
	m := w.text(from, providerID)
	m.SentAt = at
	require.NoError(w.t, w.Receive(w.ctx(), w.account, []Arrival{m}))
	return w.home(from, providerID)
}

func TestARecycledNumberDoesNotJoinTheFormerOwnersConversation(t *testing.T) {
	w := newWorld(t)
	at := func(n int) time.Time { return w.now().Add(time.Duration(n-100) * time.Second) }
	ada, zoe, bare := channels.Sender{WaID: number(1), UserID: "IT.1"}, channels.Sender{WaID: number(1), UserID: "IT.9"}, tel(number(1))
	adas := w.writes(bare, "m1", at(1))
	require.Equal(t, adas, w.writes(ada, "m2", at(2)))
	require.Equal(t, adas, w.writes(channels.Sender{UserID: "IT.1"}, "m3", at(3)))
	require.Equal(t, adas, w.writes(bare, "m4", at(4)))
	other := w.writes(zoe, "m5", at(5))
	require.NotEqual(t, adas, other)
	require.Equal(t, other, w.writes(bare, "m6", at(6)), "the number is Zoe's now")
	require.Equal(t, adas, w.writes(channels.Sender{UserID: "IT.1"}, "m7", at(7)), "Ada keeps the conversation")
	old := w.text(bare, "late")
	old.SentAt = at(4)
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{old}))
	require.Equal(t, adas, w.home(channels.Sender{UserID: "IT.1"}, "late"), "what Ada wrote while holding the number is Ada's")
	require.Equal(t, adas, w.writes(ada, "m8", at(8)), "the number can come back")
	require.Equal(t, adas, w.writes(bare, "m9", at(9)))
	require.Equal(t, other, w.writes(channels.Sender{UserID: "IT.9"}, "m10", at(10)))
	for n, again := range []channels.Sender{bare, ada, {UserID: "IT.1"}, bare, zoe} {
		w.writes(again, fmt.Sprintf("m%d", n+1), at(n+1))
	}
	require.Len(t, all[interaction.MessageReceived](w), 11, "redeliveries change nothing")
	require.Len(t, all[address.AliasMoved](w), 2)
}

func TestTwoUserIDsThatComeWithANumberAtOnceAreTwoCustomers(t *testing.T) {
	w := newWorld(t)
	n := times(10, 500)
	for i := range n {
		bare := tel(number(i))
		w.receive(bare, fmt.Sprintf("%d.bare", i))
		senders := []channels.Sender{{WaID: bare.WaID, UserID: fmt.Sprintf("IT.%da", i)}, {WaID: bare.WaID, UserID: fmt.Sprintf("IT.%db", i)}}
		processes := []*Commands{w.process(), w.process()}
		for _, err := range together(4, func(k int) error {
			return processes[k%2].Receive(w.ctx(), w.account, []Arrival{w.text(senders[k%2], fmt.Sprintf("%d.%d", i, k))})
		}) {
			require.NoError(t, err)
		}
		one, two := w.home(senders[0], fmt.Sprintf("%d.0", i)), w.home(senders[1], fmt.Sprintf("%d.1", i))
		require.NotEqual(t, one, two)
		require.Equal(t, one, w.home(senders[0], fmt.Sprintf("%d.2", i)))
		require.Equal(t, two, w.home(senders[1], fmt.Sprintf("%d.3", i)))
	}
}

func TestTwoUserIDsThatShareANumberWithinASecondKeepTheirConversations(t *testing.T) {
	w := newWorld(t)
	bare := tel(number(1))
	one, two := channels.Sender{WaID: bare.WaID, UserID: "IT.1"}, channels.Sender{WaID: bare.WaID, UserID: "IT.2"}
	for range 2 { // at the same time by the provider's clock, so neither held the number first
		w.receive(one, NewID())
		w.receive(two, NewID())
	}
	require.NotEqual(t, w.receive(one, "m1"), w.receive(two, "m2"))
}

func TestAMessageGoesToTheConversationThatIsOpen(t *testing.T) {
	w := newWorld(t)
	bare, hidden := tel(number(1)), channels.Sender{UserID: "IT.1"}
	both := channels.Sender{WaID: bare.WaID, UserID: hidden.UserID}
	w.close(w.owned(w.agent("anna"), hidden, "m1"))
	open := w.receive(bare, "m2")
	require.Equal(t, open, w.receive(both, "m3"), "the two addresses are one now, and only the number's has an open session")
	require.Equal(t, open, w.receive(hidden, "m4"))
	require.Equal(t, open, w.receive(bare, "m5"))
	require.Len(t, all[interaction.Opened](w), 2)
}

func TestACustomerWhoTakesOverANumberLeavesItsFormerOwnerAlone(t *testing.T) {
	w := newWorld(t)
	former := w.receive(channels.Sender{WaID: number(1), UserID: "IT.1"}, "m1")
	ben := channels.Sender{WaID: number(2), UserID: "IT.2"}
	bens := w.receive(ben, "m2")
	changed := w.text(ben, "m3")
	changed.Message, changed.Renamed = nil, &ArrivedAliases{Aliases: w.text(tel(number(1)), "x").Aliases, Reason: address.NumberChanged}
	w.later(time.Second)
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{changed}))
	require.Equal(t, bens, w.receive(tel(number(1)), "m4"))
	require.Equal(t, former, w.receive(channels.Sender{UserID: "IT.1"}, "m5"))
}
