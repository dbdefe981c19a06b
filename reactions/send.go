package reactions

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"parley/channels"
	"parley/domain"
	"parley/domain/interaction"
	"parley/internal/fault"
	"parley/projections/outbox"
)

const (
	longestRetry = 300 * time.Second
	giveUpAfter  = 24 * time.Hour
	recordLimit  = 10 * time.Second // for one try to record an outcome
	recordTries  = 5                // of an outcome that cannot be recorded though the event store answers
)

// send makes one attempt at one message. It returns from when on the message's row may be believed again.
func (s *sender) send(row outbox.Row, l *lane) time.Time {
	id, message := domain.InteractionID(row.InteractionID), domain.MessageID(row.MessageID)
	account, provider, err := s.account(domain.AccountID(row.AccountID))
	if err != nil {
		s.Log.Warn("an account cannot send", "account", row.AccountID, "error", describe(err))
		return s.stuck(row, "This account cannot send at the moment.")
	}
	l.pace(account.Settings.RatePerSecond, s.Now())
	out, err := s.letters.compose(s.calls, id, message)
	if err == nil {
		out.CallbackData = callback(row)
		err = s.upload(&out, message, provider, account.Credentials)
	}
	before := err
	if before != nil {
		if refused(before) {
			return s.Now().Add(stale)
		}
		var known *channels.SendError
		if !errors.As(before, &known) {
			s.Log.Warn("a message cannot be sent just now", "interaction", id, "message", message, "error", describe(before))
			return s.Now().Add(time.Second)
		}
	} else {
		if err := l.limiter.Wait(s.leading); err != nil {
			return s.Now()
		}
		if open, until := l.open(s.Now()); !open {
			return until
		}
	}
	_ = fault.Hit("outbox.queued")
	attempt, notBefore := s.claim(id, message)
	if attempt == 0 {
		return notBefore
	}
	_ = fault.Hit("outbox.claimed")
	if before != nil {
		return s.record(row, out, l, attempt, "", before)
	}
	sent, err := provider.Send(s.calls, account.Credentials, out.Outbound)
	_ = fault.Hit("outbox.answered")
	notBefore = s.record(row, out, l, attempt, sent.ProviderMessageID, err)
	_ = fault.Hit("outbox.recorded")
	return notBefore
}

func (s *sender) account(id domain.AccountID) (Account, channels.Provider, error) {
	ctx, cancel := context.WithTimeout(s.calls, recordLimit)
	defer cancel()
	account, err := s.Account(ctx, id)
	if err != nil {
		return account, nil, err
	}
	if account.Archived || account.Settings.Disabled {
		return account, nil, errors.New("out of use")
	}
	provider := s.Providers[strings.ToLower(account.Settings.Provider)]
	if provider == nil {
		return account, nil, errors.New("no such provider")
	}
	return account, provider, nil
}

// stuck is for messages that cannot be tried: they wait, but not for ever.
func (s *sender) stuck(row outbox.Row, words string) time.Time {
	if s.Now().Sub(row.QueuedAt) < giveUpAfter {
		return s.Now().Add(stale)
	}
	s.persist(func(ctx context.Context) error {
		return s.Commands.SendFailed(ctx, domain.InteractionID(row.InteractionID), domain.MessageID(row.MessageID), 0, "GIVEN_UP", words, "")
	})
	s.Count("send given up")
	return s.Now().Add(stale)
}

// claim begins an attempt on the log. Attempt 0 means that the provider may not be called.
func (s *sender) claim(id domain.InteractionID, message domain.MessageID) (attempt int, notBefore time.Time) {
	if s.leading.Err() != nil {
		return 0, s.Now()
	}
	ctx, cancel := context.WithTimeout(s.calls, recordLimit)
	defer cancel()
	attempt, claimed, err := s.Commands.ClaimSending(ctx, id, message)
	switch {
	case err == nil && claimed:
		s.mu.Lock()
		delete(s.untouched, message)
		s.mu.Unlock()
		return attempt, time.Time{}
	case err == nil:
		return 0, s.Now().Add(time.Second)
	case !refused(err):
		s.mu.Lock()
		s.untouched[message] = true // the claim may be in the log all the same
		s.mu.Unlock()
		if err := s.aside.tried(string(message), err); err != nil {
			s.Log.Warn("a message could not be claimed", "interaction", id, "message", message, "error", describe(err))
			return 0, s.Now().Add(time.Second)
		}
		return 0, s.aside.until(string(message))
	}
	if d, due := dueIn(err); due {
		return 0, s.Now().Add(d)
	}
	if errors.Is(err, interaction.ErrNotYourTurn) {
		return 0, s.Now().Add(200 * time.Millisecond)
	}
	return 0, s.Now().Add(stale)
}

// dueIn is how long still, of any refusal that says so.
func dueIn(err error) (time.Duration, bool) {
	var r *domain.Refusal
	if !errors.As(err, &r) {
		return 0, false
	}
	d, ok := r.Details["dueIn"].(time.Duration)
	return d, ok
}

