package commands_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "parley/commands"
	"parley/domain"
	"parley/domain/setting"
	"parley/domain/token"
	"parley/domain/user"
)

func TestATokenIsRecordedWithWhoMadeAndWhoRevokedIt(t *testing.T) {
	w := newWorld(t)
	id := NewID()
	ann, _, err := w.SaveUser(w.ctx(), "", user.Profile{Login: "ann", Name: "Ann"}, user.Settings{Role: user.Agent}, "root",
		someone())
	require.NoError(t, err)
	made := token.Created{UserID: ann, Name: "Report", Permissions: []string{"VIEW_CONTACTS"},
		ExpiresAt: w.now().Add(time.Hour), By: "sue"}
	for range 2 {
		recorded, _, err := w.CreateToken(w.ctx(), made, made.Permissions, again(id))
		require.NoError(t, err)
		require.Equal(t, "Report", recorded.Name)
	}
	_, err = w.RevokeToken(w.ctx(), id, token.Revoked{Reason: token.ByHand, By: "bob"}, someone())
	require.NoError(t, err)
	require.Equal(t, []string{id}, w.revoked)
	require.Equal(t, domain.UserID("sue"), all[token.Created](w)[0].By)
	require.Len(t, all[token.Created](w), 1)
	require.Equal(t, domain.UserID("bob"), all[token.Revoked](w)[0].By)
}

func TestTokensOfADisabledUserAreRevokedForGood(t *testing.T) {
	w := newWorld(t)
	id, _, err := w.SaveUser(w.ctx(), "", user.Profile{Login: "ann", Name: "Ann"}, user.Settings{Role: user.Agent}, "root",
		someone())
	require.NoError(t, err)
	_, _, err = w.CreateToken(w.ctx(), token.Created{UserID: id, Name: "Report", By: "root"}, []string{"VIEW_CONTACTS"},
		again(DerivedID("token", string(id))))
	require.NoError(t, err)
	_, _, err = w.SaveUser(w.ctx(), id, user.Profile{Name: "Ann"}, user.Settings{Role: user.Agent, Disabled: true}, "root",
		someone())
	require.NoError(t, err)
	revoked := all[token.Revoked](w)
	require.Len(t, revoked, 1)
	require.Equal(t, token.UserRemoved, revoked[0].Reason)
	require.Equal(t, domain.UserID("root"), revoked[0].By)
}

func TestASessionEndsWithARecordOfWhoEndedIt(t *testing.T) {
	w := newWorld(t)
	id, _, err := w.SaveUser(w.ctx(), "", user.Profile{Login: "ann", Name: "Ann"}, user.Settings{Role: user.Agent}, "root",
		someone())
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, w.EndSession(w.ctx(), id, "s1", "root"))
	}
	require.Equal(t, []user.SessionEnded{{SessionID: "s1", By: "root", At: w.now()}}, all[user.SessionEnded](w))
	require.ErrorIs(t, w.EndSession(w.ctx(), "nobody", "s2", "root"), setting.ErrUnknown)
	require.Equal(t, []domain.UserID{id + " s1", id + " s1", "nobody s2"}, w.ended,
		"a session must end even if that cannot be recorded")
}

func TestADisabledUserGetsNoToken(t *testing.T) {
	w := newWorld(t)
	id, _, err := w.SaveUser(w.ctx(), "", user.Profile{Login: "ann", Name: "Ann"},
		user.Settings{Role: user.Agent, Disabled: true}, "root", someone())
	require.NoError(t, err)
	_, _, err = w.CreateToken(w.ctx(), token.Created{UserID: id, Name: "Report"}, []string{"VIEW_CONTACTS"}, someone())
	require.ErrorIs(t, err, setting.ErrUnknown)
}
