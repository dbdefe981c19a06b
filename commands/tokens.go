package commands

import (
	"context"
	"errors"
	"slices"

	"parley/domain"
	"parley/domain/setting"
	"parley/domain/token"
	"parley/domain/user"
	"parley/eventstore"
)

// CreateToken records a token for a program, which may do no more than allowed. The command's id becomes the token's.
// It returns the token as it was recorded.
func (c *Commands) CreateToken(
	ctx context.Context, t token.Created, allowed []string, meta eventstore.Metadata,
) (token.Created, eventstore.Position, error) {
	owner, err := query(ctx, c.users, string(t.UserID), func(s user.State) user.State { return s })
	switch {
	case err != nil:
		return t, eventstore.Position{}, err
	case !owner.Exists || owner.Archived || owner.Value.Settings.Disabled:
		return t, eventstore.Position{}, setting.ErrUnknown
	}
	t.At = c.now()
	r, err := c.tokens.handle(ctx, meta.CommandID, meta, token.Create{Created: t, Allowed: allowed})
	if err != nil {
		return t, r.Position, err
	}
	made, err := query(ctx, c.tokens, meta.CommandID, func(s token.State) *token.Created { return s.Created })
	if err != nil || made == nil {
		return t, r.Position, err
	}
	return *made, r.Position, nil
}

// ResetPassword sets a user's password on behalf of someone else: the user must choose another one at the next
// sign-in, and their sessions and tokens end.
func (c *Commands) ResetPassword(
	ctx context.Context, of domain.UserID, password string, by domain.UserID, meta eventstore.Metadata,
) error {
	if err := c.access.SetPassword(ctx, string(of), password, true); err != nil {
		return err
	}
	return c.RevokeTokens(ctx, of, token.PasswordReset, by, meta)
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

// EndSession ends one of a user's browser sessions, and records who did it. An unknown session is not an
// error. The session ends even if that cannot be recorded: it may have been stolen.
func (c *Commands) EndSession(ctx context.Context, of domain.UserID, id string, by domain.UserID) error {
	there, err := c.access.HasSession(ctx, string(of), id)
	if err != nil || !there {
		return err
	}
	_, recorded := c.users.handle(ctx, string(of), SystemMetadata(string(by), NewID()),
		user.EndSession{SessionID: id, By: by, At: c.now()})
	return errors.Join(c.access.EndSession(ctx, string(of), id), recorded)
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
