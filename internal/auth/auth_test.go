package auth_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"parley/internal/auth"
	"parley/internal/opstest"
)

func TestMain(m *testing.M) {
	auth.HashCheaply()
	os.Exit(m.Run())
}

// clock is a settable clock.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(0, c.at.Load()).UTC() }
func (c *clock) forward(d time.Duration) { c.at.Add(int64(d)) }

type setup struct {
	*auth.Auth
	clock *clock
	pool  *pgxpool.Pool
}

func fresh(t *testing.T) setup {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), opstest.Database(t))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	c := &clock{}
	c.at.Store(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC).UnixNano())
	return setup{Auth: auth.New(pool, c.now), clock: c, pool: pool}
}

const password = "correct horse"

// staff resolves the logins ann and ben.
func staff(_ context.Context, login string) (string, bool, error) {
	return "user-" + login, login == "ann" || login == "ben", nil
}

func (s setup) try(t *testing.T, login, pw, address string) (string, error) {
	t.Helper()
	secret, _, err := s.Login(t.Context(),
		auth.Attempt{Login: login, Password: pw, Address: address, UserAgent: "test"}, staff)
	return secret, err
}

func TestTheRightPasswordOpensASession(t *testing.T) {
	s := fresh(t)
	auth.HashStrongly(s.Auth)
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", password, true))
	secret, who, err := s.Login(t.Context(),
		auth.Attempt{Login: " Ann ", Password: password, Address: "192.0.2.7"}, staff)
	require.NoError(t, err)
	require.Equal(t, auth.Identity{UserID: "user-ann", Kind: auth.Session, ID: who.ID,
		MustChangePassword: true}, who)
	found, err := s.Session(t.Context(), secret)
	require.NoError(t, err)
	require.Equal(t, who, found)

	var stored string
	require.NoError(t, s.pool.QueryRow(t.Context(),
		`SELECT hash || (SELECT encode(token_sha256, 'escape') FROM ops.sessions) FROM ops.passwords`).Scan(&stored))
	require.Contains(t, stored, "$argon2id$v=19$m=19456,t=2,p=1$")
	require.NotContains(t, stored, secret)
}

func TestEveryFailedLoginGetsTheSameAnswer(t *testing.T) {
	s := fresh(t)
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", password, false))
	require.NoError(t, s.SetPassword(t.Context(), "user-gone", password, false))
	for i, c := range []struct{ login, password string }{
		{"ann", "wrong horse"}, {"ann", ""}, {"ben", password}, {"nobody", password}, {"gone", password},
		{"", ""}, {"a\x00b", password}, {"\xff", password}, {"ann", strings.Repeat("x", 300)},
		{"ann", password + "\x00"},
	} {
		s.clock.forward(20 * time.Minute)
		_, err := s.try(t, c.login, c.password, "192.0.2.7")
		require.Equal(t, auth.ErrWrong, err, "case %d", i)
	}
}

func TestATooShortOrTooLongPasswordIsRefused(t *testing.T) {
	s := fresh(t)
	for _, bad := range []string{"", "seven77", strings.Repeat("x", 257)} {
		require.ErrorIs(t, s.SetPassword(t.Context(), "user-ann", bad, false), auth.ErrPassword)
	}
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", strings.Repeat("é", 128), false))
	require.NoError(t, s.CheckPassword(t.Context(), "user-ann", strings.Repeat("é", 128)))
}

func TestAnOutdatedHashIsRenewedAtTheNextSignIn(t *testing.T) {
	s := fresh(t)
	auth.HashStrongly(s.Auth)
	// "correct horse" with 8 MiB, one pass.
	old := auth.HashWith(t, password, 8*1024, 1, 1)
	_, err := s.pool.Exec(t.Context(), `
		INSERT INTO ops.passwords (user_id, hash, must_change, changed_at)
		VALUES ('user-ann', $1, false, now())`, old)
	require.NoError(t, err)
	require.ErrorIs(t, s.CheckPassword(t.Context(), "user-ann", "wrong horse"), auth.ErrWrong)
	require.NoError(t, s.CheckPassword(t.Context(), "user-ann", password))
	var now string
	require.NoError(t, s.pool.QueryRow(t.Context(), `SELECT hash FROM ops.passwords`).Scan(&now))
	require.Contains(t, now, "m=19456,t=2,p=1")
	require.NoError(t, s.CheckPassword(t.Context(), "user-ann", password))
}

