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

// attemptWindow is how long a failed attempt counts.
const attemptWindow = 15 * time.Minute

// kind names what failed attempts are counted by. The values are stored.
type kind string

const (
	perDevice          kind = "device"  // one login on a browser that its user has signed in with
	perLoginAndNetwork kind = "place"   // one login in one network, on browsers that are not known
	perLogin           kind = "account" // one login anywhere, on browsers that are not known
	perNetwork         kind = "address" // any login in one network, on browsers that are not known
)

// limit says how often something may fail. Nothing is ever locked: after that many failures there is one chance
// in each interval.
type limit struct {
	failures int           // within the window
	rising   bool          // earlier failures cost a wait too: none after the first, then 2, 4 and 8 seconds
	interval time.Duration // between two attempts after that many failures
}

// Someone who guesses from one network gets a chance every three minutes, while the login has one every minute. So
// the login's user still gets chances on a new browser elsewhere.
var limits = map[kind]limit{
	perDevice:          {failures: 5, rising: true, interval: 3 * time.Minute},
	perLoginAndNetwork: {failures: 5, rising: true, interval: 3 * time.Minute},
	perLogin:           {failures: 5, interval: time.Minute},
	perNetwork:         {failures: 20, interval: time.Minute},
}

// next returns when the next attempt is allowed. earlier are those of the window, sorted.
func (l limit) next(earlier []time.Time) time.Time {
	n := len(earlier)
	switch {
	case n == 0:
		return time.Time{}
	case n >= l.failures:
		return earlier[n-1].Add(l.interval)
	case l.rising && n > 1:
		return earlier[n-1].Add(time.Second << (n - 1))
	}
	return time.Time{}
}

// counted maps what an attempt counts for to the hash of whom it concerns.
type counted map[kind][]byte

// onKnownDevice returns the counter of a login on a browser that its user has signed in with. Failures elsewhere do
// not count there.
func onKnownDevice(login, device string) counted {
	return counted{perDevice: digest(login + "\x00" + device)}
}

// onUnknownDevice returns the counters of a login on any other browser.
func onUnknownDevice(login, network string) counted {
	return counted{
		perLoginAndNetwork: digest(login + "\x00" + network), perLogin: digest(login), perNetwork: digest(network),
	}
}

// reservation is an attempt that counts until it is withdrawn.
type reservation struct {
	id uuid.UUID
	of counted
}

// reserve counts an attempt before the password is checked, so that concurrent guesses are all counted. The
// insert is committed before counting: of any number of concurrent attempts, only the first few see a count within
// the limit. A refused attempt is withdrawn at once; otherwise persistent attempts would keep the owner out for
// good.
func (a *Auth) reserve(ctx context.Context, of counted) (reservation, error) {
	r := reservation{id: uuid.New(), of: of}
	now := a.clock()
	kinds, subjects := make([]string, 0, len(of)), make([][]byte, 0, len(of))
	for k, subject := range of {
		kinds, subjects = append(kinds, string(k)), append(subjects, subject)
	}
	_, err := a.pool.Exec(ctx, `
		INSERT INTO ops.login_attempts (attempt, kind, subject, at)
		SELECT $1, kind, subject, $4 FROM unnest($2::text[], $3::bytea[]) AS counted (kind, subject)`,
		r.id, kinds, subjects, now)
	if err != nil {
		return r, fmt.Errorf("count attempt: %w", err)
	}
	rows, err := a.pool.Query(ctx, `
		SELECT kind, at FROM ops.login_attempts
		JOIN unnest($1::text[], $2::bytea[]) AS counted (kind, subject) USING (kind, subject)
		WHERE at > $3 AND attempt <> $4 ORDER BY at`,
		kinds, subjects, now.Add(-attemptWindow), r.id)
	if err != nil {
		return r, fmt.Errorf("count attempts: %w", err)
	}
	before := make(map[kind][]time.Time)
	var k string
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&k, &at}, func() error {
		before[kind(k)] = append(before[kind(k)], at)
		return nil
	})
	if err != nil {
		return r, fmt.Errorf("count attempts: %w", err)
	}
	var next time.Time
	for k := range of {
		next = latest(next, limits[k].next(before[k]))
	}
	if !next.After(now) {
		return r, nil
	}
	if _, err := a.pool.Exec(ctx, `DELETE FROM ops.login_attempts WHERE attempt = $1`, r.id); err != nil {
		return r, fmt.Errorf("withdraw attempt: %w", err)
	}
	return r, &ThrottledError{RetryAfter: max(next.Sub(now), time.Second)}
}

func latest(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }

// succeed withdraws the attempt, and the earlier failures on the same browser or of this login in the same network.
// Failures of the whole network stay, so that the owner of one account cannot keep resetting the limit while trying
// others, and so do those of the account elsewhere.
func (a *Auth) succeed(ctx context.Context, r reservation) error {
	_, err := a.pool.Exec(ctx, `
		DELETE FROM ops.login_attempts WHERE attempt = $1 OR attempt IN (
			SELECT attempt FROM ops.login_attempts WHERE kind = 'device' AND subject = $2 OR kind = 'place' AND subject = $3)
			AND kind <> 'address'`,
		r.id, r.of[perDevice], r.of[perLoginAndNetwork])
	if err != nil {
		return fmt.Errorf("withdraw attempt: %w", err)
	}
	return nil
}

func digest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}
