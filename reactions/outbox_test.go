package reactions

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/channels/whatsapp/meta"
	"parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/interaction"
	"parley/internal/simulator"
)

const anna = "393331234567"

// scripted is a provider that records calls and answers them as a test wants.
type scripted struct {
	channels.Provider
	mu     sync.Mutex
	sent   []channels.Outbound
	answer func(ctx context.Context, n int, out channels.Outbound) (channels.Sent, error)
	cannot func(*account.Capabilities) // removes capabilities
}

// Declaration returns Meta's, without the removed capabilities.
func (s *scripted) Declaration() account.Provider {
	d := (&meta.Meta{}).Declaration()
	if s.cannot != nil {
		s.cannot(&d.Capabilities)
	}
	return d
}

func (s *scripted) Send(ctx context.Context, _ channels.Account, out channels.Outbound) (channels.Sent, error) {
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

func registry(p channels.Provider) *channels.Registry {
	r, err := channels.NewRegistry(p)
	if err != nil {
		panic(err) // the declaration is wrong
	}
	return r
}

func with(p channels.Provider) func(*Config) {
	return func(c *Config) { c.Providers = registry(p) }
}

// fromUs returns what the simulated network accepted for a customer, in order.
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
	require.Equal(t, commands.CallbackData(id, message), last[len(last)-1].CallbackData,
		"its statuses will name the message")
	w.eventually(func() bool {
		var rows int
		return w.db.Clear.QueryRow(t.Context(), `SELECT count(*) FROM outbox`).Scan(&rows) == nil && rows == 0
	}, "the outbox row is not removed")
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

func TestAnAttemptWithoutAnOutcomeIsUnknownAfterARestartAndNeverRepeated(t *testing.T) {
	w := newWorld(t)
	id := w.mine(w.agents[0], anna)
	first, second := w.write(id, w.agents[0], "first"), w.write(id, w.agents[0], "second")
	_, claimed, err := w.commands.ClaimSending(t.Context(), id, first) // the process dies here
	require.NoError(t, err)
	require.True(t, claimed)

	provider := &scripted{answer: accepts}
	w.react(with(provider))
	w.eventually(func() bool { return w.status(id, first) == interaction.StatusUnknown }, "not unknown")
	w.later(9 * time.Second) // an unknown outcome delays the next message for ten seconds
	w.never(func() bool { return len(provider.texts()) > 0 }, "sent before the delay was over")
	w.later(2 * time.Second)
	w.eventually(func() bool { return w.status(id, second) == interaction.StatusAccepted },
		"the second message is not sent")
	require.Equal(t, []string{"second"}, provider.texts())
}

func TestACallInterruptedByShutdownIsNotRepeatedByTheNextProcess(t *testing.T) {
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

func TestACallWithAnUnclearAnswerIsNeverRepeated(t *testing.T) {
	w := newWorld(t)
	w.whatsapp.AddPerson(simulator.Person{Name: "Anna", Digits: anna})
	w.react()
	id := w.mine(w.agents[0], anna)
	w.whatsapp.Trouble(simulator.Trouble{AcceptAndLose: 1})
	message := w.write(id, w.agents[0], "Are you there?")
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusUnknown }, "not unknown")
	w.never(func() bool { return len(w.fromUs(anna)) > 1 }, "sent twice")

	// A late status settles it.
	require.NoError(t, w.commands.Receive(t.Context(), w.account, []commands.Arrival{{Status: &commands.ArrivedStatus{
		MessageID: "wamid.late", Status: interaction.StatusDelivered, CallbackData: commands.CallbackData(id, message),
	}}}))
	require.Equal(t, interaction.StatusDelivered, w.status(id, message))
}

