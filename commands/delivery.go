package commands

import (
	"context"
	"time"

	"parley/domain"
	"parley/domain/interaction"
)

// ClaimSending records that an attempt to send begins. Only a caller who gets claimed = true may call the
// provider. A refusal says why not: ErrNotYourTurn, ErrClaimed, ErrNotQueued, or not due yet.
func (c *Commands) ClaimSending(
	ctx context.Context, id domain.InteractionID, message domain.MessageID,
) (attempt int, claimed bool, err error) {
	r, err := c.interactions.handle(ctx, string(id), SystemMetadata("outbox", NewID()),
		interaction.StartSending{MessageID: message, At: c.now()})
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

// SendAccepted records that the provider accepted a message.
func (c *Commands) SendAccepted(
	ctx context.Context, id domain.InteractionID, account domain.AccountID, message domain.MessageID, providerID string,
) error {
	_, err := c.interactions.handle(ctx, string(id), SystemMetadata("outbox", DerivedID("accepted", string(message))),
		interaction.RecordAccepted{
			MessageID: message, ProviderMessageID: providerID,
			ProviderTag: c.ProviderTag(account, providerID), At: c.now(),
		})
	return err
}

// SendNotAccepted records that an attempt certainly did not reach the provider, and when to retry.
func (c *Commands) SendNotAccepted(
	ctx context.Context, id domain.InteractionID, message domain.MessageID, attempt int, code string,
	retryIn time.Duration,
) error {
	now := c.now()
	_, err := c.interactions.handle(ctx, string(id), SystemMetadata("outbox", NewID()), interaction.RecordNotAccepted{
		MessageID: message, Attempt: attempt, Code: code, RetryAt: now.Add(retryIn), At: now,
	})
	return err
}

// SendFailed records that the provider rejected a message for good, or that we gave up sending it.
func (c *Commands) SendFailed(
	ctx context.Context, id domain.InteractionID, message domain.MessageID, attempt int, code string,
	reason interaction.FailureReason, detail string,
) error {
	_, err := c.interactions.handle(ctx, string(id), SystemMetadata("outbox", NewID()), interaction.RecordFailed{
		MessageID: message, Attempt: attempt, Code: code, Reason: reason, Detail: detail, At: c.now(),
	})
	return err
}

// SendUnknown records that it is unknown whether the provider accepted a message.
func (c *Commands) SendUnknown(
	ctx context.Context, id domain.InteractionID, message domain.MessageID, attempt int, code string,
) error {
	_, err := c.interactions.handle(ctx, string(id), SystemMetadata("outbox", NewID()), interaction.RecordUnknown{
		MessageID: message, Attempt: attempt, Code: code, At: c.now(),
	})
	return err
}

// StoreMedia records that a message's file is stored.
func (c *Commands) StoreMedia(ctx context.Context, id domain.InteractionID, stored interaction.MediaStored) error {
	stored.At = c.now()
	_, err := c.interactions.handle(ctx, string(id), SystemMetadata("media",
		DerivedID("stored", string(stored.MessageID))), interaction.StoreMedia{MediaStored: stored})
	return err
}

// FailMedia records that a message's file cannot be fetched.
func (c *Commands) FailMedia(
	ctx context.Context, id domain.InteractionID, message domain.MessageID, code string,
) error {
	_, err := c.interactions.handle(ctx, string(id), SystemMetadata("media", DerivedID("no file", string(message))),
		interaction.FailMedia{
			MediaFailed: interaction.MediaFailed{MessageID: message, Code: code, At: c.now()},
		})
	return err
}
