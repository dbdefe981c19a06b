package commands

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
)

// Settlement is what the owner decides about messages of unknown outcome.
type Settlement string

// The settlements.
const (
	SettleRetry  Settlement = "RETRY"
	SettleSent   Settlement = "SENT"
	SettleFailed Settlement = "FAILED"
)

// Settle settles messages of unknown outcome, those of one interaction in one append. It skips messages whose outcome
// is known by now. If one interaction refuses, the others are settled all the same.
func (c *Commands) Settle(
	ctx context.Context, by domain.AgentID, messages map[domain.InteractionID][]domain.MessageID, as Settlement,
	meta eventstore.Metadata,
) (eventstore.Position, error) {
	var last eventstore.Position
	var refused error
	for _, id := range slices.Sorted(maps.Keys(messages)) {
		at, err := c.settleIn(ctx, id, by, messages[id], as, meta)
		last, refused = later(last, at), cmp.Or(refused, err)
	}
	return last, refused
}

func (c *Commands) settleIn(
	ctx context.Context, id domain.InteractionID, by domain.AgentID, messages []domain.MessageID, as Settlement,
	meta eventstore.Metadata,
) (eventstore.Position, error) {
	history, err := c.interactions.store.Read(ctx, c.interactions.decider.Stream(string(id)), 0)
	if err != nil {
		return eventstore.Position{}, err
	}
	var cmds []interaction.Command
	found := make(map[domain.MessageID]bool)
	for _, r := range history.Events { // in the order they were written
		q, ok := r.Event.(interaction.MessageQueued)
		if !ok || !slices.Contains(messages, q.MessageID) {
			continue
		}
		found[q.MessageID] = true
		cmd, err := c.settlement(ctx, id, by, q, as, meta)
		if err != nil {
			return eventstore.Position{}, err
		}
		cmds = append(cmds, cmd)
	}
	for _, m := range messages {
		if !found[m] {
			return eventstore.Position{}, interaction.ErrNoMessage.With("messageId", string(m))
		}
	}
	r, err := c.interactions.handleAll(ctx, string(id), meta, cmds...)
	return r.Position, err
}

// settlement returns the command that settles one message.
func (c *Commands) settlement(
	ctx context.Context, id domain.InteractionID, by domain.AgentID, q interaction.MessageQueued, as Settlement,
	meta eventstore.Metadata,
) (interaction.Command, error) {
	if as != SettleRetry {
		return interaction.Settle{MessageID: q.MessageID, By: by, As: interaction.Status(as), At: c.now()}, nil
	}
	again, err := c.prepared(ctx, id, interaction.Send{
		MessageID: domain.MessageID(DerivedID("settle", meta.CommandID, string(q.MessageID))), By: by,
		Author: interaction.AuthorAgent, Kind: q.Kind, Content: q.Content, QuotedID: q.QuotedID, RetryOf: q.MessageID,
	})
	return interaction.RetryUnknown{Send: again}, err
}
