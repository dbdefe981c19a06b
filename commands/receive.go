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

const receiveParallel = 16 // customers of one delivery

// Receive records what a provider reported about one account. When it returns nil, everything is durable.
// Repeated deliveries change nothing. Each customer's arrivals are processed in order.
func (c *Commands) Receive(ctx context.Context, account domain.AccountID, arrivals []Arrival) error {
	if len(arrivals) == 1 {
		return c.receiveCounted(ctx, account, arrivals[0])
	}
	var refused atomic.Pointer[error] // a permanent refusal does not stop the other arrivals
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
				if err := c.receiveCounted(ctx, account, a); isRefusal(err) {
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

// receiveCounted receives an arrival and counts what became of it.
func (c *Commands) receiveCounted(ctx context.Context, account domain.AccountID, a Arrival) error {
	outcome, err := c.receive(ctx, account, a)
	if err == nil && c.count != nil {
		c.count(a.Kind(), outcome)
	}
	return err
}

func (c *Commands) receive(ctx context.Context, account domain.AccountID, a Arrival) (Outcome, error) {
	switch {
	case a.Status != nil:
		return c.receiveStatus(ctx, account, *a.Status, a.SentAt)
	case a.Renamed != nil:
		err := c.linkAliases(ctx, a.Aliases, a.Renamed.Aliases, a.Renamed.Reason, pastTime(a.SentAt, c.now()))
		if err != nil || a.Renamed.Notice == nil {
			return Placed, err
		}
		a.Message = a.Renamed.Notice
	case a.Notice != nil:
		return c.recordNotice(ctx, account, a)
	case a.Unplaced != nil:
		return c.keepUnplaced(ctx, account, a)
	}
	at := c.now()
	sent := pastTime(a.SentAt, at)
	sender, done, err := c.resolveLocked(ctx, a.Aliases, sent)
	if err != nil {
		return "", fmt.Errorf("resolve the sender: %w", err)
	}
	defer done()
	address := sender.canonical
	id := c.inboundID(account, a.ProviderMessageID)
	meta := eventstore.Metadata{Actor: "webhook", CommandID: string(id), CorrelationID: string(id)}
	switch {
	case a.Message != nil:
		m := interaction.MessageReceived{
			MessageID: id, AddressID: address, Kind: a.Message.Kind, Content: a.Message.Content,
			QuotedID: c.quoted(ctx, account, a.Message.QuotedID), Forwarded: a.Message.Forwarded,
			Customer: a.Customer, ProviderMessageID: a.ProviderMessageID, SentAt: sent, At: at,
		}
		if m.Placeholder() { // what the customer wrote may follow under the same id, which is another command
			meta.CommandID = DerivedID("placeholder", string(id))
		}
		if len(sender.former) > 0 { // it may have come before the addresses were linked
			home, _, known, err := c.findMessageOf(ctx, account, sender, a.ProviderMessageID)
			if err != nil {
				return "", err
			}
			if known {
				return c.receiveAgain(ctx, home, meta, m)
			}
		}
		conv, err := c.openConversation(ctx, account, sender)
		if err != nil {
			return "", err
		}
		m.AddressID = conv.address
		outcome, err := c.receiveMessage(ctx, conv, meta, a.Message.Silent, m)
		switch {
		case err != nil || outcome != "":
			return outcome, err
		case a.Renamed != nil: // without an open interaction, the address knows the new number all the same
			return Placed, nil
		}
		return c.keepUnplaced(ctx, account, a.asUnplaced()) // a notice about a customer who has no interaction
	case a.Observed != nil:
		m := interaction.MessageObserved{
			MessageID: id, AddressID: address, Author: a.Observed.Author, Kind: a.Observed.Kind, Content: a.Observed.Content,
			QuotedID: c.quoted(ctx, account, a.Observed.QuotedID), Forwarded: a.Observed.Forwarded,
			Status: a.Observed.Status, ProviderTag: c.ProviderTag(account, a.ProviderMessageID),
			Customer: a.Customer, ProviderMessageID: a.ProviderMessageID, SentAt: sent, At: at,
		}
		if m.Placeholder() {
			meta.CommandID = DerivedID("placeholder", string(id))
		}
		return c.observe(ctx, account, sender, meta, a.Observed.Before, m)
	case a.Preference != nil:
		return c.receivePreference(ctx, account, address, a)
	case a.Edit != nil:
		return c.receiveAbout(ctx, account, sender, meta, a, a.Edit.TargetID,
			func(target domain.MessageID) interaction.Command {
				return interaction.ReceiveEdit{MessageEdited: interaction.MessageEdited{
					MessageID: target, EditID: id, AddressID: address, Content: a.Edit.Content, SentAt: sent, At: at,
				}}
			})
	case a.Revoke != nil:
		return c.receiveAbout(ctx, account, sender, meta, a, a.Revoke.TargetID,
			func(target domain.MessageID) interaction.Command {
				return interaction.ReceiveRevoke{MessageRevoked: interaction.MessageRevoked{MessageID: target,
					RevokeID: id, SentAt: sent, At: at}}
			})
	case a.Reaction != nil:
		return c.receiveAbout(ctx, account, sender, meta, a, a.Reaction.TargetID,
			func(target domain.MessageID) interaction.Command {
				return interaction.ReceiveReaction{ReactionReceived: interaction.ReactionReceived{
					MessageID: target, ReactionID: id, Author: a.Reaction.Author, AddressID: address,
					Emoji: a.Reaction.Emoji, SentAt: sent, At: at,
				}}
			})
	}
	return "", fmt.Errorf("receive: an arrival holds nothing")
}

// placedIf returns Placed if a command recorded something, and Duplicate otherwise.
func placedIf[E any](done Result[E], err error) (Outcome, error) {
	switch {
	case err != nil:
		return "", err
	case len(done.Events) == 0:
		return Duplicate, nil
	}
	return Placed, nil
}

// pastTime returns a provider's time, or now if it is missing or in the future. A
// future time would extend the reply window.
func pastTime(reported, now time.Time) time.Time {
	if reported.IsZero() || reported.After(now) {
		return now
	}
	return reported
}

// carriedFor is how long a new interaction knows the messages of earlier ones. Older redeliveries are found
// in the read model.
const carriedFor = 7 * 24 * time.Hour

// receiveMessage appends a message to the conversation's open interaction, or opens the next one with it. It
// returns no outcome for a silent message of a customer without an interaction.
func (c *Commands) receiveMessage(
	ctx context.Context, conv conversation, meta eventstore.Metadata, silent bool, m interaction.MessageReceived,
) (Outcome, error) {
	n, err := c.lastNumber(ctx, conv)
	if err != nil {
		return "", err
	}
	origin := interaction.OriginInbound
	if m.Kind == interaction.KindHandover {
		origin = interaction.OriginHandover
	}
	exists := n > 0 // as far as this process knows
	n = max(n, 1)
	for {
		if n > 1 && m.At.Sub(m.SentAt) > carriedFor {
			home, known, err := c.reads.MessageHome(ctx, m.MessageID)
			if err != nil {
				return "", err
			}
			if known {
				return c.receiveAgain(ctx, home, meta, m)
			}
		}
		var done Result[interaction.Event]
		err := error(interaction.ErrUnknown)
		if exists || silent {
			done, err = c.interactions.handle(ctx, c.interactionID(conv, n), meta, interaction.Receive{MessageReceived: m})
		}
		if errors.Is(err, interaction.ErrUnknown) && !silent {
			done, err = c.open(ctx, conv, n, meta, origin, "", m.Customer,
				interaction.Receive{MessageReceived: m})
		}
		switch {
		case err == nil:
			c.numbers.Add(conv, n)
			if len(done.Events) > 0 {
				return Placed, nil
			}
			if n == 1 || m.Placeholder() {
				return Duplicate, nil
			}
			home, _, known, err := c.findMessage(ctx, conv, m.ProviderMessageID)
			if err != nil || !known || string(home) == c.interactionID(conv, n) {
				return Duplicate, err
			}
			return c.receiveAgain(ctx, home, meta, m)
		case errors.Is(err, interaction.ErrUnknown): // silent messages open nothing
			return "", nil
		case errors.Is(err, interaction.ErrOpen): // another process opened it first
			exists = true
		case errors.Is(err, interaction.ErrClosed):
			n++
			exists = false
		default:
			return "", err
		}
	}
}

// receiveAgain receives a message in the interaction that knows it, where a placeholder may stand for it.
func (c *Commands) receiveAgain(
	ctx context.Context, home domain.InteractionID, meta eventstore.Metadata, m interaction.MessageReceived,
) (Outcome, error) {
	done, err := c.interactions.handle(ctx, string(home), meta, interaction.Receive{MessageReceived: m})
	if errors.Is(err, interaction.ErrClosed) || errors.Is(err, interaction.ErrUnknown) {
		return Duplicate, nil // the read model is wrong about its home
	}
	return placedIf(done, err)
}

// open opens interaction n of a conversation, carrying over what its rules need from the previous one. The
// first commands are appended together with the opening.
func (c *Commands) open(
	ctx context.Context, conv conversation, n int, meta eventstore.Metadata, origin interaction.Origin,
	by domain.UserID, customer interaction.Customer, first ...interaction.Command,
) (Result[interaction.Event], error) {
	settings, err := c.account(ctx, conv.account)
	if err != nil {
		return Result[interaction.Event]{}, err
	}
	at := c.now()
	opened := interaction.Opened{Number: n}
	// What another app's customer wrote before we got them is in number 0, and opened the reply window.
	if n > 1 || n == 1 && origin == interaction.OriginHandover {
		previous := domain.InteractionID(c.interactionID(conv, n-1))
		opened, err = query(ctx, c.interactions, string(previous), func(s interaction.State) interaction.Opened {
			if s.Status == interaction.SessionNone {
				return opened
			}
			return s.CarryOver(previous, at)
		})
		if err != nil {
			return Result[interaction.Event]{}, err
		}
		if opened, err = c.carryOverJoined(ctx, opened, at); err != nil {
			return Result[interaction.Event]{}, err
		}
	}
	opened.AccountID, opened.AddressID = conv.account, conv.address
	opened.Channel, opened.QueueID = settings.Channel, settings.QueueID
	opened.Origin, opened.By, opened.Customer, opened.At = origin, by, customer, at
	cmds := append([]interaction.Command{interaction.Open{Opened: opened}}, first...)
	return c.interactions.handleNew(ctx, c.interactionID(conv, n), meta, cmds...)
}

// receiveAbout appends an update of an earlier message to the interaction that holds it, open or closed. An
// update that precedes its message is kept until the message is known.
func (c *Commands) receiveAbout(
	ctx context.Context, account domain.AccountID, sender resolved, meta eventstore.Metadata, a Arrival,
	providerID string, command func(domain.MessageID) interaction.Command,
) (Outcome, error) {
	home, target, found, err := c.findMessageOf(ctx, account, sender, providerID)
	if err != nil {
		return "", err
	}
	if !found {
		a.SentAt = pastTime(a.SentAt, c.now())
		return Early, c.reads.KeepEarlyUpdate(ctx, EarlyUpdate{
			ItemID: domain.MessageID(meta.CommandID), AccountID: account, AddressID: sender.canonical,
			MessageID: c.inboundID(account, providerID), ProviderTag: c.ProviderTag(account, providerID), Arrival: a,
		})
	}
	done, err := c.interactions.handle(ctx, string(home), meta, command(target))
	return placedIf(done, err)
}

// receiveStatus records a status of one of our messages. A status that precedes its
// message is kept until the message is known.
func (c *Commands) receiveStatus(
	ctx context.Context, account domain.AccountID, s ArrivedStatus, at time.Time,
) (Outcome, error) {
	now := c.now()
	at = pastTime(at, now)
	tag := c.ProviderTag(account, s.MessageID)
	cmd := interaction.RecordStatus{
		Status: s.Status, ProviderMessageID: s.MessageID, ProviderTag: tag,
		Code: s.Code, Reason: s.Reason, Detail: s.Detail, StatusAt: at, At: now,
	}
	home, message, ok := splitCallback(s.CallbackData)
	if !ok {
		var err error
		if home, message, ok, err = c.reads.MessageByTag(ctx, tag); err != nil {
			return "", err
		}
	}
	if ok {
		outcome, err := c.RecordStatus(ctx, home, message, cmd)
		if !errors.Is(err, interaction.ErrUnknown) && !errors.Is(err, interaction.ErrNoMessage) {
			return outcome, err
		}
		c.log.Warn("got the status of an unknown message", "interaction", home, "message", message)
	}
	return Early, c.reads.KeepEarlyStatus(ctx, EarlyStatus{AccountID: account, ProviderTag: tag, Status: cmd})
}

// RecordStatus records the status of a message.
func (c *Commands) RecordStatus(
	ctx context.Context, home domain.InteractionID, message domain.MessageID, cmd interaction.RecordStatus,
) (Outcome, error) {
	cmd.MessageID = message
	commandID := DerivedID("status", string(message), string(cmd.Status))
	return placedIf(c.interactions.handle(ctx, string(home), SystemMetadata("webhook", commandID), cmd))
}

// CallbackData is sent with a message and returned with its statuses: "<interaction>.<message>".
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

// quoted returns the id of a quoted message, the customer's or ours.
func (c *Commands) quoted(ctx context.Context, account domain.AccountID, providerID string) domain.MessageID {
	if providerID == "" {
		return ""
	}
	if _, message, ok, err := c.reads.MessageByTag(ctx, c.ProviderTag(account, providerID)); err == nil && ok {
		return message
	}
	return c.inboundID(account, providerID)
}

// inboundID derives the id of a customer's message. Every delivery of the message has the same one.
func (c *Commands) inboundID(account domain.AccountID, providerID string) domain.MessageID {
	return domain.MessageID(c.ids.UUID("message", string(account), providerID))
}

// ProviderTag derives a tag from a provider message id, to be stored where the id itself must not be.
func (c *Commands) ProviderTag(account domain.AccountID, providerID string) string {
	return c.ids.UUID("provider", string(account), providerID)
}

func (c *Commands) interactionID(conv conversation, n int) string {
	return c.ids.UUIDInShard(conv.address.Shard(), "interaction", string(conv.account), string(conv.address),
		fmt.Sprint(n))
}