func TestAfterFiveFailuresALoginGetsOneAttemptAMinuteOnUnknownBrowsers(t *testing.T) {
	s := fresh(t)
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", password, false))
	wrong := func(n int) error { _, err := s.try(t, "ANN", "wrong horse", fmt.Sprintf("192.0.2.%d", n)); return err }
	for i := range 5 {
		require.ErrorIs(t, wrong(i), auth.ErrWrong)
	}
	var throttled *auth.ThrottledError
	for i := range 100 {
		require.ErrorAs(t, wrong(10+i), &throttled)
		require.Equal(t, time.Minute, throttled.RetryAfter)
		s.clock.forward(time.Minute)
		require.ErrorIs(t, wrong(10+i), auth.ErrWrong, "there must be one chance a minute, however many guesses there were")
	}
	s.clock.forward(time.Minute)
	_, err := s.try(t, "ann", password, "198.51.100.1")
	require.NoError(t, err, "also for the right password")
}

func TestGuessesFromOneNetworkLeaveChancesForTheUserElsewhere(t *testing.T) {
	s := fresh(t)
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", password, false))
	reached := 0
	for range 15 * 60 { // a guess each second
		if _, err := s.try(t, "ann", "wrong horse", "203.0.113.5"); errors.Is(err, auth.ErrWrong) {
			reached++
		}
		s.clock.forward(time.Second)
	}
	require.LessOrEqual(t, reached, 10)
	s.clock.forward(time.Minute)
	_, err := s.try(t, "ann", password, "198.51.100.1")
	require.NoError(t, err)
}

func TestEachFailedLoginDoublesTheWait(t *testing.T) {
	s := fresh(t)
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", password, false))
	wrong := func() error { _, err := s.try(t, "ann", "wrong horse", "192.0.2.7"); return err }
	var throttled *auth.ThrottledError
	require.ErrorIs(t, wrong(), auth.ErrWrong)
	require.ErrorIs(t, wrong(), auth.ErrWrong, "the second attempt comes at once")
	for _, wait := range []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second} {
		require.ErrorAs(t, wrong(), &throttled)
		require.Equal(t, wait, throttled.RetryAfter)
		s.clock.forward(wait - time.Second)
		require.ErrorAs(t, wrong(), &throttled,
			"one second early is still too early, and a refused attempt does not restart the wait")
		require.Equal(t, time.Second, throttled.RetryAfter)
		s.clock.forward(time.Second)
		require.ErrorIs(t, wrong(), auth.ErrWrong)
	}
	require.ErrorAs(t, wrong(), &throttled)
	require.Equal(t, 3*time.Minute, throttled.RetryAfter)
	s.clock.forward(throttled.RetryAfter)
	_, err := s.try(t, "ann", password, "192.0.2.7")
	require.NoError(t, err, "no one is locked out")
}

func TestConcurrentGuessesCannotExceedTheLimit(t *testing.T) {
	s := fresh(t)
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", password, false))
	var reached atomic.Int32
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			_, err := s.try(t, "ann", "wrong horse", "2001:db8:"+string(rune('a'+i%6))+"::1")
			if errors.Is(err, auth.ErrWrong) {
				reached.Add(1)
			}
		})
	}
	wg.Wait()
	require.LessOrEqual(t, reached.Load(), int32(5))
}

func TestAnAddressIsThrottledAfterTwentyFailuresOnAnyAccount(t *testing.T) {
	s := fresh(t)
	for i := range 20 {
		_, err := s.try(t, "someone-"+string(rune('a'+i)), password, "2001:db8:1:2::"+string(rune('a'+i%6)))
		require.ErrorIs(t, err, auth.ErrWrong)
	}
	var throttled *auth.ThrottledError
	_, err := s.try(t, "another", password, "2001:db8:1:2:ffff::1")
	require.ErrorAs(t, err, &throttled, "a /64 counts as one address")
	_, err = s.try(t, "another", password, "2001:db8:1:3::1")
	require.ErrorIs(t, err, auth.ErrWrong)
	s.clock.forward(time.Minute)
	_, err = s.try(t, "another", password, "2001:db8:1:2:ffff::1")
	require.ErrorIs(t, err, auth.ErrWrong, "and has a chance each minute")
}

func TestSuccessfulLoginsAreNotThrottled(t *testing.T) {
	s := fresh(t)
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", password, false))
	for range 25 {
		_, err := s.try(t, "ann", password, "192.0.2.7")
		require.NoError(t, err)
	}
}

