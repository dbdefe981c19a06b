package commands_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels"
	. "parley/commands"
	"parley/domain"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/domain/unplaced"
)

// I2, F9.
func TestADeliveryThatComesManyTimesAtOnceIsReceivedOnce(t *testing.T) {
	w := newWorld(t)
	processes := []*Commands{w.Commands, w.process()}
	deliveries := times(60, 10_000)
	trials(t, deliveries, func(i int) error {
		from := tel(number(i % (deliveries/4 + 1)))
		for _, err := range together(5, func(copy int) error {
			return processes[copy%2].Receive(w.ctx(), w.account, []Arrival{w.text(from, fmt.Sprintf("wamid.%d", i))})
		}) {
			if err != nil {
				return err
			}
		}
		return nil
	})
	received := map[string]int{}
	for _, e := range all[interaction.MessageReceived](w) {
		received[e.ProviderMessageID]++
	}
	require.Len(t, received, deliveries)
	for id, n := range received {
		require.Equal(t, 1, n, id)
	}
}

func TestADeliveryWithManyMessagesKeepsTheOrderOfEachCustomer(t *testing.T) {
	w := newWorld(t)
	var batch []Arrival
	for i := range 40 {
		batch = append(batch, w.text(tel(number(i%4)), fmt.Sprint(i)))
	}
	require.NoError(t, w.Receive(w.ctx(), w.account, batch))
	require.NoError(t, w.Receive(w.ctx(), w.account, batch), "a second time")
	byCustomer := map[string][]string{}
	for _, e := range all[interaction.MessageReceived](w) {
		byCustomer[e.Customer.Phone] = append(byCustomer[e.Customer.Phone], e.ProviderMessageID)
	}
	require.Len(t, byCustomer, 4)
	require.Equal(t, []string{"0", "4", "8", "12", "16", "20", "24", "28", "32", "36"}, byCustomer[number(0)])
}

// F10: an album.
func TestTenFirstMessagesOfANewCustomerLandInOneInteraction(t *testing.T) {
	w := newWorld(t)
	processes := []*Commands{w.Commands, w.process()}
	n := times(50, 10_000)
	trials(t, n, func(i int) error {
		from := channels.Sender{WaID: number(i), UserID: fmt.Sprintf("IT.%d", i)}
		for _, err := range together(10, func(k int) error {
			return processes[k%2].Receive(w.ctx(), w.account, []Arrival{w.text(from, fmt.Sprintf("%d.%d", i, k))})
		}) {
			if err != nil {
				return err
			}
		}
		return nil
	})
	require.Len(t, all[interaction.Opened](w), n)
	require.Len(t, all[interaction.MessageReceived](w), 10*n)
}

func TestAMessageAfterClosingOpensTheNextInteraction(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	customer := tel("393331234567")
	one := w.owned(ann, customer, "m1")
	first := w.now()
	w.close(one)
	w.later(time.Hour)
	two := w.receive(customer, "m2")
	require.NotEqual(t, one, two)

	_, events := w.session(two)
	opened, ok := events[0].(interaction.Opened)
	require.True(t, ok)
	require.Equal(t, 2, opened.Number)
	require.Equal(t, one, opened.PreviousID)
	require.Equal(t, ann, opened.LastOwner, "for sticky offers")
	require.Equal(t, first, *opened.LastInboundAt, "the window counts on")
	_, before := w.session(one)
	message := before[1].(interaction.MessageReceived).MessageID
	require.Equal(t, []interaction.Seen{{Tag: hex(message), At: first}}, opened.Recent)
	require.Len(t, events, 2, "opened with the message in it")
}

// A process guesses that a customer is new; the stream tells it better.
func TestAProcessThatKnowsNothingYetFindsTheOpenInteraction(t *testing.T) {
	w := newWorld(t)
	customer := tel("393331234567")
	w.close(w.receive(customer, "m1"))
	two := w.receive(customer, "m2")

	stranger := w.process()
	require.NoError(t, stranger.Receive(w.ctx(), w.account, []Arrival{w.text(customer, "m1"), w.text(customer, "m3"), w.text(customer, "m2")}))
	require.Equal(t, two, w.home(customer, "m3"))
	require.Len(t, all[interaction.Opened](w), 2)
	require.Len(t, all[interaction.MessageReceived](w), 3)
}

