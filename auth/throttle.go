package auth

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	window     = 15 * time.Minute
	perAccount = 5
	perAddress = 20
)

// reservation is an attempt that counts until it is given back.
type reservation struct {
	id      uuid.UUID
	account []byte
}

// reserve counts an attempt before the password is looked at, so that a thousand guesses at the same moment are a
// thousand attempts. The insert is committed before counting: of any number of rivals only the first few see a count
// within the limit. A refused attempt is given back at once, or who keeps knocking would keep the owner out for ever.
func (a *Auth) reserve(ctx context.Context, account, address string) (reservation, error) {
	r := reservation{id: uuid.New(), account: digest(account)}
	now := a.clock()
	_, err := a.pool.Exec(ctx, `INSERT INTO ops.login_attempts (attempt, kind, subject, at) VALUES ($1, 'account', $2, $4), ($1, 'address', $3, $4)`,
		r.id, r.account, digest(address), now)
	if err != nil {
		return r, fmt.Errorf("count attempt: %w", err)
	}
	rows, err := a.pool.Query(ctx, `
		SELECT kind, at FROM ops.login_attempts
		WHERE (kind, subject) IN (('account', $1), ('address', $2)) AND at > $3 AND attempt <> $4 ORDER BY at`,
		r.account, digest(address), now.Add(-window), r.id)
	if err != nil {
		return r, fmt.Errorf("count attempts: %w", err)
	}
	before := make(map[string][]time.Time)
	var kind string
	var at time.Time
	if _, err := pgx.ForEachRow(rows, []any{&kind, &at}, func() error { before[kind] = append(before[kind], at); return nil }); err != nil {
		return r, fmt.Errorf("count attempts: %w", err)
	}
	next := latest(after(before["account"], perAccount), after(before["address"], perAddress), rested(before["account"]))
	if !next.After(now) {
		return r, nil
	}
	if _, err := a.pool.Exec(ctx, `DELETE FROM ops.login_attempts WHERE attempt = $1`, r.id); err != nil {
		return r, fmt.Errorf("give attempt back: %w", err)
	}
	return r, &ThrottledError{RetryAfter: max(next.Sub(now), time.Second)}
}

// after is when fewer attempts than the limit are left in the window, earlier ones being in order; zero when they are already.
func after(earlier []time.Time, limit int) time.Time {
	if len(earlier) < limit {
		return time.Time{}
	}
	return earlier[len(earlier)-limit].Add(window)
}

// rested is when the next attempt for an account may come: at once after the first failure, then after 2, 4, 8 seconds. Who
// mistypes hardly notices it.
func rested(earlier []time.Time) time.Time {
	n := len(earlier)
	if n < 2 {
		return time.Time{}
	}
	return earlier[n-1].Add(time.Second << min(n-1, perAccount))
}

func latest(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }

// succeed takes the attempt back, and the account's failures with it. The address keeps its own: whoever owns one
// account may not use it to try others for ever.
func (a *Auth) succeed(ctx context.Context, r reservation) error {
	_, err := a.pool.Exec(ctx, `DELETE FROM ops.login_attempts WHERE attempt = $1 OR (kind = 'account' AND subject = $2)`, r.id, r.account)
	if err != nil {
		return fmt.Errorf("give attempt back: %w", err)
	}
	return nil
}

func digest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}
