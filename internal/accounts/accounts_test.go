package accounts

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// cacheOf returns a cache that reads its accounts from a function.
func cacheOf(t *testing.T, read func(context.Context) (map[string]knownAccount, error)) *Cache {
	t.Helper()
	a, err := newCache(read)
	require.NoError(t, err)
	return a
}

func knownShop() map[string]knownAccount {
	return map[string]knownAccount{"shop": {}}
}

func (a *Cache) knows(ctx context.Context, id string) (bool, error) {
	_, ok, err := a.ByID(ctx, id)
	return ok, err
}

func TestAnUnknownAccountIsLookedUpOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		a := cacheOf(t, func(context.Context) (map[string]knownAccount, error) { reads++; return knownShop(), nil })
		for range 90 {
			ok, err := a.knows(t.Context(), "nobody")
			require.NoError(t, err)
			require.False(t, ok)
			time.Sleep(10 * time.Millisecond)
		}
		require.Equal(t, 1, reads)
	})
}

func TestANewAccountIsKnownAfterAMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := map[string]knownAccount{}
		a := cacheOf(t, func(context.Context) (map[string]knownAccount, error) { return now, nil })
		ok, err := a.knows(t.Context(), "another")
		require.NoError(t, err)
		require.False(t, ok)
		now = knownShop()
		time.Sleep(maxAgeUnknown)
		ok, err = a.knows(t.Context(), "shop")
		require.NoError(t, err)
		require.True(t, ok)
	})
}

func TestAKnownAccountIsReturnedWithoutWaitingForARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := false
		a := cacheOf(t, func(ctx context.Context) (map[string]knownAccount, error) {
			if hangs {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return knownShop(), nil
		})
		_, err := a.knows(t.Context(), "shop")
		require.NoError(t, err)
		hangs = true
		time.Sleep(maxAgeUnknown)
		go func() { _, _ = a.knows(t.Context(), "nobody") }()
		synctest.Wait()
		began := time.Now()
		ok, err := a.knows(t.Context(), "shop")
		require.NoError(t, err)
		require.True(t, ok)
		require.Zero(t, time.Since(began))
		time.Sleep(readTimeout)
	})
}

func TestNoCallerWaitsForAccountsBeyondItsDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		a := cacheOf(t, func(ctx context.Context) (map[string]knownAccount, error) {
			reads++
			<-ctx.Done()
			return nil, errors.New("the database does not answer")
		})
		go func() { _, _ = a.knows(t.Context(), "shop") }()
		synctest.Wait()
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		_, err := a.knows(ctx, "shop")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 50*time.Millisecond, time.Since(began))
		require.Equal(t, 1, reads, "one read for all callers")
		time.Sleep(readTimeout)
	})
}

// announcements is a Listener whose announcements a test makes.
type announcements struct {
	mu       sync.Mutex
	payloads map[string]func(string)
}

func (a *announcements) On(channel string, payload func(string), _ func()) func() {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.payloads == nil {
		a.payloads = map[string]func(string){}
	}
	a.payloads[channel] = payload
	return func() {}
}

func (a *announcements) announce(channel, payload string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.payloads[channel](payload)
}

func TestAProcessKnowsTheAccountsBeforeItsFirstDelivery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var outage error
		now, reads := map[string]knownAccount{}, 0
		a := cacheOf(t, func(context.Context) (map[string]knownAccount, error) {
			mu.Lock()
			defer mu.Unlock()
			reads++
			return now, outage
		})
		requireReads := func(want int, why string) {
			t.Helper()
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			require.Equal(t, want, reads, why)
		}
		set := func(accounts map[string]knownAccount, err error) {
			mu.Lock()
			defer mu.Unlock()
			now, outage = accounts, err
		}
		var changes announcements
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go func() { _ = a.Run(ctx, &changes) }()
		requireReads(1, "once at the start")

		set(knownShop(), nil) // an account is added
		changes.announce("changes", "1,2,1,interactions messages")
		requireReads(1, "the change concerns no account")
		changes.announce("changes", "2,3,1,accounts")
		requireReads(2, "an account changed")
		changes.announce("checkpoints", "")
		requireReads(3, "the read models were rebuilt")

		set(knownShop(), errors.New("the database does not answer"))
		time.Sleep(time.Hour)
		ok, err := a.knows(t.Context(), "shop")
		require.NoError(t, err)
		require.True(t, ok)
	})
}

func TestAnUnknownAccountIsNotDeniedWhileTheDatabaseIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var outage error
		a := cacheOf(t, func(context.Context) (map[string]knownAccount, error) { return knownShop(), outage })
		_, err := a.knows(t.Context(), "shop")
		require.NoError(t, err)
		outage = errors.New("the database does not answer")
		time.Sleep(time.Minute)
		_, err = a.knows(t.Context(), "added-a-minute-ago")
		require.ErrorIs(t, err, outage, "the provider must try again")

		outage = nil
		time.Sleep(time.Minute)
		ok, err := a.knows(t.Context(), "nobody")
		require.NoError(t, err)
		require.False(t, ok)
	})
}
