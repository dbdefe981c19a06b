package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/account"
)

// accountsOf are accounts whose reading is a function's.
func accountsOf(t *testing.T, read func(context.Context) (map[string]knownAccount, error)) *accounts {
	t.Helper()
	a, err := accountsFrom(read)
	require.NoError(t, err)
	return a
}

func knownShop() map[string]knownAccount {
	return map[string]knownAccount{"shop": {secrets: map[string]string{account.AppSecret: "secret"}}}
}

func (a *accounts) knows(ctx context.Context, id string) (bool, error) {
	_, _, ok, err := a.Secrets(ctx, id)
	return ok, err
}

func TestAskingForAnAccountThatIsNotThereIsCheap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		a := accountsOf(t, func(context.Context) (map[string]knownAccount, error) { reads++; return knownShop(), nil })
		for range 90 { // for 900 ms
			ok, err := a.knows(t.Context(), "nobody")
			require.NoError(t, err)
			require.False(t, ok)
			time.Sleep(10 * time.Millisecond)
		}
		require.Equal(t, 1, reads)
	})
}

func TestAnAccountIsKnownSoonAfterItIsMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := map[string]knownAccount{}
		a := accountsOf(t, func(context.Context) (map[string]knownAccount, error) { return now, nil })
		ok, err := a.knows(t.Context(), "another")
		require.NoError(t, err)
		require.False(t, ok)
		now = knownShop()
		time.Sleep(unknownFresh)
		ok, err = a.knows(t.Context(), "shop")
		require.NoError(t, err)
		require.True(t, ok)
	})
}

func TestWhoAsksForAKnownAccountDoesNotWaitForAReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := false
		a := accountsOf(t, func(ctx context.Context) (map[string]knownAccount, error) {
			if hangs {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return knownShop(), nil
		})
		_, err := a.knows(t.Context(), "shop")
		require.NoError(t, err)
		hangs = true
		time.Sleep(unknownFresh)
		go func() { _, _ = a.knows(t.Context(), "nobody") }()
		synctest.Wait()
		began := time.Now()
		ok, err := a.knows(t.Context(), "shop")
		require.NoError(t, err)
		require.True(t, ok)
		require.Zero(t, time.Since(began))
		time.Sleep(accountsReadIn)
	})
}

func TestNobodyWaitsForAccountsLongerThanHeCan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		a := accountsOf(t, func(ctx context.Context) (map[string]knownAccount, error) {
			reads++
			<-ctx.Done()
			return nil, errors.New("database is away")
		})
		go func() { _, _ = a.knows(t.Context(), "shop") }()
		synctest.Wait()
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := a.knows(ctx, "shop")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 50*time.Millisecond, time.Since(began))
		require.Equal(t, 1, reads, "one reader for all")
		time.Sleep(accountsReadIn)
	})
}
