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
	attemptWindow = 15 * time.Minute
	perAccount    = 5
	perAddress    = 20
)

// reservation is an attempt that counts until it is withdrawn.
type reservation struct {
	id      uuid.UUID
	account []byte
}

// reserve counts an attempt before the password is checked, so that concurrent guesses are all counted. The
// insert is committed before counting: of any number of concurrent attempts, only the first few see a count within
// the limit. A refused attempt is withdrawn at once; otherwise persistent attempts would lock the owner out for
// good.
func (a *Auth) reserve(ctx context.Context, account, address string) (reservation, error) {
	r := reservation{id: uuid.New(), account: digest(account)}
	now := a.clock()
	_, err := a.pool.Exec(ctx, `
		INSERT INTO ops.login_attempts (attempt, kind, subject, at)
		VALUES ($1, 'account', $2, $4), ($1, 'address', $3, $4)`,
		r.id, r.account, digest(address), now)
	if err != nil {
		return r, fmt.Errorf("count attempt: %w", err)
	}
	rows, err := a.pool.Query(ctx, `
		SELECT kind, at FROM ops.login_attempts
		WHERE (kind, subject) IN (('account', $1), ('address', $2)) AND at > $3 AND attempt <> $4 ORDER BY at`,
		r.account, digest(address), now.Add(-attemptWindow), r.id)
	if err != nil {
		return r, fmt.Errorf("count attempts: %w", err)
	}
	before := make(map[string][]time.Time)
	var kind string
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&kind, &at}, func() error {
		before[kind] = append(before[kind], at)
		return nil
	})
	if err != nil {
		return r, fmt.Errorf("count attempts: %w", err)
	}
	next := latest(
		underLimit(before["account"], perAccount),
		underLimit(before["address"], perAddress),
		backoffEnds(before["account"]),
	)
	if !next.After(now) {
		return r, nil
	}
	if _, err := a.pool.Exec(ctx, `DELETE FROM ops.login_attempts WHERE attempt = $1`, r.id); err != nil {
		return r, fmt.Errorf("withdraw attempt: %w", err)
	}
	return r, &ThrottledError{RetryAfter: max(next.Sub(now), time.Second)}
}

// underLimit returns when the window again holds fewer attempts than the limit, or zero if it already does.
// earlier must be sorted.
func underLimit(earlier []time.Time, limit int) time.Time {
	if len(earlier) < limit {
		return time.Time{}
	}
	return earlier[len(earlier)-limit].Add(attemptWindow)
}

// backoffEnds returns when the next attempt for an account is allowed: at once after the first failure, then
// after 2, 4 and 8 seconds.
func backoffEnds(earlier []time.Time) time.Time {
	n := len(earlier)
	if n < 2 {
		return time.Time{}
	}
	return earlier[n-1].Add(time.Second << min(n-1, perAccount))
}

func latest(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }

// succeed withdraws the attempt and the account's failures. Failures of the address stay, so that the owner
// of one account cannot keep resetting the limit while trying others.
func (a *Auth) succeed(ctx context.Context, r reservation) error {
	_, err := a.pool.Exec(ctx,
		`DELETE FROM ops.login_attempts WHERE attempt = $1 OR (kind = 'account' AND subject = $2)`, r.id, r.account)
	if err != nil {
		return fmt.Errorf("withdraw attempt: %w", err)
	}
	return nil
}

func digest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}
