package commands_test

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/setting"
	"parley/domain/shortcode"
)

func TestASecretIsStoredOutsideTheLogAndRecordedByItsLastFourCharacters(t *testing.T) {
	w := newWorld(t)
	s := account.Settings{Name: "Night", ShortCode: "NIGHT", Provider: "pigeon", ProviderSettings: numbered("1062"),
		QueueID: w.queue}
	secrets := map[string]string{"token": " open sesame\n", "spare": ""}
	id, _, err := w.SaveAccount(w.ctx(), "", s, secrets, "sue", someone())
	require.NoError(t, err)
	value, ok := w.secrets.Load(account.SecretName(id, "token"))
	require.True(t, ok)
	require.Equal(t, "open sesame", value)
	_, ok = w.secrets.Load(account.SecretName(id, "spare"))
	require.False(t, ok, "an empty secret replaces nothing")

	var replaced []account.SecretReplaced
	for _, e := range w.log() {
		if r, is := e.Event.(account.SecretReplaced); is && r.By == "sue" {
			replaced = append(replaced, r)
		}
	}
	require.Len(t, replaced, 1)
	require.Equal(t, "token", replaced[0].Name)
	require.Equal(t, "same", replaced[0].Last4)

	s.Name = "Late night"
	_, _, err = w.SaveAccount(w.ctx(), id, s, nil, "sue", someone())
	require.NoError(t, err, "a stored secret need not be given again")
	found, current, exists, err := w.FindAccount(w.ctx(),
		account.Settings{Provider: "pigeon", ProviderSettings: numbered("1062")})
	require.NoError(t, err)
	require.True(t, exists)
	require.Equal(t, id, found)
	require.Equal(t, "Late night", current.Name)
}

func TestARefusedAccountLeavesNoSecretBehind(t *testing.T) {
	w := newWorld(t)
	old := account.Settings{Name: "Old", ShortCode: "OLD", Provider: "pigeon", ProviderSettings: numbered("1063")}
	archived, _, err := w.SaveAccount(w.ctx(), "", old, map[string]string{"token": "sesame"}, "", someone())
	require.NoError(t, err)
	_, err = w.Archive(w.ctx(), AnAccount, string(archived), "", someone())
	require.NoError(t, err)
	for _, c := range []struct {
		name     string
		id       domain.AccountID
		settings account.Settings
		secrets  map[string]string
		err      error
	}{
		{"an unknown provider", "", account.Settings{Provider: "raven"}, map[string]string{"token": "x"}, account.ErrProvider},
		{"a missing required secret", "", account.Settings{Provider: "pigeon", ProviderSettings: numbered("1")}, nil, account.ErrSettingMissing},
		{"an undeclared secret", "", account.Settings{Provider: "pigeon", ProviderSettings: numbered("1")},
			map[string]string{"token": "x", "pin": "1"}, account.ErrSettingUnknown},
		{"an account without a short code", "", account.Settings{Name: "New", Provider: "pigeon", ProviderSettings: numbered("1")},
			map[string]string{"token": "x"}, account.ErrShortCode},
		{"an archived account", archived, old, map[string]string{"token": "x"}, setting.ErrArchived},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.settings.Name = "New"
			_, _, err := w.SaveAccount(w.ctx(), c.id, c.settings, c.secrets, "", someone())
			require.ErrorIs(t, err, c.err)
			w.secrets.Range(func(_, value any) bool { require.NotEqual(t, "x", value); return true })
		})
	}
}

func TestAStoredSecretIsNotSentToANewAddress(t *testing.T) {
	w := newWorld(t)
	moved := w.shop()
	moved.ProviderSettings = numbered("1061")
	moved.ProviderSettings["address"] = "https://elsewhere.example"
	_, _, err := w.SaveAccount(w.ctx(), w.account, moved, nil, "sue", someone())
	require.ErrorIs(t, err, account.ErrSecretAgain)
	_, current, _, err := w.FindAccount(w.ctx(), w.shop())
	require.NoError(t, err)
	require.Empty(t, current.ProviderSettings["address"])

	_, _, err = w.SaveAccount(w.ctx(), w.account, moved, map[string]string{"token": "another"}, "sue", someone())
	require.NoError(t, err)
}

func TestTwoAccountsCannotHaveOneShortCode(t *testing.T) {
	w := newWorld(t)
	save := func(code, number string) (domain.AccountID, error) {
		id, _, err := w.SaveAccount(w.ctx(), "", account.Settings{Name: "Other", ShortCode: code, Provider: "pigeon",
			ProviderSettings: numbered(number)}, map[string]string{"token": "x"}, "sue", someone())
		return id, err
	}
	_, err := save("shop", "1062")
	require.ErrorIs(t, err, shortcode.ErrTaken)
	other, err := save("OTHER", "1062")
	require.NoError(t, err)

	_, err = w.Archive(w.ctx(), AnAccount, string(other), "sue", someone())
	require.NoError(t, err)
	w.later(time.Hour)
	_, err = save("OTHER", "1063")
	require.NoError(t, err, "an archived account gives its code back")
}

func TestOneOfManyAccountsSavedAtOnceGetsTheShortCode(t *testing.T) {
	w := newWorld(t)
	var saved atomic.Int32
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			_, _, err := w.SaveAccount(w.ctx(), "", account.Settings{Name: "New", ShortCode: "NEW", Provider: "pigeon",
				ProviderSettings: numbered(strconv.Itoa(2000 + i))}, map[string]string{"token": "x"}, "sue", someone())
			if err == nil {
				saved.Add(1)
				return
			}
			if !errors.Is(err, shortcode.ErrTaken) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, saved.Load())
}
