package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Lifetime of a session.
const (
	idleTimeout = 12 * time.Hour
	maxLifetime = 7 * 24 * time.Hour

	// touchInterval limits how often last_used_at is written.
	touchInterval = time.Minute
)

// SessionInfo describes one of a user's sessions to that user.
type SessionInfo struct {
	ID         string // UUID
	CreatedAt  time.Time
	LastUsedAt time.Time
	ExpiresAt  time.Time
	UserAgent  string
	Network    string // for example 203.0.113.0/24
}

// OpenSession signs in a user who has already been authenticated.
func (a *Auth) OpenSession(
	ctx context.Context, userID, address, userAgent string,
) (secret string, who Identity, err error) {
	secret, sum := newSecret("")
	now := a.clock()
	who = Identity{UserID: userID, Kind: Session, ID: uuid.NewString()}
	err = a.pool.QueryRow(ctx, `
		INSERT INTO ops.sessions (token_sha256, id, user_id, created_at, last_used_at, expires_at, user_agent, ip_prefix)
		VALUES ($1, $2, $3, $4, $4, $5, $6, $7)
		RETURNING coalesce((SELECT must_change FROM ops.passwords p WHERE p.user_id = $3), false)`,
		sum, who.ID, userID, now, now.Add(maxLifetime), clip(userAgent), networkOf(address)).Scan(&who.MustChangePassword)
	if err != nil {
		return "", Identity{}, fmt.Errorf("open session: %w", err)
	}
	return secret, who, nil
}

// Session returns the identity behind a cookie's secret and records the use. It returns ErrUnauthenticated
// when there is no such session, or it was idle for 12 hours or is 7 days old.
func (a *Auth) Session(ctx context.Context, secret string) (Identity, error) {
	now := a.clock()
	who := Identity{Kind: Session}
	var used time.Time
	err := a.pool.QueryRow(ctx, `
		SELECT s.id::text, s.user_id, s.last_used_at, coalesce(p.must_change, false)
		FROM ops.sessions s LEFT JOIN ops.passwords p USING (user_id)
		WHERE s.token_sha256 = $1 AND s.expires_at > $2 AND s.last_used_at > $3`, sum(secret), now, now.Add(-idleTimeout)).
		Scan(&who.ID, &who.UserID, &used, &who.MustChangePassword)
	if errors.Is(err, pgx.ErrNoRows) {
		return Identity{}, ErrUnauthenticated
	}
	if err != nil {
		return Identity{}, fmt.Errorf("read session: %w", err)
	}
	if now.Sub(used) >= touchInterval {
		_, err := a.pool.Exec(ctx,
			`UPDATE ops.sessions SET last_used_at = greatest(last_used_at, $2) WHERE id = $1`, who.ID, now)
		if err != nil {
			return Identity{}, fmt.Errorf("record use of session: %w", err)
		}
	}
	return who, nil
}

// Recheck returns ErrUnauthenticated if the session or token of an identity has ended since. It is for
// sockets, which outlive a request, and does not count as use.
func (a *Auth) Recheck(ctx context.Context, who Identity) error {
	now := a.clock()
	var valid bool
	var err error
	switch who.Kind {
	case Session:
		err = a.pool.QueryRow(ctx, `
			SELECT EXISTS (SELECT FROM ops.sessions
				WHERE id = $1 AND user_id = $2 AND expires_at > $3 AND last_used_at > $4)`,
			who.ID, who.UserID, now, now.Add(-idleTimeout)).Scan(&valid)
	case Token:
		err = a.pool.QueryRow(ctx, `
			SELECT EXISTS (SELECT FROM ops.tokens
				WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > $3)`,
			who.ID, who.UserID, now).Scan(&valid)
	}
	if err != nil {
		return fmt.Errorf("check %s: %w", who.Kind, err)
	}
	if !valid {
		return ErrUnauthenticated
	}
	return nil
}

// Sessions lists a user's live sessions, most recently used first.
func (a *Auth) Sessions(ctx context.Context, userID string) ([]SessionInfo, error) {
	now := a.clock()
	rows, err := a.pool.Query(ctx, `
		SELECT id::text, created_at, last_used_at, expires_at, user_agent, ip_prefix FROM ops.sessions
		WHERE user_id = $1 AND expires_at > $2 AND last_used_at > $3 ORDER BY last_used_at DESC, id`,
		userID, now, now.Add(-idleTimeout))
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[SessionInfo])
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return all, nil
}

// HasSession reports whether a user has a live session with this id.
func (a *Auth) HasSession(ctx context.Context, userID, id string) (bool, error) {
	err := a.Recheck(ctx, Identity{Kind: Session, UserID: userID, ID: id})
	if errors.Is(err, ErrUnauthenticated) {
		return false, nil
	}
	return err == nil, err
}

// EndSession ends one of a user's sessions. An unknown one is not an error.
func (a *Auth) EndSession(ctx context.Context, userID, id string) error {
	if _, err := uuid.Parse(id); err != nil {
		return nil
	}
	_, err := a.pool.Exec(ctx, `
		WITH ended AS (DELETE FROM ops.sessions WHERE user_id = $1 AND id = $2 RETURNING user_id)
		SELECT pg_notify('session_ended', user_id) FROM ended`, userID, id)
	if err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// EndSessions signs a user out everywhere, for example when their access is revoked.
func (a *Auth) EndSessions(ctx context.Context, userID string) error {
	return endSessions(ctx, a.pool, userID)
}

type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// endSessions also notifies the channel session_ended, whose listeners then recheck the user's sockets.
func endSessions(ctx context.Context, db execer, userID string) error {
	_, err := db.Exec(ctx, `
		WITH ended AS (DELETE FROM ops.sessions WHERE user_id = $1 RETURNING 1)
		SELECT pg_notify('session_ended', $1) FROM (SELECT count(*) FROM ended) AS all_of_them`, userID)
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}

// newSecret returns prefix plus 256 random bits as text, and the hash to store.
func newSecret(prefix string) (string, []byte) {
	raw := make([]byte, 32)
	rand.Read(raw)
	secret := prefix + base64.RawURLEncoding.EncodeToString(raw)
	return secret, sum(secret)
}

func sum(secret string) []byte {
	s := sha256.Sum256([]byte(secret))
	return s[:]
}

// clip makes a header safe to store: valid UTF-8, at most 200 characters, no NUL.
func clip(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
	if r := []rune(text); len(r) > 200 {
		return string(r[:200])
	}
	return text
}