// A contact that is there is found though its maker guesses that it is new, and one that was erased is not taken for a new one.
func TestTheContactOfACustomerIsMadeOnceAndAgainAfterAnErasure(t *testing.T) {
	w := newWorld(t)
	details := contact.Details{FirstName: "Anna", Phones: []string{"393331234567"}}
	made := func(c *Commands) domain.ContactID {
		id, _, err := c.ContactOfCustomer(w.ctx(), "customers", "address", details)
		require.NoError(t, err)
		return id
	}
	first := made(w.Commands)
	require.Equal(t, first, made(w.Commands))
	require.Equal(t, first, made(w.process()))
	require.Len(t, all[contact.Created](w), 1)

	w.erase(first)
	second := made(w.process())
	require.NotEqual(t, first, second)
	require.Equal(t, second, made(w.Commands))
	require.Len(t, all[contact.Created](w), 2)
}

// F12.
func TestARedeliveryAfterClosingOpensNothing(t *testing.T) {
	w := newWorld(t)
	other := w.process()
	customer := tel("393331234567")
	w.close(w.receive(customer, "m1"))
	two := w.receive(customer, "m2")
	w.close(two)
	w.later(6 * 24 * time.Hour)
	three := w.receive(customer, "m3")
	end := len(w.log())
	for _, process := range []*Commands{w.Commands, other, w.process()} {
		for _, id := range []string{"m1", "m2", "m3"} {
			a := w.text(customer, id)
			a.SentAt = w.now().Add(-6 * 24 * time.Hour)
			require.NoError(t, process.Receive(w.ctx(), w.account, []Arrival{a}))
		}
	}
	require.Len(t, w.log(), end)
	require.NotEqual(t, two, three)
}

// S41.
func TestARedeliveryThatIsOlderThanWhatIsCarriedForwardIsKnownByTheReadModel(t *testing.T) {
	w := newWorld(t)
	customer := tel("393331234567")
	one := w.receive(customer, "m1")
	old := w.text(customer, "m1")
	w.close(one)
	w.later(9 * 24 * time.Hour)
	w.receive(customer, "m2")
	_, events := w.session(one)
	w.reads.homes[events[1].(interaction.MessageReceived).MessageID] = one

	end := len(w.log())
	require.NoError(t, w.process().Receive(w.ctx(), w.account, []Arrival{old}), "by a process that knows nothing yet")
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{old}))
	require.Len(t, w.log(), end)
}

func TestWhatIsSaidAboutAnEarlierMessageGoesToItsInteractionAndOpensNone(t *testing.T) {
	w := newWorld(t)
	customer := tel("393331234567")
	one := w.receive(customer, "m1")
	w.close(one)
	edit, revoke, reaction, notice := w.text(customer, "m2"), w.text(customer, "m3"), w.text(customer, "m4"), w.text(customer, "m5")
	edit.Message, edit.Edit = nil, &ArrivedEdit{TargetID: "m1", Content: interaction.Content{Text: "corrected"}}
	revoke.Message, revoke.Revoke = nil, &ArrivedRevoke{TargetID: "m1"}
	reaction.Message, reaction.Reaction = nil, &ArrivedReaction{TargetID: "m1", Emoji: "👍"}
	notice.Message = &ArrivedMessage{Kind: interaction.KindSystem, Silent: true}
	for range 2 {
		require.NoError(t, w.process().Receive(w.ctx(), w.account, []Arrival{edit, reaction, revoke, notice}))
	}
	require.Len(t, all[interaction.Opened](w), 1)
	_, events := w.session(one)
	var types []string
	for _, e := range events {
		types = append(types, e.EventType())
	}
	require.Equal(t, []string{
		"InteractionOpened", "InteractionMessageReceived", "InteractionClosed",
		"InteractionMessageEdited", "InteractionReactionReceived", "InteractionMessageRevoked", "InteractionMessageReceived",
	}, types)
}

