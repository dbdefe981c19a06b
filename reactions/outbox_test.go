package reactions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/commands"
	"parley/domain"
	"parley/domain/interaction"
	"parley/simulator"
)

const anna = "393331234567"

// scripted answers calls as a test wants, and notes them.
type scripted struct {
	channels.Provider
	mu     sync.Mutex
	sent   []channels.Outbound
	answer func(ctx context.Context, n int, out channels.Outbound) (channels.Sent, error)
}

func (s *scripted) Send(ctx context.Context, _ channels.Credentials, out channels.Outbound) (channels.Sent, error) {
	s.mu.Lock()
	s.sent = append(s.sent, out)
	n := len(s.sent)
	s.mu.Unlock()
	return s.answer(ctx, n, out)
}

func (s *scripted) texts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, out := range s.sent {
		all = append(all, out.Text)
	}
	return all
}

func accepts(_ context.Context, n int, _ channels.Outbound) (channels.Sent, error) {
	return channels.Sent{ProviderMessageID: fmt.Sprintf("wamid.%d", n)}, nil
}

func with(p channels.Provider) func(*Config) {
	return func(c *Config) { c.Providers = map[string]channels.Provider{"meta": p} }
}

// fromUs is what the simulated network took for a customer, in order.
func (w *world) fromUs(digits string) []string {
	var texts []string
	for _, m := range w.whatsapp.Messages() {
		if !m.FromCustomer && m.Phone == digits {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

func TestAQueuedMessageReachesTheCustomerOnce(t *testing.T) {
	w := newWorld(t)
	w.whatsapp.AddPerson(simulator.Person{Name: "Anna", Digits: anna})
	w.react()
	id := w.mine(w.agents[0], anna)
	message := w.write(id, w.agents[0], "How can I help?")
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusAccepted }, "not accepted")
	require.Equal(t, []string{"How can I help?"}, w.fromUs(anna))
	last := w.whatsapp.Messages()
	require.Equal(t, commands.CallbackData(id, message), last[len(last)-1].CallbackData, "statuses find their message by it")
	w.eventually(func() bool {
		var rows int
		return w.db.Clear.QueryRow(t.Context(), `SELECT count(*) FROM outbox`).Scan(&rows) == nil && rows == 0
	}, "the work list does not empty")
}

func TestMessagesToOneCustomerKeepTheirOrder(t *testing.T) {
	w := newWorld(t)
	id := w.mine(w.agents[0], anna)
	var want []string
	for i := range count(15, 200) {
		want = append(want, fmt.Sprintf("line %d", i))
		w.write(id, w.agents[0], want[i])
	}
	provider := &scripted{answer: accepts}
	w.react(with(provider))
	w.eventually(func() bool { return len(provider.texts()) == len(want) }, "not all sent")
	require.Equal(t, want, provider.texts())
}

func TestAnAttemptWithoutAnOutcomeIsUnknownAfterARestartAndNeverRepeated(t *testing.T) { // K14–K16, I7
	w := newWorld(t)
	id := w.mine(w.agents[0], anna)
	first, second := w.write(id, w.agents[0], "first"), w.write(id, w.agents[0], "second")
	_, claimed, err := w.commands.ClaimSending(t.Context(), id, first) // and here the process dies
	require.NoError(t, err)
	require.True(t, claimed)

	provider := &scripted{answer: accepts}
	w.react(with(provider))
	w.eventually(func() bool { return w.status(id, first) == interaction.StatusUnknown }, "not unknown")
	w.later(9 * time.Second) // an unknown one holds up the next for ten seconds
	w.never(func() bool { return len(provider.texts()) > 0 }, "that was too much")
	w.later(2 * time.Second)
	w.eventually(func() bool { return w.status(id, second) == interaction.StatusAccepted }, "the second was held up for ever")
	require.Equal(t, []string{"second"}, provider.texts())
}

func TestACallCutOffByTheEndOfTheProcessIsNotRepeatedByTheNext(t *testing.T) { // K15, I7
	w := newWorld(t)
	hangs := &scripted{answer: func(ctx context.Context, _ int, _ channels.Outbound) (channels.Sent, error) {
		<-ctx.Done()
		return channels.Sent{}, channels.NewSendError(channels.Unknown, "CONNECTION", "", ctx.Err())
	}}
	stop := w.react(with(hangs))
	id := w.mine(w.agents[0], anna)
	message := w.write(id, w.agents[0], "Hello")
	w.eventually(func() bool { return len(hangs.texts()) == 1 }, "not called")
	stop()
	next := &scripted{answer: accepts}
	w.react(with(next))
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusUnknown }, "not unknown")
	w.never(func() bool { return len(next.texts()) > 0 }, "sent twice")
}

