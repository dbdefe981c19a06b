package auth

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

const (
	minPassword = 8   // characters
	maxPassword = 256 // bytes, to bound the time spent hashing
)

// CheckNewPassword returns ErrPassword if a password is too short or too long.
func CheckNewPassword(password string) error {
	if utf8.RuneCountInString(password) < minPassword || len(password) > maxPassword {
		return ErrPassword
	}
	return nil
}

// SetPassword sets a user's password and ends all their sessions. mustChange makes the user choose a new one
// at the next sign-in. It returns ErrPassword if the password is too short or too long.
func (a *Auth) SetPassword(ctx context.Context, userID, password string, mustChange bool) error {
	if err := CheckNewPassword(password); err != nil {
		return err
	}
	hash, err := a.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("hash password: %w", err)
	}
	return pgx.BeginFunc(ctx, a.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO ops.passwords (user_id, hash, must_change, changed_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (user_id) DO UPDATE
			SET hash = excluded.hash, must_change = excluded.must_change, changed_at = excluded.changed_at`,
			userID, hash, mustChange, a.clock())
		if err != nil {
			return fmt.Errorf("store password: %w", err)
		}
		return endSessions(ctx, tx, userID)
	})
}

// CheckPassword returns ErrWrong unless the password is the user's. Unknown users and users without a
// password get the same answer after the same work. It does not count attempts; Login does.
func (a *Auth) CheckPassword(ctx context.Context, userID, password string) error {
	hash := a.decoy()
	err := a.pool.QueryRow(ctx, `SELECT hash FROM ops.passwords WHERE user_id = $1`, userID).Scan(&hash)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("read password hash: %w", err)
	}
	tried := password
	if len(password) > maxPassword {
		tried = "" // matches no stored hash, and takes the usual time
	}
	ok, outdated, err := a.verify(ctx, tried, hash)
	if err != nil {
		return fmt.Errorf("check password: %w", err)
	}
	if !ok {
		return ErrWrong
	}
	if outdated {
		return a.rehash(ctx, userID, password, hash)
	}
	return nil
}

// rehash replaces an outdated hash, unless the password was changed since it was read.
func (a *Auth) rehash(ctx context.Context, userID, password, old string) error {
	hash, err := a.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("hash password: %w", err)
	}
	_, err = a.pool.Exec(ctx,
		`UPDATE ops.passwords SET hash = $3 WHERE user_id = $1 AND hash = $2`, userID, old, hash)
	if err != nil {
		return fmt.Errorf("store password: %w", err)
	}
	return nil
}

// HasPassword reports whether the user can sign in with a password.
func (a *Auth) HasPassword(ctx context.Context, userID string) (bool, error) {
	var has bool
	err := a.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM ops.passwords WHERE user_id = $1)`,
		userID).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("read password hash: %w", err)
	}
	return has, nil
}
