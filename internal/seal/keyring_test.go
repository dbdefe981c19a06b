package seal_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"parley/internal/opstest"
	"parley/internal/seal"
	"parley/internal/testwait"
)

func pool(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	p, err := pgxpool.New(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

func rowCount(t *testing.T, p *pgxpool.Pool, sql string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, p.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

func TestAnotherProcessOpensWhatIsSealedForAPerson(t *testing.T) {
	p, master, subject := pool(t, opstest.Database(t)), seal.NewMasterKey(), uuid.NewString()
	one := seal.NewKeyring(p, master, 10)
	sealed, err := one.Seal(t.Context(), subject, []byte("call me back"), []byte("event 1"))
	require.NoError(t, err)
	require.False(t, bytes.Contains(sealed, []byte("call")))

	other := seal.NewKeyring(p, master, 10)
	plain, err := other.Open(t.Context(), subject, sealed, []byte("event 1"))
	require.NoError(t, err)
	require.Equal(t, "call me back", string(plain))

	_, err = other.Open(t.Context(), subject, sealed, []byte("event 2"))
	require.Error(t, err, "the data is bound to event 1")
	sealed[len(sealed)-1] ^= 1
	_, err = other.Open(t.Context(), subject, sealed, []byte("event 1"))
	require.Error(t, err, "one bit was flipped")
	_, err = other.Open(t.Context(), subject, nil, nil)
	require.Error(t, err)
}

func TestConcurrentCallersCreateAKeyOnce(t *testing.T) {
	p, master := pool(t, opstest.Database(t)), seal.NewMasterKey()
	subjects := make([]seal.Subject, 40)
	for i := range subjects {
		subjects[i] = fmt.Sprint("subject-", i)
	}
	rings := make([]*seal.Keyring, 6)
	var wg sync.WaitGroup
	errs := make([]error, len(rings))
	for i := range rings {
		rings[i] = seal.NewKeyring(p, master, 100)
		wg.Go(func() { errs[i] = rings[i].Ensure(t.Context(), subjects...) })
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, len(subjects), rowCount(t, p, `SELECT count(*) FROM ops.subject_keys`))
	for _, s := range subjects {
		sealed, err := rings[0].Seal(t.Context(), s, []byte("x"), nil)
		require.NoError(t, err)
		for _, r := range rings {
			plain, err := r.Open(t.Context(), s, sealed, nil)
			require.NoError(t, err)
			require.Equal(t, "x", string(plain))
		}
	}
}

func TestLoadReadsABatchWithOneQuery(t *testing.T) {
	p, master := pool(t, opstest.Database(t)), seal.NewMasterKey()
	writer := seal.NewKeyring(p, master, 10)
	sealed, err := writer.Seal(t.Context(), "ann", []byte("hello"), nil)
	require.NoError(t, err)
	require.NoError(t, writer.Ensure(t.Context(), "ben", "ben", "cho"))

	reader := seal.NewKeyring(p, master, 10)
	require.NoError(t, reader.Load(t.Context(), "ann", "ben", "cho"))
	p.Close()
	require.NoError(t, reader.Load(t.Context(), "cho", "ann"), "all keys are cached")
	plain, err := reader.Open(t.Context(), "ann", sealed, nil)
	require.NoError(t, err)
	require.Equal(t, "hello", string(plain))
}

func TestACacheOfOneKeyIsEnough(t *testing.T) {
	k := seal.NewKeyring(pool(t, opstest.Database(t)), seal.NewMasterKey(), 1)
	require.NoError(t, k.Ensure(t.Context(), "ann", "ben"))
	for _, s := range []seal.Subject{"ann", "ben", "ann"} {
		sealed, err := k.Seal(t.Context(), s, []byte(s), nil)
		require.NoError(t, err)
		plain, err := k.Open(t.Context(), s, sealed, nil)
		require.NoError(t, err)
		require.Equal(t, s, string(plain))
	}
}

func TestAnErasedPersonCanNeverBeReadAgain(t *testing.T) {
	p, master := pool(t, opstest.Database(t)), seal.NewMasterKey()
	here, elsewhere := seal.NewKeyring(p, master, 10), seal.NewKeyring(p, master, 10)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { elsewhere.Run(ctx) })
	defer wg.Wait()
	defer cancel()
	require.Eventually(t, func() bool {
		return rowCount(t, p, `
			SELECT count(*) FROM pg_stat_activity
			WHERE query ILIKE 'LISTEN%' AND datname = current_database()`) == 1
	}, testwait.Limit, 10*time.Millisecond)

	sealed, err := here.Seal(t.Context(), "ann", []byte("secret"), nil)
	require.NoError(t, err)
	other, err := here.Seal(t.Context(), "ben", []byte("stays"), nil)
	require.NoError(t, err)
	_, err = elsewhere.Open(t.Context(), "ann", sealed, nil)
	require.NoError(t, err)

	require.NoError(t, here.Destroy(t.Context(), "ann"))
	require.NoError(t, here.Destroy(t.Context(), "ann"), "a second destroy is a no-op")
	_, err = here.Open(t.Context(), "ann", sealed, nil)
	require.ErrorIs(t, err, seal.ErrErased)
	require.Eventually(t, func() bool {
		_, err := elsewhere.Open(t.Context(), "ann", sealed, nil)
		return err != nil
	}, testwait.Limit, 5*time.Millisecond, "the other process drops the key")
	require.ErrorIs(t, here.Ensure(t.Context(), "cho", "ann"), seal.ErrErased)
	require.ErrorIs(t, here.Load(t.Context(), "ann", "cho"), seal.ErrErased)
	_, err = here.Seal(t.Context(), "ann", []byte("more"), nil)
	require.ErrorIs(t, err, seal.ErrErased)
	require.Equal(t, 0, rowCount(t, p,
		`SELECT count(*) FROM ops.subject_keys WHERE subject = 'ann' AND wrapped IS NOT NULL`))

	plain, err := elsewhere.Open(t.Context(), "ben", other, nil)
	require.NoError(t, err)
	require.Equal(t, "stays", string(plain))
}

func TestAMissingKeyAndAWrongMasterKeyAreReported(t *testing.T) {
	p := pool(t, opstest.Database(t))
	k := seal.NewKeyring(p, seal.NewMasterKey(), 10)
	require.ErrorIs(t, k.Load(t.Context(), "nobody"), seal.ErrNoKey)
	sealed, err := k.Seal(t.Context(), "ann", []byte("x"), nil)
	require.NoError(t, err)

	wrong := seal.NewKeyring(p, seal.NewMasterKey(), 10)
	_, err = wrong.Open(t.Context(), "ann", sealed, nil)
	require.Error(t, err, "another master key cannot read")
	_, err = wrong.Seal(t.Context(), "ann", []byte("x"), nil)
	require.Error(t, err, "another master key cannot write")
}

func TestKeysCannotBeSwappedInTheDatabase(t *testing.T) {
	p, master := pool(t, opstest.Database(t)), seal.NewMasterKey()
	k := seal.NewKeyring(p, master, 10)
	require.NoError(t, k.Ensure(t.Context(), "ann", "ben"))
	_, err := p.Exec(t.Context(), `
		UPDATE ops.subject_keys SET wrapped = (SELECT wrapped FROM ops.subject_keys WHERE subject = 'ben')
		WHERE subject = 'ann'`)
	require.NoError(t, err)
	require.Error(t, seal.NewKeyring(p, master, 10).Load(t.Context(), "ann"))
}
