package auth

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/google/uuid"
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
	var accounts, addresses int
	var oldest time.Time
	err = a.pool.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE kind = 'account'), count(*) FILTER (WHERE kind = 'address'), min(at)
		FROM ops.login_attempts
		WHERE (kind, subject) IN (('account', $1), ('address', $2)) AND at > $3`, r.account, digest(address), now.Add(-window)).
		Scan(&accounts, &addresses, &oldest)
	if err != nil {
		return r, fmt.Errorf("count attempts: %w", err)
	}
	if accounts <= perAccount && addresses <= perAddress {
		return r, nil
	}
	if _, err := a.pool.Exec(ctx, `DELETE FROM ops.login_attempts WHERE attempt = $1`, r.id); err != nil {
		return r, fmt.Errorf("give attempt back: %w", err)
	}
	return r, &ThrottledError{RetryAfter: max(oldest.Add(window).Sub(now), time.Second)}
}

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
