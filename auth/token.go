package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// tokenPrefix lets leak scanners find our tokens in code and logs.
const tokenPrefix = "parley_"

// NewToken is what a token shall be.
type NewToken struct {
	UserID    string
	Name      string
	Role      string     // its rights end at this role, whatever its user becomes
	ExpiresAt *time.Time // nil: until it is revoked
}

// TokenInfo is what a user sees of one of his tokens.
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

// CreateToken makes a token for a program. It is shown this once; only its hash is kept.
func (a *Auth) CreateToken(ctx context.Context, n NewToken) (token string, info TokenInfo, err error) {
	if n.Role == "" {
		return "", TokenInfo{}, errors.New("store token: it has no role")
	}
	token, sum := newSecret(tokenPrefix)
	info = TokenInfo{
		ID: uuid.NewString(), Name: clip(n.Name), Prefix: token[:len(tokenPrefix)+5], Role: n.Role, CreatedAt: a.clock().UTC(), ExpiresAt: n.ExpiresAt,
	}
	_, err = a.pool.Exec(ctx, `
		INSERT INTO ops.tokens (id, user_id, name, prefix, token_sha256, role, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		info.ID, n.UserID, info.Name, info.Prefix, sum, info.Role, info.CreatedAt, info.ExpiresAt)
	if err != nil {
		return "", TokenInfo{}, fmt.Errorf("store token: %w", err)
	}
	return token, info, nil
}

// Token finds whom a token proves, and notes its use. ErrUnauthenticated when it is not one, was revoked or ran out.
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
	if used == nil || now.Sub(*used) >= useEvery {
		if _, err := a.pool.Exec(ctx, `UPDATE ops.tokens SET last_used_at = greatest(last_used_at, $2) WHERE id = $1`, who.ID, now); err != nil {
			return Identity{}, fmt.Errorf("note use of token: %w", err)
		}
	}
	return who, nil
}

// Tokens lists a user's tokens, revoked ones too, the newest first.
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

// RevokeToken ends one of a user's tokens for ever; one that is not there is no mistake.
func (a *Auth) RevokeToken(ctx context.Context, userID, id string) error {
	if _, err := uuid.Parse(id); err != nil {
		return nil
	}
	_, err := a.pool.Exec(ctx, `
		WITH revoked AS (UPDATE ops.tokens SET revoked_at = $3 WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING user_id)
		SELECT pg_notify('session_ended', user_id) FROM revoked`, userID, id, a.clock())
	if err != nil {
		return fmt.Errorf("revoke token: %w", err)
	}
	return nil
}
