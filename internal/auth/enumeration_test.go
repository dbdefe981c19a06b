package auth_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"parley/internal/auth"
	"parley/internal/opstest"
)

// statements records the SQL sent to the database.
type statements struct {
	mu  sync.Mutex
	all []string
}

func (s *statements) TraceQueryStart(
	ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData,
) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, strings.Join(strings.Fields(q.SQL), " "))
	return ctx
}

func (*statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (s *statements) take() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := s.all
	s.all = nil
	return taken
}

// refused lists logins that fail, each for another reason.
var refused = []struct{ name, login, password string }{
	{"the password is wrong", "ann", "wrong horse"},
	{"the login is unknown", "nobody", password},
	{"the user has no password", "ben", password},
	{"the user was removed but has a password", "gone", password},
	{"the login is too long", strings.Repeat("x", 400), password},
	{"the password is too long", "ann", strings.Repeat("x", 400)},
}

// Response times cannot be compared on a busy machine, so the test compares the work: hashes and statements.
func TestEveryFailedLoginCostsTheSameWork(t *testing.T) {
	c, err := pgxpool.ParseConfig(opstest.Database(t))
	require.NoError(t, err)
	asked := new(statements)
	c.ConnConfig.Tracer = asked
	pool, err := pgxpool.NewWithConfig(t.Context(), c)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	now := &clock{}
	now.at.Store(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC).UnixNano())
	s := setup{Auth: auth.New(pool, now.now), clock: now, pool: pool}
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", password, false))
	require.NoError(t, s.SetPassword(t.Context(), "user-gone", password, false))
	hashed := auth.CountHashes(t, s.Auth)
	asked.take()
	var usual []string
	for _, r := range refused {
		now.forward(time.Hour)
		before := hashed.Load()
		_, err := s.try(t, r.login, r.password, "192.0.2.7")
		require.Equal(t, auth.ErrWrong, err, r.name)
		require.EqualValues(t, 1, hashed.Load()-before, r.name)
		done := asked.take()
		if usual == nil {
			usual = done
		}
		require.Equal(t, usual, done, r.name)
	}
	require.NotEmpty(t, usual)

	var waits []error
	for _, login := range []string{"ann", "nobody"} {
		for {
			asked.take()
			if _, err := s.try(t, login, "wrong horse", "198.51.100.1"); err != auth.ErrWrong {
				waits = append(waits, err)
				break
			}
		}
		if done := asked.take(); login == "ann" {
			usual = done
		} else {
			require.Equal(t, usual, done, "a refused attempt costs the same work too")
		}
		now.forward(time.Hour)
	}
	require.Equal(t, waits[0], waits[1], "an unknown login has to wait as long as a known one")
}

// Reports the time of each kind of failure.
func BenchmarkFailedLogin(b *testing.B) {
	pool, err := pgxpool.New(b.Context(), opstest.Database(b))
	require.NoError(b, err)
	b.Cleanup(pool.Close)
	now := &clock{}
	now.at.Store(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC).UnixNano())
	a := auth.New(pool, now.now)
	auth.HashStrongly(a)
	require.NoError(b, a.SetPassword(b.Context(), "user-ann", password, false))
	took := make([]time.Duration, len(refused))
	for b.Loop() {
		for i, r := range refused { // interleaved, so that other load affects all alike
			now.forward(time.Hour)
			began := time.Now()
			_, _, err := a.Login(b.Context(),
				auth.Attempt{Login: r.login, Password: r.password, Address: "192.0.2.7"}, staff)
			took[i] += time.Since(began)
			require.ErrorIs(b, err, auth.ErrWrong)
		}
	}
	for i, r := range refused {
		b.ReportMetric(took[i].Seconds()*1000/float64(b.N), strings.ReplaceAll(r.name, " ", "-")+"-ms")
	}
}
