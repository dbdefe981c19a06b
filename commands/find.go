package commands

import (
	"context"
	"fmt"

	"parley/domain"
	"parley/domain/interaction"
)

// FindMessage returns the interaction that holds a message from or to a customer, and the message's id there.
func (c *Commands) FindMessage(
	ctx context.Context, account domain.AccountID, aliases []string, providerID string,
) (domain.InteractionID, domain.MessageID, bool, error) {
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

// findMessageOf searches all conversations of a customer, including those from before their addresses were linked.
func (c *Commands) findMessageOf(
	ctx context.Context, account domain.AccountID, sender resolved, providerID string,
) (domain.InteractionID, domain.MessageID, bool, error) {
	home, message, found, err := c.findMessage(ctx, conversation{account, sender.canonical}, providerID)
	for _, former := range sender.former {
		if found || err != nil {
			break
		}
		home, message, found, err = c.findMessage(ctx, conversation{account, former}, providerID)
	}
	return home, message, found, err
}

// openConversation returns the conversation that a customer's next message belongs to: the one of their address,
// unless only that of a former address is open.
func (c *Commands) openConversation(
	ctx context.Context, account domain.AccountID, sender resolved,
) (conversation, error) {
	own := conversation{account, sender.canonical}
	if len(sender.former) == 0 {
		return own, nil
	}
	for _, address := range append([]domain.AddressID{sender.canonical}, sender.former...) {
		conv := conversation{account, address}
		n, err := c.highestNumber(ctx, conv)
		if err != nil {
			return own, err
		}
		open, err := query(ctx, c.interactions, c.interactionID(conv, n),
			func(s interaction.State) bool { return s.Status == interaction.SessionOpen })
		if err != nil || open {
			return conv, err
		}
	}
	return own, nil
}

// findMessage returns the message that a provider message id belongs to, the customer's or ours.
func (c *Commands) findMessage(
	ctx context.Context, conv conversation, providerID string,
) (domain.InteractionID, domain.MessageID, bool, error) {
	inbound, tag := c.inboundID(conv.account, providerID), c.ProviderTag(conv.account, providerID)
	last, err := c.highestNumber(ctx, conv)
	if err != nil {
		return "", "", false, err
	}
	for n := last; n >= 0; n-- { // the read model may lag, so ask the latest interactions first
		if n == last-scannedFirst {
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

// scannedFirst is how many interactions of a conversation are searched before the read model.
const scannedFirst = 2

// highestNumber returns the number of a conversation's last interaction according to
// the streams, or 0 if there is none.
func (c *Commands) highestNumber(ctx context.Context, conv conversation) (int, error) {
	n, err := c.lastNumber(ctx, conv)
	if err != nil {
		return 0, err
	}
	for {
		exists, err := query(ctx, c.interactions, c.interactionID(conv, n+1),
			func(s interaction.State) bool { return s.Status != interaction.SessionNone })
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

// lastNumber returns the highest known interaction number of a conversation, or 0. It
// may be too low but is never too high.
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
