package commands_test

import (
	"errors"
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

func TestADeliveryRepeatedConcurrentlyIsReceivedOnce(t *testing.T) {
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

func TestADeliveryKeepsTheOrderOfEachCustomersMessages(t *testing.T) {
	w := newWorld(t)
	var batch []Arrival
	for i := range 40 {
		batch = append(batch, w.text(tel(number(i%4)), fmt.Sprint(i)))
	}
	require.NoError(t, w.Receive(w.ctx(), w.account, batch))
	require.NoError(t, w.Receive(w.ctx(), w.account, batch), "the same delivery again")
	byCustomer := map[string][]string{}
	for _, e := range all[interaction.MessageReceived](w) {
		byCustomer[e.Customer.Phone] = append(byCustomer[e.Customer.Phone], e.ProviderMessageID)
	}
	require.Len(t, byCustomer, 4)
	require.Equal(t, []string{"0", "4", "8", "12", "16", "20", "24", "28", "32", "36"}, byCustomer[number(0)])
}

// Albums arrive like this.
func TestTenSimultaneousFirstMessagesOpenOneInteraction(t *testing.T) {
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
	require.Equal(t, ann, opened.LastOwner, "sticky offers need the last owner")
	require.Equal(t, first, *opened.LastInboundAt, "the reply window carries over")
	_, before := w.session(one)
	message := before[1].(interaction.MessageReceived).MessageID
	require.Equal(t, []interaction.Seen{{Tag: hex(message), At: first}}, opened.Recent)
	require.Len(t, events, 2, "opening and message are appended together")
}

// The process guesses that the customer is new; the stream corrects it.
func TestAProcessWithEmptyCachesFindsTheOpenInteraction(t *testing.T) {
	w := newWorld(t)
	customer := tel("393331234567")
	w.close(w.receive(customer, "m1"))
	two := w.receive(customer, "m2")

	other := w.process()
	require.NoError(t, other.Receive(w.ctx(), w.account,
		[]Arrival{w.text(customer, "m1"), w.text(customer, "m3"), w.text(customer, "m2")}))
	require.Equal(t, two, w.home(customer, "m3"))
	require.Len(t, all[interaction.Opened](w), 2)
	require.Len(t, all[interaction.MessageReceived](w), 3)
}

// Each process guesses that the contact is new. The stream corrects it, and an erased contact is not reused.
func TestACustomersContactIsCreatedOnceAndAgainAfterErasure(t *testing.T) {
	w := newWorld(t)
	details := contact.Details{FirstName: "Anna", Phones: []string{"393331234567"}}
	create := func(c *Commands) domain.ContactID {
		id, _, err := c.ContactOfCustomer(w.ctx(), "customers", "address", details)
		require.NoError(t, err)
		return id
	}
	first := create(w.Commands)
	require.Equal(t, first, create(w.Commands))
	require.Equal(t, first, create(w.process()))
	require.Len(t, all[contact.Created](w), 1)

	w.erase(first)
	second := create(w.process())
	require.NotEqual(t, first, second)
	require.Equal(t, second, create(w.Commands))
	require.Len(t, all[contact.Created](w), 2)
}

func TestARedeliveryAfterClosingOpensNoInteraction(t *testing.T) {
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

func TestAnOldRedeliveryIsRecognizedByTheReadModel(t *testing.T) {
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
	require.NoError(t, w.process().Receive(w.ctx(), w.account, []Arrival{old}), "by a process with empty caches")
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{old}))
	require.Len(t, w.log(), end)
}

func TestUpdatesOfAClosedInteractionsMessageOpenNoInteraction(t *testing.T) {
	w := newWorld(t)
	customer := tel("393331234567")
	one := w.receive(customer, "m1")
	w.close(one)
	edit, revoke := w.text(customer, "m2"), w.text(customer, "m3")
	reaction, notice := w.text(customer, "m4"), w.text(customer, "m5")
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
		"InteractionMessageEdited", "InteractionReactionReceived", "InteractionMessageRevoked",
		"InteractionMessageReceived",
	}, types)
}

// about returns a customer's update of a message, as it arrives in a delivery.
func (w *world) about(from channels.Sender, providerID string, change func(*Arrival)) Arrival {
	a := w.text(from, providerID)
	a.Message = nil
	change(&a)
	return a
}