func TestAMessageTheProviderDidNotTakeIsRetried(t *testing.T) {
	w := newWorld(t)
	provider := &scripted{answer: func(ctx context.Context, n int, out channels.Outbound) (channels.Sent, error) {
		if n < 3 {
			return channels.Sent{}, channels.NewSendError(channels.NotAccepted, "CONNECTION", "Not reached.",
				errors.New("refused"))
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

func TestRetryingEndsWithTheReplyWindow(t *testing.T) {
	w := newWorld(t)
	provider := &scripted{answer: func(context.Context, int, channels.Outbound) (channels.Sent, error) {
		return channels.Sent{}, channels.NewSendError(channels.NotAccepted, "CONNECTION",
			interaction.FailedProviderDown, nil)
	}}
	id := w.mine(w.agents[0], anna)
	message := w.write(id, w.agents[0], "Still there?")
	w.later(24*time.Hour - time.Second)
	w.react(with(provider))
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusFailed }, "not given up")
	events := w.history(id)
	failed := events[len(events)-1].(interaction.MessageFailed)
	require.Equal(t, interaction.FailedProviderDown, failed.Reason)
}

func TestARefusedMessageFailsWithTheProvidersCode(t *testing.T) {
	w := newWorld(t)
	w.whatsapp.AddPerson(simulator.Person{Name: "Anna", Digits: anna})
	w.whatsapp.Trouble(simulator.Trouble{Code: 131047, Coded: 1})
	w.react()
	id := w.mine(w.agents[0], anna)
	message := w.write(id, w.agents[0], "Hello again")
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusFailed }, "not failed")
	events := w.history(id)
	failed := events[len(events)-1].(interaction.MessageFailed)
	require.Equal(t, "131047", failed.Code)
	require.Equal(t, interaction.FailedWindow, failed.Reason)
	require.True(t, failed.WindowClosed)
	require.Equal(t, &failed.At, w.state(id).WindowClosedAt)
}

func TestAThrottledAccountPausesAloneAndStaysSlowAfterwards(t *testing.T) {
	now := noon
	p := newPacer()
	p.pace(100, now)
	e := channels.NewSendError(channels.NotAccepted, "130429", "", nil)
	e.Effect, e.RetryAfter = channels.SlowNumber, 2*time.Second
	p.effect(e, now)
	p.effect(e, now) // from another call in progress
	open, until := p.open(now.Add(time.Second))
	require.False(t, open)
	require.Equal(t, now.Add(2*time.Second), until)
	open, _ = p.open(until)
	require.True(t, open)
	require.InDelta(t, 50, float64(p.limiter.Limit()), 0.1)
	p.pace(100, now.Add(5*time.Second))
	require.InDelta(t, 50, float64(p.limiter.Limit()), 0.1, "not at once")
	for i := range 10 {
		p.pace(100, now.Add(time.Duration(i+1)*11*time.Second))
	}
	require.InDelta(t, 100, float64(p.limiter.Limit()), 0.1, "but in time")
}

func TestUnclearAnswersInARowPauseTheAccountForLongerAndLonger(t *testing.T) {
	now := noon
	p := newPacer()
	unclear := channels.NewSendError(channels.Unknown, "HTTP_503", "", nil)
	p.effect(unclear, now)
	open, _ := p.open(now)
	require.True(t, open, "one unclear answer may be about one message")
	for _, pause := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
		p.effect(unclear, now)
		p.effect(unclear, now) // from another call in progress
		open, until := p.open(now)
		require.False(t, open)
		require.Equal(t, now.Add(pause), until)
		now = until.Add(time.Millisecond)
	}
	p.answered()
	p.effect(unclear, now)
	open, _ = p.open(now)
	require.True(t, open, "the provider had answered in between")
}

func TestASlowCallDelaysOneCustomerOnly(t *testing.T) {
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
	w.eventually(func() bool { return w.status(quick, message) == interaction.StatusAccepted },
		"held up by another customer")
	require.NotContains(t, provider.texts(), "behind it")
	close(release)
	w.eventually(func() bool { return w.status(slow, behind) == interaction.StatusAccepted }, "not sent")
}

