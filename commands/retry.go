package commands

import (
	"context"

	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
)

// Retry sends the content of a failed message, or of one with an unknown outcome, as a new message. It may be in an
// interaction that was joined into this one.
func (c *Commands) Retry(
	ctx context.Context, id domain.InteractionID, by domain.AgentID, message domain.MessageID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	home, state, err := c.homeIn(ctx, id, message)
	if err != nil {
		return eventstore.Position{}, err
	}
	history, err := c.interactions.store.Read(ctx, c.interactions.decider.Stream(string(home)), 0)
	if err != nil {
		return eventstore.Position{}, err
	}
	for _, r := range history.Events {
		if q, ok := r.Event.(interaction.MessageQueued); ok && q.MessageID == message {
			return c.send(ctx, id, interaction.Send{
				MessageID: domain.MessageID(meta.CommandID), By: by, Author: interaction.AuthorAgent, Kind: q.Kind,
				Content: q.Content, QuotedID: q.QuotedID, RetryOf: message, RetryHome: state,
			}, meta)
		}
	}
	return eventstore.Position{}, interaction.ErrNoMessage
}

// homeIn returns the interaction that holds a message, with its state: the given one, or one that was joined
// into it.
func (c *Commands) homeIn(
	ctx context.Context, id domain.InteractionID, message domain.MessageID,
) (domain.InteractionID, interaction.State, error) {
	here, err := c.interaction(ctx, id)
	if err != nil || here.Has(message) {
		return id, interaction.State{}, err
	}
	for _, joined := range here.Joined {
		there, err := c.interaction(ctx, joined)
		if err != nil || there.Has(message) {
			return joined, there, err
		}
	}
	return id, interaction.State{}, nil
}

// React puts an emoji on a customer's message, which may be in an interaction that was joined into this one.
func (c *Commands) React(
	ctx context.Context, id domain.InteractionID, by domain.AgentID, message domain.MessageID, emoji string,
	meta eventstore.Metadata,
) (eventstore.Position, error) {
	settings, err := c.accountOf(ctx, id)
	if err != nil {
		return eventstore.Position{}, err
	}
	_, home, err := c.homeIn(ctx, id, message)
	if err != nil {
		return eventstore.Position{}, err
	}
	return c.onInteraction(ctx, id, meta, interaction.React{
		MessageID: message, SendID: domain.MessageID(meta.CommandID), By: by, Emoji: emoji, Home: home,
		Window: settings.Window(), At: c.now(),
	})
}