func TestAnUnclearAnswerIsNeverRepeated(t *testing.T) { // F17
	w := newWorld(t)
	w.whatsapp.AddPerson(simulator.Person{Name: "Anna", Digits: anna})
	w.react()
	id := w.mine(w.agents[0], anna)
	w.whatsapp.Trouble(simulator.Trouble{AcceptAndLose: 1})
	message := w.write(id, w.agents[0], "Are you there?")
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusUnknown }, "not unknown")
	w.never(func() bool { return len(w.fromUs(anna)) > 1 }, "that was too much")

	// The status comes after all and settles it.
	require.NoError(t, w.commands.Receive(t.Context(), w.account, []commands.Arrival{{Status: &commands.ArrivedStatus{
		MessageID: "wamid.late", Status: interaction.StatusDelivered, CallbackData: commands.CallbackData(id, message),
	}}}))
	require.Equal(t, interaction.StatusDelivered, w.status(id, message))
}

func TestWhatWasNotTakenIsTriedAgain(t *testing.T) { // F14
	w := newWorld(t)
	provider := &scripted{answer: func(ctx context.Context, n int, out channels.Outbound) (channels.Sent, error) {
		if n < 3 {
			return channels.Sent{}, channels.NewSendError(channels.NotTaken, "CONNECTION", "Not reached.", errors.New("refused"))
		}
		return accepts(ctx, n, out)
	}}
	w.react(with(provider))
	id := w.mine(w.agents[0], anna)
	first, second := w.write(id, w.agents[0], "first"), w.write(id, w.agents[0], "second")
	w.eventually(func() bool { return len(provider.texts()) == 1 }, "not tried")
	w.eventually(func() bool { return w.status(id, second) == interaction.StatusAccepted }, "not sent")
	require.Equal(t, []string{"first", "first", "first", "second"}, provider.texts())
	attempts, running := w.state(id).Attempt(first)
	require.Equal(t, 3, attempts)
	require.False(t, running)
}

func TestTryingEndsWithTheWindow(t *testing.T) { // F14
	w := newWorld(t)
	provider := &scripted{answer: func(context.Context, int, channels.Outbound) (channels.Sent, error) {
		return channels.Sent{}, channels.NewSendError(channels.NotTaken, "CONNECTION", "WhatsApp could not be reached.", nil)
	}}
	id := w.mine(w.agents[0], anna)
	message := w.write(id, w.agents[0], "Still there?")
	w.later(24*time.Hour - time.Second)
	w.react(with(provider))
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusFailed }, "not given up")
	events := w.history(id)
	failed := events[len(events)-1].(interaction.MessageFailed)
	require.Contains(t, failed.Reason, "WhatsApp could not be reached.")
}

func TestARefusedMessageFailsWithWordsForTheAgent(t *testing.T) {
	w := newWorld(t)
	w.whatsapp.AddPerson(simulator.Person{Name: "Anna", Digits: anna})
	w.whatsapp.Trouble(simulator.Trouble{Code: 131047, Coded: 1})
	w.react()
	id := w.mine(w.agents[0], anna)
	message := w.write(id, w.agents[0], "Hello again")
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusFailed }, "not failed")
	events := w.history(id)
	failed := events[len(events)-1].(interaction.MessageFailed)
	require.Equal(t, interaction.CodeWindowClosed, failed.Code)
	require.Contains(t, failed.Reason, "24 hours")
	require.True(t, w.state(id).WindowShut)
}

func TestASlowAccountPausesAloneAndKeepsItsPaceAfterwards(t *testing.T) { // F15
	now := noon
	l := newLane()
	l.pace(100, now)
	e := channels.NewSendError(channels.NotTaken, "130429", "", nil)
	e.Effect, e.RetryAfter = channels.SlowNumber, 2*time.Second
	l.effect(e, now)
	l.effect(e, now) // of another call that was under way
	open, until := l.open(now.Add(time.Second))
	require.False(t, open)
	require.Equal(t, now.Add(2*time.Second), until)
	open, _ = l.open(until)
	require.True(t, open)
	require.InDelta(t, 50, float64(l.limiter.Limit()), 0.1)
	l.pace(100, now.Add(5*time.Second))
	require.InDelta(t, 50, float64(l.limiter.Limit()), 0.1, "not at once")
	for i := range 10 {
		l.pace(100, now.Add(time.Duration(i+1)*11*time.Second))
	}
	require.InDelta(t, 100, float64(l.limiter.Limit()), 0.1, "but in time")
}