// about is what a customer says about a message of his, as a delivery brings it.
func (w *world) about(from channels.Sender, providerID string, change func(*Arrival)) Arrival {
	a := w.text(from, providerID)
	a.Message = nil
	change(&a)
	return a
}

func TestWhatIsSaidAboutAMessageThatHasNotComeIsKeptAndAppliedOnce(t *testing.T) {
	w := newWorld(t)
	customer := tel("393331234567")
	edit := w.about(customer, "m2", func(a *Arrival) {
		a.Edit = &ArrivedEdit{TargetID: "m1", Content: interaction.Content{Text: "corrected"}}
	})
	reaction := w.about(customer, "m3", func(a *Arrival) { a.Reaction = &ArrivedReaction{TargetID: "m1", Emoji: "👍"} })
	revoke := w.about(customer, "m4", func(a *Arrival) { a.Revoke = &ArrivedRevoke{TargetID: "m1"} })
	said := w.now()
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{edit, reaction, revoke, w.text(customer, "m1")}), "in one delivery, before it")
	require.Len(t, w.reads.afterthoughts, 3)
	home := w.home(customer, "m1")

	w.later(time.Minute)
	for range 2 {
		for _, a := range w.reads.afterthoughts {
			require.NoError(t, w.process().Receive(w.ctx(), a.AccountID, []Arrival{a.Arrival}))
		}
	}
	require.Len(t, w.reads.afterthoughts, 3, "now it is known")
	edited, reacted, revoked := all[interaction.MessageEdited](w), all[interaction.ReactionReceived](w), all[interaction.MessageRevoked](w)
	require.Len(t, edited, 1)
	require.Len(t, reacted, 1)
	require.Len(t, revoked, 1)
	require.Equal(t, said, edited[0].SentAt)
	_, events := w.session(home)
	require.Len(t, events, 5)
}

func TestOfWhatNeverFindsItsMessageTheWordsAreKept(t *testing.T) { // I1
	w := newWorld(t)
	customer := tel("393331234567")
	edit := w.about(customer, "m2", func(a *Arrival) {
		a.Edit = &ArrivedEdit{TargetID: "m1", Content: interaction.Content{Text: "corrected"}}
	})
	revoke := w.about(customer, "m4", func(a *Arrival) { a.Revoke = &ArrivedRevoke{TargetID: "m1"} })
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{edit, revoke}))
	for range 2 {
		for _, a := range w.reads.afterthoughts {
			require.NoError(t, w.process().GiveUp(w.ctx(), a))
		}
	}
	kept := all[unplaced.Kept](w)
	require.Len(t, kept, 1)
	require.Equal(t, "edit", kept[0].Kind)
	require.Contains(t, kept[0].Part, "corrected")
	require.Contains(t, kept[0].Part, "393331234567", "an auditor can tell whose they are")
}

func TestANoticeAboutAStrangerOpensNothing(t *testing.T) {
	w := newWorld(t)
	notice := w.text(tel("393331234567"), "m1")
	notice.Message = &ArrivedMessage{Kind: interaction.KindSystem, Silent: true}
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{notice}))
	require.Empty(t, all[interaction.Opened](w))
}