func TestOneOfTwoProcessesSendsAndTheOtherTakesOver(t *testing.T) {
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
	_, err = w.commands.Send(t.Context(), id, w.agents[0], commands.Draft{Text: "You are welcome",
		Kind: interaction.KindText, QuotedID: theirs}, by())
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
	_, err = w.commands.Send(t.Context(), id, w.agents[0], commands.Draft{Text: "Your invoice",
		Kind: interaction.KindDocument, Media: &interaction.Media{
			BlobID: file.ID, BlobKey: file.Key, MimeType: "application/pdf", FileName: "invoice.pdf", Size: file.Size,
		}}, meta)
	require.NoError(t, err)
	w.eventually(func() bool {
		return w.status(id, domain.MessageID(meta.CommandID)) == interaction.StatusAccepted
	}, "not sent")
	sent := w.whatsapp.Messages()
	last := sent[len(sent)-1]
	require.Equal(t, "Your invoice", last.Text)
	require.NotNil(t, last.Media)
	require.EqualValues(t, file.Size, last.Media.Size)
}

func TestAFileIsSentWithItsMessageWhereTheProviderAttachesFiles(t *testing.T) {
	w := newWorld(t)
	attached := make(chan string, 1)
	provider := &scripted{
		cannot: func(c *account.Capabilities) { c.Files = account.Attached },
		answer: func(_ context.Context, n int, out channels.Outbound) (channels.Sent, error) {
			file, err := out.Media.Open()
			if err != nil {
				return channels.Sent{}, err
			}
			defer file.Close()
			content, err := io.ReadAll(file)
			attached <- string(content)
			return channels.Sent{ProviderMessageID: "wamid.1"}, err
		},
	}
	w.react(with(provider))
	id := w.mine(w.agents[0], anna)
	file, err := w.files.Put(t.Context(), strings.NewReader("%PDF-1.4 the invoice"), 1<<20)
	require.NoError(t, err)
	_, err = w.commands.Send(t.Context(), id, w.agents[0], commands.Draft{Kind: interaction.KindDocument,
		Media: &interaction.Media{
			BlobID: file.ID, BlobKey: file.Key, MimeType: "application/pdf", FileName: "invoice.pdf", Size: file.Size,
		}}, by())
	require.NoError(t, err)
	select {
	case content := <-attached:
		require.Equal(t, "%PDF-1.4 the invoice", content)
	case <-time.After(patience):
		t.Fatal("not sent")
	}
}

func TestNothingIsSentBeforeTheClaimIsKeptOutsideTheDatabase(t *testing.T) {
	w := newWorld(t)
	provider := &scripted{answer: accepts}
	var asked, sentTooEarly atomic.Int64
	w.react(with(provider), func(c *Config) {
		c.Keep = func(context.Context) error {
			if len(provider.texts()) > 0 {
				sentTooEarly.Add(1)
			}
			if asked.Add(1) == 1 {
				return errors.New("the log is an older copy")
			}
			return nil
		}
	})
	id := w.mine(w.agents[0], anna)
	message := w.write(id, w.agents[0], "once")
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusAccepted }, "not sent once it is kept")
	require.EqualValues(t, 2, asked.Load())
	require.Zero(t, sentTooEarly.Load(), "sent although the claim was not kept")
	require.Equal(t, []string{"once"}, provider.texts())
}

func TestNothingIsSentWhileSendingIsHeld(t *testing.T) {
	w := newWorld(t)
	provider := &scripted{answer: accepts}
	held := true
	var mu sync.Mutex
	w.react(with(provider), func(c *Config) {
		c.Hold = func(context.Context) (bool, error) { mu.Lock(); defer mu.Unlock(); return held, nil }
	})
	id := w.mine(w.agents[0], anna)
	message := w.write(id, w.agents[0], "later")
	w.never(func() bool { return len(provider.texts()) > 0 }, "sent while on hold")
	mu.Lock()
	held = false
	mu.Unlock()
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusAccepted }, "not sent when released")
}