func TestASlowProviderKeepsOneCustomerWaitingAndNobodyElse(t *testing.T) { // F16
	w := newWorld(t)
	release := make(chan struct{})
	provider := &scripted{answer: func(ctx context.Context, n int, out channels.Outbound) (channels.Sent, error) {
		if strings.HasPrefix(out.Text, "slow") {
			<-release
		}
		return accepts(ctx, n, out)
	}}
	w.react(with(provider))
	slow, quick := w.mine(w.agents[0], anna), w.mine(w.agents[0], "393330000001")
	w.write(slow, w.agents[0], "slow 1")
	behind := w.write(slow, w.agents[0], "behind it")
	w.eventually(func() bool { return len(provider.texts()) == 1 }, "not sent")
	message := w.write(quick, w.agents[0], "quick")
	w.eventually(func() bool { return w.status(quick, message) == interaction.StatusAccepted }, "held up by another customer")
	require.NotContains(t, provider.texts(), "behind it")
	close(release)
	w.eventually(func() bool { return w.status(slow, behind) == interaction.StatusAccepted }, "not sent")
}

func TestOfTwoProcessesOneSendsAndTheOtherTakesOver(t *testing.T) {
	w := newWorld(t)
	provider := &scripted{answer: accepts}
	stop := w.react(with(provider))
	w.react(with(provider))
	var want []string
	say := func(n int) {
		for i := range n {
			digits := fmt.Sprintf("39333000%04d", len(want))
			id := w.mine(w.agents[0], digits)
			want = append(want, fmt.Sprintf("to %s %d", digits, i))
			w.write(id, w.agents[0], want[len(want)-1])
		}
	}
	say(count(10, 200))
	stop()
	say(count(10, 200))
	w.eventually(func() bool { return len(provider.texts()) >= len(want) }, "not all sent")
	got := provider.texts()
	slices.Sort(got)
	slices.Sort(want)
	require.Equal(t, want, got)
}

func TestAReactionAndAQuoteNameTheCustomersMessage(t *testing.T) {
	w := newWorld(t)
	provider := &scripted{answer: accepts}
	w.react(with(provider))
	providerID := w.arrives(anna, "Thank you")
	row := w.session(anna)
	w.eventually(func() bool { return w.session(anna).LastCustomerMessageID != "" }, "no message")
	id, theirs := domain.InteractionID(row.ID), domain.MessageID(w.session(anna).LastCustomerMessageID)
	_, err := w.commands.Assign(t.Context(), id, w.agents[0], w.agents[0], by())
	require.NoError(t, err)
	_, err = w.commands.React(t.Context(), id, w.agents[0], theirs, "👍", by())
	require.NoError(t, err)
	_, err = w.commands.Send(t.Context(), id, w.agents[0], commands.Draft{Text: "You are welcome", Kind: interaction.KindText, QuotedID: theirs}, by())
	require.NoError(t, err)
	w.eventually(func() bool { return len(provider.texts()) == 2 }, "not sent")
	provider.mu.Lock()
	defer provider.mu.Unlock()
	require.Equal(t, &channels.Reaction{TargetID: providerID, Emoji: "👍"}, provider.sent[0].Reaction)
	require.Equal(t, providerID, provider.sent[1].QuotedProviderID)
	require.Equal(t, anna, provider.sent[1].To)
}

func TestAFileIsUploadedAndSentWithItsCaption(t *testing.T) {
	w := newWorld(t)
	w.whatsapp.AddPerson(simulator.Person{Name: "Anna", Digits: anna})
	w.react()
	id := w.mine(w.agents[0], anna)
	file, err := w.files.Put(t.Context(), strings.NewReader("%PDF-1.4 the invoice"), 1<<20)
	require.NoError(t, err)
	meta := by()
	_, err = w.commands.Send(t.Context(), id, w.agents[0], commands.Draft{Text: "Your invoice", Kind: interaction.KindDocument, Media: &interaction.Media{
		BlobID: file.ID, BlobKey: file.Key, MimeType: "application/pdf", FileName: "invoice.pdf", Size: file.Size,
	}}, meta)
	require.NoError(t, err)
	w.eventually(func() bool { return w.status(id, domain.MessageID(meta.CommandID)) == interaction.StatusAccepted }, "not sent")
	sent := w.whatsapp.Messages()
	last := sent[len(sent)-1]
	require.Equal(t, "Your invoice", last.Text)
	require.NotNil(t, last.Media)
	require.EqualValues(t, file.Size, last.Media.Size)
}

func TestNothingGoesOutWhileSendingIsHeld(t *testing.T) { // F37
	w := newWorld(t)
	provider := &scripted{answer: accepts}
	held := true
	var mu sync.Mutex
	w.react(with(provider), func(c *Config) {
		c.Hold = func(context.Context) (bool, error) { mu.Lock(); defer mu.Unlock(); return held, nil }
	})
	id := w.mine(w.agents[0], anna)
	message := w.write(id, w.agents[0], "later")
	w.never(func() bool { return len(provider.texts()) > 0 }, "that was too much")
	mu.Lock()
	held = false
	mu.Unlock()
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusAccepted }, "not sent when released")
}
