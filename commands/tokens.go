package commands

import (
	"context"
	"errors"
	"slices"

	"parley/domain"
	"parley/domain/token"
	"parley/eventstore"
)

// CreateToken records that a token was made for a program. The command's id becomes the token's.
func (c *Commands) CreateToken(ctx context.Context, t token.Created, meta eventstore.Metadata) (eventstore.Position, error) {
	t.At = c.now()
	r, err := c.tokens.handle(ctx, string(meta.CommandID), meta, token.Create{Created: t})
	return r.Position, err
}

// RevokeToken revokes a token, and then records who did it.
func (c *Commands) RevokeToken(
	ctx context.Context, id string, revoked token.Revoked, meta eventstore.Metadata,
) (eventstore.Position, error) {
	if c.access != nil {
		if err := c.access.RevokeToken(ctx, id); err != nil {
			return eventstore.Position{}, err
		}
	}
	revoked.At = c.now()
	r, err := c.tokens.handle(ctx, id, meta, token.Revoke{Revoked: revoked})
	return r.Position, err
}

// RevokeTokens revokes all tokens of a user, and records why.
func (c *Commands) RevokeTokens(
	ctx context.Context, of domain.UserID, reason token.Reason, by domain.UserID, meta eventstore.Metadata,
) error {
	if c.access == nil {
		return nil
	}
	ids, err := c.access.RevokeTokens(ctx, string(of))
	if err != nil {
		return err
	}
	slices.Sort(ids)
	for _, id := range ids {
		own := SystemMetadata("tokens", DerivedID("revoke", string(meta.CommandID), id))
		_, err := c.tokens.handle(ctx, id, own, token.Revoke{Revoked: token.Revoked{Reason: reason, By: by, At: c.now()}})
		if err != nil && !errors.Is(err, token.ErrUnknown) { // made before tokens had events
			return err
		}
	}
	return nil
}

// endAccess ends the sessions and tokens of a user who may no longer sign in.
func (c *Commands) endAccess(ctx context.Context, id, by domain.UserID, meta eventstore.Metadata) error {
	if c.access == nil {
		return nil
	}
	if err := c.access.EndSessions(ctx, string(id)); err != nil {
		return err
	}
	return c.RevokeTokens(ctx, id, token.UserRemoved, by, meta)
}
