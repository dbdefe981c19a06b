package reactions

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"time"

	"parley/channels"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/interaction"
	"parley/internal/fault"
	"parley/projections/outbox"
)

const (
	maxRetryWait = 300 * time.Second
	giveUpAfter  = 24 * time.Hour
	recordLimit  = 10 * time.Second // per attempt to record an outcome
	recordTries  = 5                // attempts while the event store answers but refuses
)

// send makes one attempt to send a message. It returns when the message's row can be trusted again.
func (s *sender) send(row outbox.Row, p *pacer) time.Time {
	id, message := domain.InteractionID(row.InteractionID), domain.MessageID(row.MessageID)
	account, provider, err := s.account(domain.AccountID(row.AccountID))
	if err != nil {
		s.Log.Warn("an account cannot send", "account", row.AccountID, "error", describe(err))
		return s.stuck(row)
	}
	p.pace(account.Settings.RatePerSecond, s.Now())
	out, err := s.contents.compose(s.calls, id, message)
	if err == nil {
		out.CallbackData = callback(row)
		err = s.attach(&out, message, provider, account.Channel)
	}
	problem := err // found before the claim
	if problem != nil {
		if refused(problem) {
			return s.Now().Add(stale)
		}
		var known *channels.SendError
		if !errors.As(problem, &known) {
			s.Log.Warn("a message cannot be sent just now", "interaction", id, "message", message, "error",
				describe(problem))
			return s.Now().Add(time.Second)
		}
	} else {
		if err := p.limiter.Wait(s.leading); err != nil {
			return s.Now()
		}
		if open, until := p.open(s.Now()); !open {
			return until
		}
	}
	_ = fault.Hit("outbox.queued")
	attempt, notBefore := s.claim(id, message)
	if attempt == 0 {
		return notBefore
	}
	_ = fault.Hit("outbox.claimed")
	if problem == nil {
		problem = s.keep()
	}
	if problem != nil {
		return s.record(row, out, p, attempt, "", problem)
	}
	sent, err := provider.Send(s.calls, account.Channel, out.Outbound)
	_ = fault.Hit("outbox.answered")
	notBefore = s.record(row, out, p, attempt, sent.ProviderMessageID, err)
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
		return account, nil, errors.New("the account is disabled or archived")
	}
	provider, err := s.provider(account)
	return account, provider, err
}

// stuck handles a message that cannot be tried now. It waits, for up to a day.
func (s *sender) stuck(row outbox.Row) time.Time {
	if s.Now().Sub(row.QueuedAt) < giveUpAfter {
		return s.Now().Add(stale)
	}
	s.persist(func(ctx context.Context) error {
		return s.Commands.SendFailed(ctx, domain.InteractionID(row.InteractionID),
			domain.MessageID(row.MessageID), 0, "GIVEN_UP", interaction.FailedAccountDown, "")
	})
	s.Count("send given up")
	return s.Now().Add(stale)
}

// keep returns an error if the provider must not be called, although the message is claimed.
func (s *sender) keep() error {
	ctx, cancel := context.WithTimeout(s.calls, recordLimit)
	defer cancel()
	if err := s.Keep(ctx); err != nil {
		return channels.NewSendError(channels.NotAccepted, "LOG_NOT_CHECKED", "", err)
	}
	return nil
}

// claim begins an attempt on the log. Attempt 0 means that the provider must not be called.
func (s *sender) claim(id domain.InteractionID, message domain.MessageID) (attempt int, notBefore time.Time) {
	if s.leading.Err() != nil {
		return 0, s.Now()
	}
	ctx, cancel := context.WithTimeout(s.calls, recordLimit)
	defer cancel()
	if held, err := s.Hold(ctx); held || err != nil {
		return 0, s.Now().Add(time.Second)
	}
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
		s.untouched[message] = true // the claim may have reached the log
		s.mu.Unlock()
		if err := s.retries.record(string(message), err); err != nil {
			s.Log.Warn("a message could not be claimed", "interaction", id, "message", message, "error", describe(err))
			return 0, s.Now().Add(time.Second)
		}
		return 0, s.retries.until(string(message))
	}
	if d, due := dueIn(err); due {
		return 0, s.Now().Add(d)
	}
	if errors.Is(err, interaction.ErrNotYourTurn) {
		return 0, s.Now().Add(200 * time.Millisecond)
	}
	return 0, s.Now().Add(stale)
}

// dueIn returns the remaining wait of a refusal that has one.
func dueIn(err error) (time.Duration, bool) {
	var r *domain.Refusal
	if !errors.As(err, &r) {
		return 0, false
	}
	d, ok := r.Details["dueIn"].(time.Duration)
	return d, ok
}

