package commands

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/internal/fault"
)

const receiveParallel = 16 // customers of one delivery worked on at once

// Receive takes in what a provider told us about one account. When it returns nil everything is durable; what was
// already there changes nothing. What belongs to one customer is taken in order.
func (c *Commands) Receive(ctx context.Context, account domain.AccountID, arrivals []Arrival) error {
	if len(arrivals) == 1 {
		return c.receive(ctx, account, arrivals[0])
	}
	var refused atomic.Pointer[error] // one that is refused for good does not hinder the others
	var order []string
	byCustomer := make(map[string][]Arrival)
	for _, a := range arrivals {
		key := a.ProviderMessageID
		if len(a.Aliases) > 0 {
			key = a.Aliases[0]
		}
		if _, known := byCustomer[key]; !known {
			order = append(order, key)
		}
		byCustomer[key] = append(byCustomer[key], a)
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(receiveParallel)
	for _, key := range order {
		g.Go(func() error {
			for _, a := range byCustomer[key] {
				if err := c.receive(ctx, account, a); isRefusal(err) {
					refused.Store(&err)
				} else if err != nil {
					return err
				}
				_ = fault.Hit("inbound.between_messages")
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := refused.Load(); err != nil {
		return *err
	}
	return nil
}

func (c *Commands) receive(ctx context.Context, account domain.AccountID, a Arrival) error {
	switch {
	case a.Status != nil:
		return c.receiveStatus(ctx, account, *a.Status, a.SentAt)
	case a.Renamed != nil:
		return c.linkAliases(ctx, a.Aliases, a.Renamed.Aliases, a.Renamed.Reason)
	case a.Unplaced != nil:
		return c.keepUnplaced(ctx, account, a)
	}
	sender, settled, err := c.settled(ctx, a.Aliases)
	if err != nil {
		return fmt.Errorf("resolve the sender: %w", err)
	}
	defer settled()
	address := sender.canonical
	at := c.now()
	sent := past(a.SentAt, at)
	id := c.inboundID(account, a.ProviderMessageID)
	meta := eventstore.Metadata{Actor: "webhook", CommandID: string(id), CorrelationID: string(id)}
	switch {
	case a.Message != nil:
		if len(sender.former) > 0 { // it may have come before the link
			if _, _, known, err := c.findMessageOf(ctx, account, sender, a.ProviderMessageID); err != nil || known {
				return err
			}
		}
		return c.receiveMessage(ctx, conversation{account, address}, meta, a.Message.Silent, interaction.MessageReceived{
			MessageID: id, AddressID: address, Kind: a.Message.Kind, Content: a.Message.Content,
			QuotedID: c.quoted(ctx, account, a.Message.QuotedID), Forwarded: a.Message.Forwarded,
			Customer: a.Customer, ProviderMessageID: a.ProviderMessageID, SentAt: sent, At: at,
		})
	case a.Edit != nil:
		return c.receiveAbout(ctx, account, sender, meta, a, a.Edit.TargetID, func(target domain.MessageID) interaction.Command {
			return interaction.ReceiveEdit{MessageEdited: interaction.MessageEdited{
				MessageID: target, EditID: id, AddressID: address, Content: a.Edit.Content, SentAt: sent, At: at,
			}}
		})
	case a.Revoke != nil:
		return c.receiveAbout(ctx, account, sender, meta, a, a.Revoke.TargetID, func(target domain.MessageID) interaction.Command {
			return interaction.ReceiveRevoke{MessageRevoked: interaction.MessageRevoked{MessageID: target, RevokeID: id, SentAt: sent, At: at}}
		})
	case a.Reaction != nil:
		return c.receiveAbout(ctx, account, sender, meta, a, a.Reaction.TargetID, func(target domain.MessageID) interaction.Command {
			return interaction.ReceiveReaction{ReactionReceived: interaction.ReactionReceived{
				MessageID: target, ReactionID: id, AddressID: address, Emoji: a.Reaction.Emoji, SentAt: sent, At: at,
			}}
		})
	}
	return nil
}

// past is the provider's time of something that has happened; one to come would keep the window open until then.
func past(said, now time.Time) time.Time {
	if said.IsZero() || said.After(now) {
		return now
	}
	return said
}

// carriedFor is how long an interaction surely knows what was received in those before it. Of older redeliveries the read
// model knows.
const carriedFor = 7 * 24 * time.Hour

// receiveMessage appends to the open interaction of the conversation, or opens the next one with the message in it.
func (c *Commands) receiveMessage(ctx context.Context, conv conversation, meta eventstore.Metadata, silent bool, m interaction.MessageReceived) error {
	n, err := c.lastNumber(ctx, conv)
	if err != nil {
		return err
	}
	isThere := n > 0 // as far as we know
	n = max(n, 1)
	for {
		if n > 1 && m.At.Sub(m.SentAt) > carriedFor {
			if _, known, err := c.reads.MessageHome(ctx, m.MessageID); err != nil || known {
				return err
			}
		}
		err := error(interaction.ErrUnknown)
		if isThere || silent {
			_, err = c.interactions.handle(ctx, c.interactionID(conv, n), meta, interaction.Receive{MessageReceived: m})
		}
		if errors.Is(err, interaction.ErrUnknown) && !silent {
			_, err = c.open(ctx, conv, n, meta, interaction.OriginInbound, "", m.Customer, interaction.Receive{MessageReceived: m})
		}
		switch {
		case err == nil:
			c.numbers.Add(conv, n)
			return nil
		case errors.Is(err, interaction.ErrUnknown): // and silent
			return nil
		case errors.Is(err, interaction.ErrOpen): // lost the race, so go round again
			isThere = true
		case errors.Is(err, interaction.ErrClosed):
			n++
			isThere = false
		default:
			return err
		}
	}
}

// open begins interaction n of a conversation, carrying forward from n-1 what its rules need. What is done first in it
// is appended together with the opening.
func (c *Commands) open(ctx context.Context, conv conversation, n int, meta eventstore.Metadata, origin interaction.Origin,
	by domain.UserID, customer interaction.Customer, first ...interaction.Command,
) (Result[interaction.Event], error) {
	settings, err := c.account(ctx, conv.account)
	if err != nil {
		return Result[interaction.Event]{}, err
	}
	at := c.now()
	opened := interaction.Opened{Number: 1}
	if n > 1 {
		previous := domain.InteractionID(c.interactionID(conv, n-1))
		opened, err = query(ctx, c.interactions, string(previous), func(s interaction.State) interaction.Opened { return s.CarryOver(previous, at) })
		if err != nil {
			return Result[interaction.Event]{}, err
		}
	}
	opened.AccountID, opened.AddressID = conv.account, conv.address
	opened.Channel, opened.QueueID = settings.Channel, settings.QueueID
	opened.Origin, opened.By, opened.Customer, opened.At = origin, by, customer, at
	cmds := append([]interaction.Command{interaction.Open{Opened: opened}}, first...)
	return c.interactions.begin(ctx, c.interactionID(conv, n), meta, cmds...)
}

// receiveAbout appends something about an earlier message to the interaction that holds it, open or closed. What comes before
// its message is kept until that is known.
func (c *Commands) receiveAbout(ctx context.Context, account domain.AccountID, sender lead, meta eventstore.Metadata, a Arrival, providerID string,
	command func(domain.MessageID) interaction.Command,
) error {
	home, target, found, err := c.findMessageOf(ctx, account, sender, providerID)
	if err != nil {
		return err
	}
	if !found {
		a.SentAt = past(a.SentAt, c.now())
		return c.reads.KeepAfterthought(ctx, Afterthought{
			ItemID: domain.MessageID(meta.CommandID), AccountID: account, AddressID: sender.canonical,
			MessageID: c.inboundID(account, providerID), ProviderTag: c.ProviderTag(account, providerID), Arrival: a,
		})
	}
	_, err = c.interactions.handle(ctx, string(home), meta, command(target))
	return err
}

// receiveStatus raises the status of a message of ours. One that is too early is kept until its message is known.
func (c *Commands) receiveStatus(ctx context.Context, account domain.AccountID, s ArrivedStatus, at time.Time) error {
	now := c.now()
	at = past(at, now)
	tag := c.ProviderTag(account, s.MessageID)
	cmd := interaction.RecordStatus{
		Status: s.Status, ProviderMessageID: s.MessageID, ProviderTag: tag,
		Code: s.Code, Reason: s.Reason, Detail: s.Detail, StatusAt: at, At: now,
	}
	home, message, ok := splitCallback(s.CallbackData)
	if !ok {
		var err error
		if home, message, ok, err = c.reads.MessageByTag(ctx, tag); err != nil {
			return err
		}
	}
	if !ok {
		return c.reads.KeepEarlyStatus(ctx, tag, cmd)
	}
	return c.RecordStatus(ctx, home, message, cmd)
}

// RecordStatus raises the status of one message; a message nobody has heard of changes nothing.
func (c *Commands) RecordStatus(ctx context.Context, home domain.InteractionID, message domain.MessageID, cmd interaction.RecordStatus) error {
	cmd.MessageID = message
	commandID := DerivedID("status", string(message), string(cmd.Status))
	_, err := c.interactions.handle(ctx, string(home), Ours("webhook", commandID), cmd)
	if errors.Is(err, interaction.ErrUnknown) || errors.Is(err, interaction.ErrNoMessage) {
		c.log.Warn("a status for a message that is not ours", "interaction", home, "message", message)
		return nil
	}
	return err
}

// CallbackData travels with a message and comes back with its statuses: "<interaction>.<message>".
func CallbackData(home domain.InteractionID, message domain.MessageID) string {
	return string(home) + "." + string(message)
}

func splitCallback(data string) (domain.InteractionID, domain.MessageID, bool) {
	home, message, ok := strings.Cut(data, ".")
	if !ok || len(home) != 36 || len(message) != 36 {
		return "", "", false
	}
	return domain.InteractionID(home), domain.MessageID(message), true
}

func (c *Commands) quoted(ctx context.Context, account domain.AccountID, providerID string) domain.MessageID {
	if providerID == "" {
		return ""
	}
	if _, message, ok, err := c.reads.MessageByTag(ctx, c.ProviderTag(account, providerID)); err == nil && ok {
		return message
	}
	return c.inboundID(account, providerID)
}

// inboundID is the id of the message with this provider message id: the same for every delivery of it.
func (c *Commands) inboundID(account domain.AccountID, providerID string) domain.MessageID {
	return domain.MessageID(c.ids.UUID("message", string(account), providerID))
}

// ProviderTag is what the provider's id of one of our messages is known by outside sealed data.
func (c *Commands) ProviderTag(account domain.AccountID, providerID string) string {
	return c.ids.UUID("provider", string(account), providerID)
}

func (c *Commands) interactionID(conv conversation, n int) string {
	return c.ids.UUID("interaction", string(conv.account), string(conv.address), fmt.Sprint(n))
}