// F11.
func TestStatusesInAnyOrderEndAtTheHighest(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	home := w.owned(ann, tel("393331234567"), "m1")
	processes := []*Commands{w.Commands, w.process()}
	n := times(20, 10_000)
	sent := make([]domain.MessageID, n)
	for i := range n {
		sent[i] = w.send(home, ann)
		_, claimed, err := w.ClaimSending(w.ctx(), home, sent[i])
		require.NoError(t, err)
		require.True(t, claimed)
		steps := []func(*Commands) error{func(c *Commands) error {
			return c.SendAccepted(w.ctx(), home, w.account, sent[i], "out."+string(sent[i]))
		}}
		for _, s := range []interaction.Status{interaction.StatusSent, interaction.StatusDelivered, interaction.StatusRead, interaction.StatusDelivered} {
			steps = append(steps, func(c *Commands) error {
				return c.Receive(w.ctx(), w.account, []Arrival{w.status("out."+string(sent[i]), s, CallbackData(home, sent[i]))})
			})
		}
		rand.Shuffle(len(steps), func(a, b int) { steps[a], steps[b] = steps[b], steps[a] })
		for k, step := range steps {
			require.NoError(t, step(processes[k%2]))
		}
	}
	s, events := w.session(home)
	accepted := map[domain.MessageID]int{}
	for _, e := range events {
		if a, ok := e.(interaction.MessageAccepted); ok {
			accepted[a.MessageID]++
		}
	}
	for _, id := range sent {
		status, ok := s.MessageStatus(id)
		require.True(t, ok)
		require.Equal(t, interaction.StatusRead, status)
		require.Equal(t, 1, accepted[id])
	}
}

func TestAStatusWithoutAHintWaitsForItsMessage(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	home := w.owned(ann, tel("393331234567"), "m1")
	message := w.send(home, ann)
	_, _, err := w.ClaimSending(w.ctx(), home, message)
	require.NoError(t, err)

	early := []Arrival{w.status("out.1", interaction.StatusDelivered, "")}
	require.NoError(t, w.Receive(w.ctx(), w.account, early))
	require.Len(t, w.reads.early, 1, "nobody knows the message yet")
	require.Equal(t, interaction.StatusDelivered, w.reads.early[0].Status)

	require.NoError(t, w.SendAccepted(w.ctx(), home, w.account, message, "out.1"))
	require.NoError(t, w.RecordStatus(w.ctx(), home, message, w.reads.early[0]))
	w.reads.homes[message], w.reads.tags[w.ProviderTag(w.account, "out.1")] = home, message
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{w.status("out.1", interaction.StatusRead, "")}), "now the read model knows it")
	s, _ := w.session(home)
	status, _ := s.MessageStatus(message)
	require.Equal(t, interaction.StatusRead, status)
	require.Len(t, w.reads.early, 1)
}

func TestAStatusOfSomebodyElsesMessageChangesNothing(t *testing.T) {
	w := newWorld(t)
	home := w.receive(tel("393331234567"), "m1")
	end := len(w.log())
	for _, callback := range []string{CallbackData(home, domain.MessageID(NewID())), CallbackData(domain.InteractionID(NewID()), domain.MessageID(NewID()))} {
		require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{w.status("out.1", interaction.StatusRead, callback)}))
	}
	require.Len(t, w.log(), end)
}

func (w *world) status(providerID string, s interaction.Status, callback string) Arrival {
	return Arrival{SentAt: w.now(), Status: &ArrivedStatus{MessageID: providerID, Status: s, CallbackData: callback}}
}

// send queues a text of an agent.
func (w *world) send(home domain.InteractionID, by domain.AgentID) domain.MessageID {
	w.t.Helper()
	meta := someone()
	_, err := w.Send(w.ctx(), home, by, Draft{Text: "hello", Kind: interaction.KindText}, meta)
	require.NoError(w.t, err)
	return domain.MessageID(meta.CommandID)
}

func TestAMessageThatFitsNoEventIsRefusedForGoodAndCostsNobodyElse(t *testing.T) {
	w := newWorld(t)
	huge := w.text(tel("393331234567"), "huge")
	huge.Message.Content.Text = strings.Repeat("x", 2<<20)
	err := w.Receive(w.ctx(), w.account, []Arrival{huge, w.text(tel("393331234567"), "m1"), w.text(tel("393337654321"), "m2")})
	require.ErrorIs(t, err, ErrTooLarge)
	require.Len(t, all[interaction.MessageReceived](w), 2)
	require.Equal(t, "TOO_LARGE", code(t, w.Receive(w.ctx(), w.account, []Arrival{huge})))
}
