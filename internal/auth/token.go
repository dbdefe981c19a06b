package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"parley/domain"
)

// tokenPrefix lets leak scanners recognise our tokens in code and logs.
const tokenPrefix = "parley_"

// NewToken describes a token to create.
type NewToken struct {
	ID        string // UUID; creating it a second time creates nothing. Empty: a new one.
	UserID    string
	Name      string
	Role      string     // caps its permissions, whatever role its user gets later
	ExpiresAt *time.Time // nil: valid until revoked
}

// TokenInfo describes one of a user's tokens to that user.
type TokenInfo struct {
	ID         string // UUID
	Name       string
	Prefix     string // the first characters, to tell tokens apart
	Role       string
	CreatedAt  time.Time
	ExpiresAt  *time.Time
	LastUsedAt *time.Time
	RevokedAt  *time.Time
}

// ErrTokenCreated refuses to show a token a second time.
var ErrTokenCreated = &domain.Refusal{
	Kind: domain.Conflict, Code: "TOKEN_ALREADY_CREATED",
	Message: "This token was already created and can't be shown again. Create another one.",
}

// ErrTokenIDReused says that another token has this id.
var ErrTokenIDReused = errors.New("store token: its id belongs to another token")

// CreateToken creates a token for a program. The token is returned only here; just its hash is stored. If the id
// exists, it returns ErrTokenCreated for the same token and ErrTokenIDReused for any other.
func (a *Auth) CreateToken(ctx context.Context, n NewToken) (token string, info TokenInfo, err error) {
	if n.Role == "" {
		return "", TokenInfo{}, errors.New("store token: it has no role")
	}
	if n.ID == "" {
		n.ID = uuid.NewString()
	}
	token, sum := newSecret(tokenPrefix)
	info = TokenInfo{
		ID: n.ID, Name: clip(n.Name), Prefix: token[:len(tokenPrefix)+5], Role: n.Role,
		CreatedAt: a.clock().UTC(), ExpiresAt: n.ExpiresAt,
	}
	stored, err := a.pool.Exec(ctx, `
		INSERT INTO ops.tokens (id, user_id, name, prefix, token_sha256, role, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
		info.ID, n.UserID, info.Name, info.Prefix, sum, info.Role, info.CreatedAt, info.ExpiresAt)
	if err != nil {
		return "", TokenInfo{}, fmt.Errorf("store token: %w", err)
	}
	if stored.RowsAffected() == 0 {
		return "", TokenInfo{}, a.tokenExists(ctx, n)
	}
	return token, info, nil
}

// tokenExists returns the error for a token whose id is taken.
func (a *Auth) tokenExists(ctx context.Context, n NewToken) error {
	var same bool
	err := a.pool.QueryRow(ctx, `
		SELECT user_id = $2 AND name = $3 AND expires_at IS NOT DISTINCT FROM $4 FROM ops.tokens WHERE id = $1`,
		n.ID, n.UserID, clip(n.Name), n.ExpiresAt).Scan(&same)
	switch {
	case err != nil:
		return fmt.Errorf("store token: %w", err)
	case same:
		return ErrTokenCreated
	}
	return ErrTokenIDReused
}

// Token returns the identity behind a token and records the use. It returns ErrUnauthenticated when the token
// is unknown, revoked or expired.
func (a *Auth) Token(ctx context.Context, token string) (Identity, error) {
	if !strings.HasPrefix(token, tokenPrefix) {
		return Identity{}, ErrUnauthenticated
	}
	now := a.clock()
	who := Identity{Kind: Token}
	var used *time.Time
	err := a.pool.QueryRow(ctx, `
		SELECT id::text, user_id, role, last_used_at FROM ops.tokens
		WHERE token_sha256 = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`, sum(token), now).
		Scan(&who.ID, &who.UserID, &who.Role, &used)
	if errors.Is(err, pgx.ErrNoRows) {
		return Identity{}, ErrUnauthenticated
	}
	if err != nil {
		return Identity{}, fmt.Errorf("read token: %w", err)
	}
	if used == nil || now.Sub(*used) >= touchInterval {
		_, err := a.pool.Exec(ctx,
			`UPDATE ops.tokens SET last_used_at = greatest(last_used_at, $2) WHERE id = $1`, who.ID, now)
		if err != nil {
			return Identity{}, fmt.Errorf("record use of token: %w", err)
		}
	}
	return who, nil
}

// Tokens lists a user's tokens, including revoked ones, newest first.
func (a *Auth) Tokens(ctx context.Context, userID string) ([]TokenInfo, error) {
	rows, err := a.pool.Query(ctx, `
		SELECT id::text, name, prefix, role, created_at, expires_at, last_used_at, revoked_at FROM ops.tokens
		WHERE user_id = $1 ORDER BY created_at DESC, id`, userID)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[TokenInfo])
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return all, nil
}

// RevokeToken revokes one of a user's tokens for good. An unknown one is not an error.
func (a *Auth) RevokeToken(ctx context.Context, userID, id string) error {
	if _, err := uuid.Parse(id); err != nil {
		return nil
	}
	_, err := a.pool.Exec(ctx, `
		WITH revoked AS (
			UPDATE ops.tokens SET revoked_at = $3
			WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING user_id)
		SELECT pg_notify('session_ended', user_id) FROM revoked`, userID, id, a.clock())
	if err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	return nil
}
