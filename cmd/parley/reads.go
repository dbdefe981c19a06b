package main

import (
	"context"

	"parley/commands"
	"parley/domain"
	"parley/domain/interaction"
	"parley/projections"
	"parley/projections/interactions"
	"parley/projections/messages"
	"parley/reactions"
)

// reads gives commands their first guesses out of the read models.
type reads struct {
	db    projections.DB
	early reactions.Early
}

func (r reads) LastNumber(ctx context.Context, account domain.AccountID, address domain.AddressID) (int, error) {
	_, number, err := interactions.Latest(ctx, r.db.Clear, account, address)
	return number, err
}

func (r reads) MessageByTag(ctx context.Context, tag string) (domain.InteractionID, domain.MessageID, bool, error) {
	home, message, err := messages.OfProviderTag(ctx, r.db.Clear, tag)
	return domain.InteractionID(home), domain.MessageID(message), message != "", err
}

func (r reads) MessageHome(ctx context.Context, message domain.MessageID) (domain.InteractionID, bool, error) {
	home, err := messages.Of(ctx, r.db.Clear, string(message))
	return domain.InteractionID(home), home != "", err
}

func (r reads) KeepEarlyStatus(ctx context.Context, tag string, status interaction.RecordStatus) error {
	return r.early.KeepStatus(ctx, tag, status)
}

func (r reads) KeepAfterthought(ctx context.Context, a commands.Afterthought) error {
	return r.early.KeepAfterthought(ctx, a)
}
