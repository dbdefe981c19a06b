package auth

import (
	"context"
	"fmt"
	"time"
)

// deviceLifetime is how long a browser is remembered after its last sign-in. It outlives sessions, so that a user who
// has signed out is still known in the morning.
const deviceLifetime = 180 * 24 * time.Hour

// RememberDevice notes that a user has signed in with a browser. secret is the one in its cookie, or "". It returns the
// secret to keep there: the same one if it is ours, otherwise a new one, so that no one else can choose it.
func (a *Auth) RememberDevice(ctx context.Context, userID, secret string) (string, error) {
	var ours bool
	err := a.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM ops.devices WHERE token_sha256 = $1)`, sum(secret)).Scan(&ours)
	if err != nil {
		return "", fmt.Errorf("look for the device: %w", err)
	}
	if !ours {
		secret, _ = newSecret("")
	}
	_, err = a.pool.Exec(ctx, `
		INSERT INTO ops.devices (token_sha256, user_id, last_used_at) VALUES ($1, $2, $3)
		ON CONFLICT (token_sha256, user_id) DO UPDATE SET last_used_at = excluded.last_used_at`,
		sum(secret), userID, a.clock())
	if err != nil {
		return "", fmt.Errorf("remember the device: %w", err)
	}
	return secret, nil
}

// knowsDevice reports whether the user has signed in with this browser.
func (a *Auth) knowsDevice(ctx context.Context, userID, secret string) (bool, error) {
	var known bool
	err := a.pool.QueryRow(ctx,
		`SELECT EXISTS (SELECT FROM ops.devices WHERE token_sha256 = $1 AND user_id = $2 AND last_used_at > $3)`,
		sum(secret), userID, a.clock().Add(-deviceLifetime)).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("look for the device: %w", err)
	}
	return known, nil
}