// record records the outcome of an attempt. It returns when the message's row can be trusted again.
func (s *sender) record(
	row outbox.Row, out outgoing, p *pacer, attempt int, providerID string, outcome error,
) time.Time {
	id, message := domain.InteractionID(row.InteractionID), domain.MessageID(row.MessageID)
	if outcome == nil {
		p.answered()
		s.done(message)
		s.Count("send accepted")
		s.persist(func(ctx context.Context) error {
			return s.Commands.SendAccepted(ctx, id, domain.AccountID(row.AccountID), message, providerID)
		})
		return s.Now().Add(stale)
	}
	e := sendError(outcome)
	now := s.Now()
	p.effect(e, now)
	wait := retryIn(attempt, e.RetryAfter)
	switch {
	case e.Outcome == channels.NotAccepted && now.Add(wait).Before(s.retryUntil(row, out)):
		s.Count("send not accepted")
		s.persist(func(ctx context.Context) error {
			return s.Commands.SendNotAccepted(ctx, id, message, attempt, e.Code, wait)
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
	s.persist(func(ctx context.Context) error {
		return s.Commands.SendFailed(ctx, id, message, attempt, e.Code, e.Reason, cmp.Or(e.Detail, causeOf(e)))
	})
	return now.Add(stale)
}

// retryUntil returns when retrying a message ends: after one day, or until the reply window closes for free text.
func (s *sender) retryUntil(row outbox.Row, out outgoing) time.Time {
	end := row.QueuedAt.Add(giveUpAfter)
	account, _, err := s.account(domain.AccountID(row.AccountID))
	if err != nil || out.template || out.lastInbound.IsZero() {
		return end
	}
	closes := interaction.WindowEnd(out.lastInbound, nil, account.Settings.Window())
	if !closes.IsZero() && closes.Before(end) {
		return closes
	}
	return end
}

// retryIn returns 1, 2, 4… up to 300 seconds with some jitter, or longer if the provider says so.
func retryIn(attempt int, atLeast time.Duration) time.Duration {
	wait := min(time.Second<<min(max(attempt-1, 0), 10), maxRetryWait)
	wait = wait*9/10 + rand.N(wait/5)
	return max(wait, atLeast)
}

// causeOf returns the cause of an error, for the sealed part of the event.
func causeOf(e *channels.SendError) string {
	cause := errors.Unwrap(e)
	if cause == nil {
		return ""
	}
	words := cause.Error()
	return words[:min(len(words), 500)]
}

// persist records an outcome, however long the event store is unavailable. It gives up on shutdown, and on a
// stream that cannot be written to; the attempt then has no outcome and counts as unknown.
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

// attach prepares the message's file in the way the provider accepts files. Nothing reaches the customer yet, so
// this happens before the claim.
func (s *sender) attach(
	out *outgoing, message domain.MessageID, provider channels.Provider, with channels.Account,
) error {
	if out.file == nil {
		return nil
	}
	switch file := out.file; provider.Declaration().Capabilities.Files {
	case account.Uploaded:
		return s.upload(out, message, provider, with)
	case account.Attached:
		out.Media.Open = func() (io.ReadCloser, error) { return s.Files.Open(s.calls, file.BlobID, file.BlobKey) }
		return nil
	}
	return channels.NewSendError(channels.Failed, "FILE", interaction.FailedNoFiles, nil)
}

// upload uploads the message's file, once.
func (s *sender) upload(
	out *outgoing, message domain.MessageID, provider channels.Provider, with channels.Account,
) error {
	s.mu.Lock()
	known := s.uploads[message]
	s.mu.Unlock()
	if known != "" {
		out.Media.ID = known
		return nil
	}
	file, err := s.Files.Open(s.calls, out.file.BlobID, out.file.BlobKey)
	if err != nil {
		return channels.NewSendError(channels.NotAccepted, "FILE", interaction.FailedFileUnreadable, err)
	}
	defer file.Close()
	out.Media.ID, err = provider.UploadMedia(s.calls, with, channels.Upload{
		MimeType: out.file.MimeType, FileName: out.file.FileName, Size: out.file.Size, Body: file,
	})
	if err != nil {
		e := sendError(err)
		if e.Outcome == channels.Unknown { // nothing reached the customer, so an upload may be repeated
			again := *e
			again.Outcome = channels.NotAccepted
			return &again
		}
		return e
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uploads[message] = out.Media.ID
	return nil
}