// record writes down what came of an attempt, and says from when on the message's row may be believed again.
func (s *sender) record(row outbox.Row, out letter, l *lane, attempt int, providerID string, outcome error) time.Time {
	id, message := domain.InteractionID(row.InteractionID), domain.MessageID(row.MessageID)
	if outcome == nil {
		s.done(message)
		s.Count("send accepted")
		s.persist(func(ctx context.Context) error {
			return s.Commands.SendAccepted(ctx, id, domain.AccountID(row.AccountID), message, providerID)
		})
		return s.Now().Add(stale)
	}
	e := sendError(outcome)
	now := s.Now()
	l.effect(e, now)
	wait := retryIn(attempt, e.RetryAfter)
	switch {
	case e.Outcome == channels.NotTaken && now.Add(wait).Before(s.until(row, out)):
		s.Count("send not taken")
		s.persist(func(ctx context.Context) error {
			return s.Commands.SendNotTaken(ctx, id, message, attempt, e.Code, wait)
		})
		return now.Add(wait)
	case e.Outcome == channels.Unknown:
		s.done(message)
		s.Count("send unknown")
		s.persist(func(ctx context.Context) error { return s.Commands.SendUnknown(ctx, id, message, attempt, e.Code) })
		return now.Add(stale)
	}
	s.done(message)
	s.Count("send failed")
	code, words := e.Code, e.Words
	if e.Effect == channels.WindowClosed {
		code = interaction.CodeWindowClosed
	}
	if e.Outcome == channels.NotTaken {
		words = "It was tried again and again until the time for answering was over. " + words
	}
	s.persist(func(ctx context.Context) error {
		return s.Commands.SendFailed(ctx, id, message, attempt, code, words, causeOf(e))
	})
	return now.Add(stale)
}

// until is how long a message is tried again: a day, or until free text is no longer allowed.
func (s *sender) until(row outbox.Row, out letter) time.Time {
	end := row.QueuedAt.Add(giveUpAfter)
	account, _, err := s.account(domain.AccountID(row.AccountID))
	if err != nil || out.template || account.Settings.WindowHours == 0 || out.lastInbound.IsZero() {
		return end
	}
	if shut := out.lastInbound.Add(time.Duration(account.Settings.WindowHours) * time.Hour); shut.Before(end) {
		return shut
	}
	return end
}

// retryIn is 1, 2, 4… up to 300 seconds with some jitter, or longer where the provider says so.
func retryIn(attempt int, atLeast time.Duration) time.Duration {
	wait := min(time.Second<<min(max(attempt-1, 0), 10), longestRetry)
	wait = wait*9/10 + rand.N(wait/5)
	return max(wait, atLeast)
}

// causeOf is what lies behind an error, for the sealed part of the event.
func causeOf(e *channels.SendError) string {
	cause := errors.Unwrap(e)
	if cause == nil {
		return ""
	}
	words := cause.Error()
	return words[:min(len(words), 500)]
}

// persist records something that has happened, however long the event store is away. The end of the process stops it, and a
// stream that cannot be written to: then the attempt is found without an outcome, and counts as unknown.
func (s *sender) persist(record func(context.Context) error) {
	for tries, wait := 1, 50*time.Millisecond; ; tries, wait = tries+1, min(wait*2, 5*time.Second) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(s.calls), recordLimit)
		err := record(ctx)
		cancel()
		if err == nil {
			return
		}
		if refused(err) {
			s.Log.Warn("the outcome of a send was refused", "error", describe(err))
			return
		}
		away := outage(err)
		if s.calls.Err() != nil || !away && tries == recordTries {
			s.Log.Error("the outcome of a send was not recorded", "error", describe(err))
			s.Count("send not recorded")
			return
		}
		if away {
			s.Log.Warn("the outcome of a send is not recorded yet", "error", describe(err))
		}
		pause(s.calls, wait)
	}
}

func (s *sender) done(message domain.MessageID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.uploads, message)
}

// upload hands the file of a message to the provider. It reaches nobody by that, so it is done before the claim.
func (s *sender) upload(out *letter, message domain.MessageID, provider channels.Provider, with channels.Credentials) error {
	if out.file == nil {
		return nil
	}
	s.mu.Lock()
	known := s.uploads[message]
	s.mu.Unlock()
	if known != "" {
		out.Media.ID = known
		return nil
	}
	file, err := s.Files.Open(s.calls, out.file.BlobID, out.file.BlobKey)
	if err != nil {
		return channels.NewSendError(channels.NotTaken, "FILE", "The file of this message could not be read.", err)
	}
	defer file.Close()
	out.Media.ID, err = provider.UploadMedia(s.calls, with, channels.Upload{
		MimeType: out.file.MimeType, FileName: out.file.FileName, Size: out.file.Size, Body: file,
	})
	if err != nil {
		e := sendError(err)
		if e.Outcome == channels.Unknown { // the customer gets nothing by an upload, so it may be repeated
			again := *e
			again.Outcome = channels.NotTaken
			return &again
		}
		return e
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uploads[message] = out.Media.ID
	return nil
}
