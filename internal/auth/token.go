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
	ID          string // UUID; creating it a second time creates nothing. Empty: a new one.
	UserID      string
	Name        string
	Role        string   // caps its permissions, whatever role its user gets later
	Permissions []string // the most it may do
	ExpiresAt   time.Time
	CreatedBy   string // user id; empty if an operator or the program made it
}

// TokenInfo describes a token to administrators.
type TokenInfo struct {
	ID          string // UUID
	UserID      string
	Name        string
	Prefix      string // the first characters, to tell tokens apart
	Role        string
	Permissions []string
	CreatedBy   string
	CreatedAt   time.Time
	ExpiresAt   time.Time
	LastUsedAt  *time.Time
	RevokedAt   *time.Time
}

// ErrTokenCreated refuses to show a token a second time.
var ErrTokenCreated = &domain.Refusal{
	Kind: domain.Conflict, Code: "TOKEN_ALREADY_CREATED",
	Message: "This token was already created and can't be shown again. Create another one.",
}

// CreateToken stores a token for a program. The token is returned only here; just its hash is stored. If the id
// exists, it returns ErrTokenCreated.
func (a *Auth) CreateToken(ctx context.Context, n NewToken) (token string, info TokenInfo, err error) {
	if n.Role == "" || len(n.Permissions) == 0 || n.ExpiresAt.IsZero() {
		return "", TokenInfo{}, errors.New("store token: it needs a role, permissions and an end")
	}
	if n.ID == "" {
		n.ID = uuid.NewString()
	}
	token, sum := newSecret(tokenPrefix)
	info = TokenInfo{
		ID: n.ID, UserID: n.UserID, Name: clip(n.Name), Prefix: token[:len(tokenPrefix)+5], Role: n.Role,
		Permissions: n.Permissions, CreatedBy: n.CreatedBy, CreatedAt: a.clock().UTC(), ExpiresAt: n.ExpiresAt,
	}
	stored, err := a.pool.Exec(ctx, `
		INSERT INTO ops.tokens (id, user_id, name, prefix, token_sha256, role, permissions, created_by, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING`,
		info.ID, n.UserID, info.Name, info.Prefix, sum, info.Role, info.Permissions, info.CreatedBy, info.CreatedAt,
		info.ExpiresAt)
	if err != nil {
		return "", TokenInfo{}, fmt.Errorf("store token: %w", err)
	}
	if stored.RowsAffected() == 0 {
		return "", TokenInfo{}, ErrTokenCreated
	}
	return token, info, nil
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
		SELECT id::text, user_id, role, permissions, last_used_at FROM ops.tokens
		WHERE token_sha256 = $1 AND revoked_at IS NULL AND expires_at > $2`, sum(token), now).
		Scan(&who.ID, &who.UserID, &who.Role, &who.Permissions, &used)
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

// Tokens lists all tokens, including expired and revoked ones, newest first.
func (a *Auth) Tokens(ctx context.Context) ([]TokenInfo, error) {
	rows, err := a.pool.Query(ctx, `
		SELECT id::text, user_id, name, prefix, role, permissions, created_by, created_at, expires_at, last_used_at,
			revoked_at
		FROM ops.tokens ORDER BY created_at DESC, id`)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[TokenInfo])
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	return all, nil
}

// RevokeToken revokes a token for good. An unknown one is not an error.
func (a *Auth) RevokeToken(ctx context.Context, id string) error {
	if _, err := uuid.Parse(id); err != nil {
		return nil
	}
	_, err := a.revoke(ctx, "id = $2", id)
	return err
}

// RevokeTokens revokes all tokens of a user for good. It returns the ids of all of them, including those revoked
// earlier.
func (a *Auth) RevokeTokens(ctx context.Context, userID string) ([]string, error) {
	return a.revoke(ctx, "user_id = $2", userID)
}

// revoke revokes the tokens that match a condition, and notifies the channel session_ended, whose listeners then
// recheck the users' sockets.
func (a *Auth) revoke(ctx context.Context, condition string, of string) ([]string, error) {
	rows, err := a.pool.Query(ctx, `
		WITH revoked AS (
			UPDATE ops.tokens SET revoked_at = coalesce(revoked_at, $1) WHERE `+condition+` RETURNING id, user_id)
		SELECT id::text, pg_notify('session_ended', user_id)::text FROM revoked`, a.clock(), of)
	if err != nil {
		return nil, fmt.Errorf("revoke token: %w", err)
	}
	var ids []string
	var id string
	if _, err := pgx.ForEachRow(rows, []any{&id, new(string)}, func() error {
		ids = append(ids, id)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("revoke token: %w", err)
	}
	return ids, nil
}