func TestAnUpdateBeforeItsMessageIsKeptAndAppliedOnce(t *testing.T) {
	w := newWorld(t)
	customer := tel("393331234567")
	edit := w.about(customer, "m2", func(a *Arrival) {
		a.Edit = &ArrivedEdit{TargetID: "m1", Content: interaction.Content{Text: "corrected"}}
	})
	reaction := w.about(customer, "m3", func(a *Arrival) { a.Reaction = &ArrivedReaction{TargetID: "m1", Emoji: "👍"} })
	revoke := w.about(customer, "m4", func(a *Arrival) { a.Revoke = &ArrivedRevoke{TargetID: "m1"} })
	sentAt := w.now()
	require.NoError(t, w.Receive(w.ctx(), w.account,
		[]Arrival{edit, reaction, revoke, w.text(customer, "m1")}), "the updates come first in the delivery")
	require.Len(t, w.reads.earlyUpdates, 3)
	home := w.home(customer, "m1")

	w.later(time.Minute)
	for range 2 {
		for _, a := range w.reads.earlyUpdates {
			require.NoError(t, w.process().Receive(w.ctx(), a.AccountID, []Arrival{a.Arrival}))
		}
	}
	require.Len(t, w.reads.earlyUpdates, 3, "the message is known now")
	edited := all[interaction.MessageEdited](w)
	require.Len(t, edited, 1)
	require.Len(t, all[interaction.ReactionReceived](w), 1)
	require.Len(t, all[interaction.MessageRevoked](w), 1)
	require.Equal(t, sentAt, edited[0].SentAt)
	_, events := w.session(home)
	require.Len(t, events, 5)
}

func TestAnUpdateWhoseMessageNeverComesIsKeptAsUnplaced(t *testing.T) {
	w := newWorld(t)
	customer := tel("393331234567")
	edit := w.about(customer, "m2", func(a *Arrival) {
		a.Edit = &ArrivedEdit{TargetID: "m1", Content: interaction.Content{Text: "corrected"}}
	})
	revoke := w.about(customer, "m4", func(a *Arrival) { a.Revoke = &ArrivedRevoke{TargetID: "m1"} })
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{edit, revoke}))
	for range 2 {
		for _, a := range w.reads.earlyUpdates {
			require.NoError(t, w.process().GiveUp(w.ctx(), a))
		}
	}
	kept := all[unplaced.Kept](w)
	require.Len(t, kept, 2)
	require.Equal(t, []string{"edit", "revoke"}, []string{kept[0].Kind, kept[1].Kind})
	require.Contains(t, kept[0].Part, "corrected")
	require.Contains(t, kept[0].Part, "393331234567", "an auditor can tell who wrote it")
}

func TestANoticeAboutAnUnknownCustomerIsUnplacedAndOpensNoInteraction(t *testing.T) {
	w := newWorld(t)
	notice := w.text(tel("393331234567"), "m1")
	notice.Message = &ArrivedMessage{Kind: interaction.KindSystem, Silent: true}
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{notice}))
	require.Empty(t, all[interaction.Opened](w))
	kept := all[unplaced.Kept](w)
	require.Len(t, kept, 1)
	require.Equal(t, "system", kept[0].Kind)
}

