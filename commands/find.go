package commands

import (
	"context"
	"fmt"

	"parley/domain"
	"parley/domain/interaction"
)

// FindMessage says which interaction holds a message of a customer, or of ours to him, and what the message is called there.
func (c *Commands) FindMessage(ctx context.Context, account domain.AccountID, aliases []string, providerID string) (domain.InteractionID, domain.MessageID, bool, error) {
	for _, alias := range aliases {
		known, err := c.lookUp(ctx, c.addressID(alias))
		if err != nil {
			return "", "", false, fmt.Errorf("look up the customer: %w", err)
		}
		if known.canonical != "" {
			return c.findMessageOf(ctx, account, known, providerID)
		}
	}
	return "", "", false, nil
}

// findMessageOf is findMessage in all conversations of somebody, those from before his addresses were linked too.
func (c *Commands) findMessageOf(ctx context.Context, account domain.AccountID, sender lead, providerID string) (domain.InteractionID, domain.MessageID, bool, error) {
	home, message, found, err := c.findMessage(ctx, conversation{account, sender.canonical}, providerID)
	for _, former := range sender.former {
		if found || err != nil {
			break
		}
		home, message, found, err = c.findMessage(ctx, conversation{account, former}, providerID)
	}
	return home, message, found, err
}

// findMessage says which message a provider message id is: one of the customer's, or one of ours.
func (c *Commands) findMessage(ctx context.Context, conv conversation, providerID string) (domain.InteractionID, domain.MessageID, bool, error) {
	inbound, tag := c.inboundID(conv.account, providerID), c.ProviderTag(conv.account, providerID)
	last, err := c.highestNumber(ctx, conv)
	if err != nil {
		return "", "", false, err
	}
	for n := last; n > 0; n-- { // the read model may lag behind: the last interactions are asked themselves
		if n == last-askedFirst {
			if home, ok, err := c.reads.MessageHome(ctx, inbound); err != nil || ok {
				return home, inbound, ok, err
			}
			if home, message, ok, err := c.reads.MessageByTag(ctx, tag); err != nil || ok {
				return home, message, ok, err
			}
		}
		id := c.interactionID(conv, n)
		found, err := query(ctx, c.interactions, id, func(s interaction.State) domain.MessageID {
			if s.Has(inbound) {
				return inbound
			}
			return s.ByProviderTag(tag)
		})
		if err != nil {
			return "", "", false, err
		}
		if found != "" {
			return domain.InteractionID(id), found, true, nil
		}
	}
	if home, ok, err := c.reads.MessageHome(ctx, inbound); err != nil || ok {
		return home, inbound, ok, err
	}
	return c.reads.MessageByTag(ctx, tag)
}

// askedFirst is how many interactions of a conversation are looked through before the read model is asked.
const askedFirst = 2

// highestNumber is the last interaction of a conversation, as the streams say; 0 when there is none.
func (c *Commands) highestNumber(ctx context.Context, conv conversation) (int, error) {
	n, err := c.lastNumber(ctx, conv)
	if err != nil {
		return 0, err
	}
	for {
		exists, err := query(ctx, c.interactions, c.interactionID(conv, n+1), func(s interaction.State) bool { return s.Status != interaction.SessionNone })
		if err != nil {
			return 0, err
		}
		if !exists {
			return n, nil
		}
		n++
		c.numbers.Add(conv, n)
	}
}

// lastNumber is the highest known interaction of a conversation, 0 when none is; it may be too low, never too high.
func (c *Commands) lastNumber(ctx context.Context, conv conversation) (int, error) {
	if n, ok := c.numbers.Get(conv); ok {
		return n, nil
	}
	n, err := c.reads.LastNumber(ctx, conv.account, conv.address)
	if err != nil {
		return 0, fmt.Errorf("find the conversation: %w", err)
	}
	return n, nil
}
