package commands

import (
	"context"
	"time"

	"parley/domain"
	"parley/domain/interaction"
)

// ClaimSending appends that an attempt to send begins. Only whoever gets claimed = true may call the provider; a
// refusal says why not (ErrNotYourTurn, ErrClaimed, ErrNotQueued, not due).
func (c *Commands) ClaimSending(ctx context.Context, id domain.InteractionID, message domain.MessageID) (attempt int, claimed bool, err error) {
	r, err := c.interactions.handle(ctx, string(id), Ours("outbox", NewID()), interaction.StartSending{MessageID: message, At: c.now()})
	if err != nil {
		return 0, false, err
	}
	for _, e := range r.Events {
		if started, ok := e.(interaction.MessageSendStarted); ok {
			return started.Attempt, true, nil
		}
	}
	return 0, false, nil
}

// SendAccepted records that the provider took a message.
func (c *Commands) SendAccepted(ctx context.Context, id domain.InteractionID, account domain.AccountID, message domain.MessageID, providerID string) error {
	_, err := c.interactions.handle(ctx, string(id), Ours("outbox", DerivedID("accepted", string(message))), interaction.RecordAccepted{
		MessageID: message, ProviderMessageID: providerID, ProviderTag: c.ProviderTag(account, providerID), At: c.now(),
	})
	return err
}

// SendNotTaken records that an attempt surely did not reach the provider, and when the next one may be made.
func (c *Commands) SendNotTaken(ctx context.Context, id domain.InteractionID, message domain.MessageID, attempt int, code string, retryIn time.Duration) error {
	now := c.now()
	_, err := c.interactions.handle(ctx, string(id), Ours("outbox", NewID()), interaction.RecordNotTaken{
		MessageID: message, Attempt: attempt, Code: code, RetryAt: now.Add(retryIn), At: now,
	})
	return err
}

// SendFailed records that the provider refused a message for good, or that sending it was given up.
func (c *Commands) SendFailed(ctx context.Context, id domain.InteractionID, message domain.MessageID, attempt int, code, reason, detail string) error {
	_, err := c.interactions.handle(ctx, string(id), Ours("outbox", NewID()), interaction.RecordFailed{
		MessageID: message, Attempt: attempt, Code: code, Reason: reason, Detail: detail, At: c.now(),
	})
	return err
}

// SendUnknown records that nobody knows whether the provider took a message.
func (c *Commands) SendUnknown(ctx context.Context, id domain.InteractionID, message domain.MessageID, attempt int, code string) error {
	_, err := c.interactions.handle(ctx, string(id), Ours("outbox", NewID()), interaction.RecordUnknown{
		MessageID: message, Attempt: attempt, Code: code, At: c.now(),
	})
	return err
}

// StoreMedia records that the file of a message is kept.
func (c *Commands) StoreMedia(ctx context.Context, id domain.InteractionID, stored interaction.MediaStored) error {
	stored.At = c.now()
	_, err := c.interactions.handle(ctx, string(id), Ours("media", DerivedID("stored", string(stored.MessageID))), interaction.StoreMedia{MediaStored: stored})
	return err
}

// FailMedia records that the file of a message cannot be had.
func (c *Commands) FailMedia(ctx context.Context, id domain.InteractionID, message domain.MessageID, code string) error {
	_, err := c.interactions.handle(ctx, string(id), Ours("media", DerivedID("no file", string(message))), interaction.FailMedia{
		MediaFailed: interaction.MediaFailed{MessageID: message, Code: code, At: c.now()},
	})
	return err
}