func TestAStatusWhoseMessageNeverComesIsKeptAsUnplacedOnce(t *testing.T) {
	w := newWorld(t)
	status := EarlyStatus{AccountID: w.account, ProviderTag: "tag", Status: interaction.RecordStatus{
		ProviderMessageID: "out.1", Status: interaction.StatusRead, StatusAt: w.now(),
	}}
	for range 2 {
		require.NoError(t, w.GiveUpStatus(w.ctx(), status))
	}
	kept := all[unplaced.Kept](w)
	require.Len(t, kept, 1)
	require.Equal(t, "status", kept[0].Kind)
	require.Contains(t, kept[0].Part, "out.1")
}

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
		for _, s := range []interaction.Status{interaction.StatusSent, interaction.StatusDelivered,
			interaction.StatusRead, interaction.StatusDelivered} {
			steps = append(steps, func(c *Commands) error {
				return c.Receive(w.ctx(), w.account,
					[]Arrival{w.status("out."+string(sent[i]), s, CallbackData(home, sent[i]))})
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

func TestAStatusWithoutCallbackDataWaitsForItsMessage(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	home := w.owned(ann, tel("393331234567"), "m1")
	message := w.send(home, ann)
	_, _, err := w.ClaimSending(w.ctx(), home, message)
	require.NoError(t, err)

	early := []Arrival{w.status("out.1", interaction.StatusDelivered, "")}
	require.NoError(t, w.Receive(w.ctx(), w.account, early))
	require.Len(t, w.reads.early, 1, "the message is not known yet")
	require.Equal(t, interaction.StatusDelivered, w.reads.early[0].Status)

	require.NoError(t, w.SendAccepted(w.ctx(), home, w.account, message, "out.1"))
	outcome, err := w.RecordStatus(w.ctx(), home, message, w.reads.early[0])
	require.NoError(t, err)
	require.Equal(t, Placed, outcome)
	w.reads.homes[message], w.reads.tags[w.ProviderTag(w.account, "out.1")] = home, message
	require.NoError(t, w.Receive(w.ctx(), w.account,
		[]Arrival{w.status("out.1", interaction.StatusRead, "")}), "the read model knows the message now")
	s, _ := w.session(home)
	status, _ := s.MessageStatus(message)
	require.Equal(t, interaction.StatusRead, status)
	require.Len(t, w.reads.early, 1)
}

func TestAStatusOfAnUnknownMessageWaitsForIt(t *testing.T) {
	w := newWorld(t)
	home := w.receive(tel("393331234567"), "m1")
	end := len(w.log())
	for _, callback := range []string{CallbackData(home, domain.MessageID(NewID())),
		CallbackData(domain.InteractionID(NewID()), domain.MessageID(NewID()))} {
		require.NoError(t, w.Receive(w.ctx(), w.account,
			[]Arrival{w.status("out.1", interaction.StatusRead, callback)}))
	}
	require.Len(t, w.log(), end)
	require.Len(t, w.reads.early, 2)
}

func (w *world) status(providerID string, s interaction.Status, callback string) Arrival {
	return Arrival{SentAt: w.now(), Status: &ArrivedStatus{MessageID: providerID, Status: s, CallbackData: callback}}
}

// send queues an agent's text.
func (w *world) send(home domain.InteractionID, by domain.AgentID) domain.MessageID {
	w.t.Helper()
	meta := someone()
	_, err := w.Send(w.ctx(), home, by, Draft{Text: "hello", Kind: interaction.KindText}, meta)
	require.NoError(w.t, err)
	return domain.MessageID(meta.CommandID)
}

func TestAnOversizedMessageIsRefusedWithoutHarmToOthers(t *testing.T) {
	w := newWorld(t)
	huge := w.text(tel("393331234567"), "huge")
	huge.Message.Content.Text = strings.Repeat("x", 2<<20)
	err := w.Receive(w.ctx(), w.account, []Arrival{huge, w.text(tel("393331234567"), "m1"),
		w.text(tel("393337654321"), "m2")})
	require.ErrorIs(t, err, ErrTooLarge)
	require.Len(t, all[interaction.MessageReceived](w), 2)
	require.Equal(t, "TOO_LARGE", code(t, w.Receive(w.ctx(), w.account, []Arrival{huge})))
}

// placeholder returns the placeholder of a message whose content the provider does not have yet.
func (w *world) placeholder(from channels.Sender, providerID string) Arrival {
	a := w.text(from, providerID)
	a.Message = &ArrivedMessage{Kind: interaction.KindUnsupported, Content: interaction.Content{
		Problem: &interaction.Failure{Reason: interaction.ProblemWithheld, Code: "131060"}}}
	return a
}

// written returns what the customer wrote in each message, empty for a placeholder.
func written(events []interaction.Event) map[domain.MessageID]string {
	texts := make(map[domain.MessageID]string)
	for _, e := range events {
		switch e := e.(type) {
		case interaction.MessageReceived:
			texts[e.MessageID] = e.Content.Text
		case interaction.ContentArrived:
			texts[e.MessageID] = e.Content.Text
		}
	}
	return texts
}

func TestWhatTheCustomerWroteReplacesAPlaceholderInAnyOrder(t *testing.T) {
	w := newWorld(t)
	processes := []*Commands{w.Commands, w.process()}
	n := times(30, 3_000)
	trials(t, n, func(i int) error {
		from, id := tel(number(i)), fmt.Sprintf("wamid.%d", i)
		both := []Arrival{w.placeholder(from, id), w.text(from, id)}
		deliver := func(a Arrival) error { return processes[i%2].Receive(w.ctx(), w.account, []Arrival{a}) }
		switch i % 3 {
		case 0: // in order
			if err := processes[0].Receive(w.ctx(), w.account, both); err != nil {
				return err
			}
		case 1: // the placeholder is late
			if err := errors.Join(deliver(both[1]), deliver(both[0])); err != nil {
				return err
			}
		}
		return errors.Join(together(8, func(k int) error { // all at once, and again
			return processes[k/2%2].Receive(w.ctx(), w.account, []Arrival{both[k%2]})
		})...)
	})
	require.Len(t, all[interaction.Opened](w), n)
	require.Len(t, all[interaction.MessageReceived](w), n)
	var events []interaction.Event
	for _, r := range w.log() {
		if e, ok := r.Event.(interaction.Event); ok {
			events = append(events, e)
		}
	}
	for id, text := range written(events) {
		require.Contains(t, text, "about wamid.", id)
	}
}

func TestWhatTheCustomerWroteReachesThePlaceholderOfAnEarlierInteraction(t *testing.T) {
	w := newWorld(t)
	customer := tel("393331234567")
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{w.placeholder(customer, "m1")}))
	one := w.home(customer, "m1")
	w.close(one)
	two := w.receive(customer, "m2")
	require.NotEqual(t, one, two)
	for range 2 {
		require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{w.text(customer, "m1"), w.placeholder(customer, "m1")}))
	}
	_, events := w.session(one)
	require.Len(t, all[interaction.ContentArrived](w), 1)
	for _, text := range written(events) {
		require.Equal(t, "about m1", text)
	}
	require.Len(t, all[interaction.MessageReceived](w), 2)
}