// signIn signs in with the browser that has this device secret, and returns what the browser keeps.
func (s setup) signIn(t *testing.T, login, device string) (string, error) {
	t.Helper()
	_, who, err := s.Login(t.Context(), auth.Attempt{Login: login, Password: password, Address: "192.0.2.7", Device: device}, staff)
	if err != nil {
		return "", err
	}
	kept, err := s.RememberDevice(t.Context(), who.UserID, device)
	require.NoError(t, err)
	return kept, nil
}

func TestWrongPasswordsElsewhereNeverKeepAUserOutOfTheBrowserTheyHaveSignedInWith(t *testing.T) {
	s := fresh(t)
	for _, user := range []string{"user-ann", "user-ben"} {
		require.NoError(t, s.SetPassword(t.Context(), user, password, false))
	}
	device, err := s.signIn(t, "ann", "")
	require.NoError(t, err)
	require.NoError(t, s.EndSessions(t.Context(), "user-ann"))
	s.clock.forward(16 * time.Hour)
	for i := range 60 { // from everywhere, also from the user's own network and with a made-up device
		_, _, _ = s.Login(t.Context(), auth.Attempt{
			Login: []string{"ann", "ben"}[i%2], Password: "wrong horse", Address: fmt.Sprintf("192.0.2.%d", 7+i%2*i), Device: "made up",
		}, staff)
	}
	var throttled *auth.ThrottledError
	_, err = s.signIn(t, "ann", "")
	require.ErrorAs(t, err, &throttled, "another browser has to wait")
	kept, err := s.signIn(t, "ann", device)
	require.NoError(t, err)
	require.Equal(t, device, kept)

	_, err = s.signIn(t, "ben", device)
	require.ErrorAs(t, err, &throttled, "a colleague's browser is unknown for a user who never signed in with it")
	s.clock.forward(15 * time.Minute)
	_, err = s.signIn(t, "ben", device)
	require.NoError(t, err)
}

func TestWrongPasswordsOnAKnownBrowserSlowDownThatBrowserOnly(t *testing.T) {
	s := fresh(t)
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", password, false))
	first, err := s.signIn(t, "ann", "")
	require.NoError(t, err)
	second, err := s.signIn(t, "ann", "chosen by someone else")
	require.NoError(t, err)
	require.NotEqual(t, "chosen by someone else", second)
	for range 3 {
		_, _, _ = s.Login(t.Context(), auth.Attempt{Login: "ann", Password: "wrong horse", Device: first}, staff)
	}
	var throttled *auth.ThrottledError
	_, err = s.signIn(t, "ann", first)
	require.ErrorAs(t, err, &throttled)
	for _, other := range []string{second, ""} {
		_, err = s.signIn(t, "ann", other)
		require.NoError(t, err)
	}
}

func TestABrowserIsForgottenHalfAYearAfterItsLastSignIn(t *testing.T) {
	s := fresh(t)
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", password, false))
	device, err := s.signIn(t, "ann", "")
	require.NoError(t, err)
	devices := func() (n int) {
		require.NoError(t, s.Sweep(t.Context()))
		require.NoError(t, s.pool.QueryRow(t.Context(), `SELECT count(*) FROM ops.devices`).Scan(&n))
		return n
	}
	s.clock.forward(179 * 24 * time.Hour)
	require.Equal(t, 1, devices())
	s.clock.forward(24 * time.Hour)
	for range 3 {
		_, _ = s.try(t, "ann", "wrong horse", "192.0.2.7")
	}
	var throttled *auth.ThrottledError
	_, err = s.signIn(t, "ann", device)
	require.ErrorAs(t, err, &throttled)
	require.Zero(t, devices())
}

func TestSweepKeepsLiveSessionsAndRecentAttempts(t *testing.T) {
	s := fresh(t)
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", password, false))
	_, err := s.try(t, "ann", password, "192.0.2.7")
	require.NoError(t, err)
	s.clock.forward(11 * time.Hour)
	kept, err := s.try(t, "ann", password, "192.0.2.7")
	require.NoError(t, err)
	_, _ = s.try(t, "ben", password, "192.0.2.7")
	s.clock.forward(2 * time.Hour)
	_, _ = s.try(t, "ben", password, "192.0.2.7")
	require.NoError(t, s.Sweep(t.Context()))
	var sessions, attempts int
	require.NoError(t, s.pool.QueryRow(t.Context(),
		`SELECT (SELECT count(*) FROM ops.sessions), (SELECT count(*) FROM ops.login_attempts)`).Scan(&sessions,
		&attempts))
	require.Equal(t, 1, sessions)
	require.Equal(t, 3, attempts, "the recent attempt counts for its account, for its network and for the account there")
	_, err = s.Session(t.Context(), kept)
	require.NoError(t, err)
}
