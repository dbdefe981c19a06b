package commands

import (
	"context"
	"errors"

	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
)

// observe records a message that passed without us in the conversation's last interaction, open or closed. A
// message from before the first interaction, or without one so far, goes into number 0.
func (c *Commands) observe(
	ctx context.Context, account domain.AccountID, sender resolved, meta eventstore.Metadata, before bool,
	m interaction.MessageObserved,
) (Outcome, error) {
	home, _, known, err := c.findMessageOf(ctx, account, sender, m.ProviderMessageID)
	if err != nil {
		return "", err
	}
	cmd := interaction.Observe{MessageObserved: m}
	conv, err := c.openConversation(ctx, account, sender)
	if err != nil {
		return "", err
	}
	if !known {
		n := 0
		if !before {
			if n, err = c.highestNumber(ctx, conv); err != nil {
				return "", err
			}
		}
		home = domain.InteractionID(c.interactionID(conv, n))
	}
	done, err := c.interactions.handle(ctx, string(home), meta, cmd)
	if errors.Is(err, interaction.ErrUnknown) && !known {
		done, err = c.open(ctx, conv, 0, meta, interaction.OriginBefore, "", m.Customer, cmd)
		if errors.Is(err, interaction.ErrOpen) { // another process opened it first
			done, err = c.interactions.handle(ctx, string(home), meta, cmd)
		}
	}
	if errors.Is(err, interaction.ErrUnknown) {
		return Duplicate, nil // the read model is wrong about its home
	}
	return placedIf(done, err)
}
