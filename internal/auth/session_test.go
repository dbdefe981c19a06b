package auth_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/auth"
)

func TestASessionEndsAfterTwelveIdleHours(t *testing.T) {
	s := fresh(t)
	secret, who, err := s.OpenSession(t.Context(), "user-ann", "192.0.2.7", "Browser")
	require.NoError(t, err)
	for range 3 {
		s.clock.forward(11 * time.Hour)
		_, err = s.Session(t.Context(), secret)
		require.NoError(t, err, "use keeps the session alive")
	}
	s.clock.forward(12 * time.Hour)
	_, err = s.Session(t.Context(), secret)
	require.ErrorIs(t, err, auth.ErrUnauthenticated)
	require.ErrorIs(t, s.Recheck(t.Context(), who), auth.ErrUnauthenticated)
}

func TestASessionEndsAfterSevenDaysEvenInUse(t *testing.T) {
	s := fresh(t)
	secret, _, err := s.OpenSession(t.Context(), "user-ann", "192.0.2.7", "Browser")
	require.NoError(t, err)
	for range 167 {
		s.clock.forward(time.Hour)
		_, err = s.Session(t.Context(), secret)
		require.NoError(t, err)
	}
	s.clock.forward(time.Hour)
	_, err = s.Session(t.Context(), secret)
	require.ErrorIs(t, err, auth.ErrUnauthenticated)
}

func TestAPasswordChangeEndsAllSessionsButTheNewOne(t *testing.T) {
	s := fresh(t)
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", password, true))
	first, who, err := s.OpenSession(t.Context(), "user-ann", "192.0.2.7", "Browser")
	require.NoError(t, err)
	others, _, err := s.OpenSession(t.Context(), "user-ben", "192.0.2.8", "Browser")
	require.NoError(t, err)

	_, _, err = s.ChangePassword(t.Context(), "user-ann", "wrong horse", "battery staple",
		auth.Attempt{Address: "192.0.2.7"})
	require.ErrorIs(t, err, auth.ErrWrong)
	_, _, err = s.ChangePassword(t.Context(), "user-ann", password, "short", auth.Attempt{Address: "192.0.2.7"})
	require.ErrorIs(t, err, auth.ErrPassword)
	require.NoError(t, s.Recheck(t.Context(), who))

	second, now, err := s.ChangePassword(t.Context(), "user-ann", password, "battery staple",
		auth.Attempt{Address: "192.0.2.7"})
	require.NoError(t, err)
	require.False(t, now.MustChangePassword)
	_, err = s.Session(t.Context(), first)
	require.ErrorIs(t, err, auth.ErrUnauthenticated)
	_, err = s.Session(t.Context(), second)
	require.NoError(t, err)
	_, err = s.Session(t.Context(), others)
	require.NoError(t, err)
}

func TestAUserListsAndEndsTheirSessions(t *testing.T) {
	s := fresh(t)
	_, phone, err := s.OpenSession(t.Context(), "user-ann", "2001:db8:1:2::3", "Phone\x00\xff")
	require.NoError(t, err)
	s.clock.forward(time.Minute)
	secret, desk, err := s.OpenSession(t.Context(), "user-ann", "203.0.113.77", "Desk")
	require.NoError(t, err)
	all, err := s.Sessions(t.Context(), "user-ann")
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, []string{desk.ID, "Desk", "203.0.113.0/24"},
		[]string{all[0].ID, all[0].UserAgent, all[0].Network})
	require.Equal(t, []string{phone.ID, "Phone", "2001:db8:1::/48"},
		[]string{all[1].ID, all[1].UserAgent, all[1].Network})

	require.NoError(t, s.EndSession(t.Context(), "user-ben", desk.ID), "ben cannot end ann's session")
	require.NoError(t, s.Recheck(t.Context(), desk))
	require.NoError(t, s.EndSession(t.Context(), "user-ann", desk.ID))
	require.NoError(t, s.EndSession(t.Context(), "user-ann", "no id"))
	_, err = s.Session(t.Context(), secret)
	require.ErrorIs(t, err, auth.ErrUnauthenticated)
	require.NoError(t, s.Recheck(t.Context(), phone))
	require.NoError(t, s.EndSessions(t.Context(), "user-ann"))
	require.ErrorIs(t, s.Recheck(t.Context(), phone), auth.ErrUnauthenticated)
}

func TestEndingASessionNotifiesListeners(t *testing.T) {
	s := fresh(t)
	conn, err := s.pool.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	_, err = conn.Exec(t.Context(), `LISTEN session_ended`)
	require.NoError(t, err)
	_, who, err := s.OpenSession(t.Context(), "user-ann", "192.0.2.7", "Browser")
	require.NoError(t, err)
	require.NoError(t, s.EndSession(t.Context(), "user-ann", who.ID))
	require.NoError(t, s.EndSessions(t.Context(), "user-ben"))
	for _, want := range []string{"user-ann", "user-ben"} {
		n, err := conn.Conn().WaitForNotification(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, n.Payload)
	}
}

func TestATokenAuthenticatesItsUserUntilItIsRevoked(t *testing.T) {
	s := fresh(t)
	token, info, err := s.CreateToken(t.Context(),
		annsToken(s.clock.now().Add(time.Hour)))
	require.NoError(t, err)
	require.Regexp(t, `^parley_[A-Za-z0-9_-]{43}$`, token)
	require.Equal(t, token[:12], info.Prefix)
	who, err := s.Token(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, auth.Identity{UserID: "user-ann", Kind: auth.Token, ID: info.ID, Role: "ANALYST",
		Permissions: []string{"VIEW_CONTACTS"}}, who)

	all, err := s.Tokens(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, s.clock.now(), all[0].LastUsedAt.UTC())

	for _, bad := range []string{"", "parley_", token[:len(token)-1], token + "A", token[7:],
		"PARLEY_" + token[7:], " " + token} {
		_, err := s.Token(t.Context(), bad)
		require.ErrorIs(t, err, auth.ErrUnauthenticated, bad)
	}
	require.NoError(t, s.Recheck(t.Context(), who))
	require.NoError(t, s.RevokeToken(t.Context(), info.ID))
	_, err = s.Token(t.Context(), token)
	require.ErrorIs(t, err, auth.ErrUnauthenticated)
	require.ErrorIs(t, s.Recheck(t.Context(), who), auth.ErrUnauthenticated)
}

func TestATokenExpires(t *testing.T) {
	s := fresh(t)
	until := s.clock.now().Add(time.Hour)
	token, _, err := s.CreateToken(t.Context(), annsToken(until))
	require.NoError(t, err)
	_, err = s.Token(t.Context(), token)
	require.NoError(t, err)
	s.clock.forward(time.Hour)
	_, err = s.Token(t.Context(), token)
	require.ErrorIs(t, err, auth.ErrUnauthenticated)
}

func annsToken(until time.Time) auth.NewToken {
	return auth.NewToken{UserID: "user-ann", Name: "reporting", Role: "ANALYST", Permissions: []string{"VIEW_CONTACTS"},
		ExpiresAt: until}
}

func TestAllTokensOfAUserAreRevokedAtOnce(t *testing.T) {
	s := fresh(t)
	var tokens, ids []string
	for range 2 {
		token, info, err := s.CreateToken(t.Context(), annsToken(s.clock.now().Add(time.Hour)))
		require.NoError(t, err)
		tokens, ids = append(tokens, token), append(ids, info.ID)
	}
	for range 2 { // a repetition returns them again, so that the caller can still record them
		revoked, err := s.RevokeTokens(t.Context(), "user-ann")
		require.NoError(t, err)
		require.ElementsMatch(t, ids, revoked)
	}
	for _, token := range tokens {
		_, err := s.Token(t.Context(), token)
		require.ErrorIs(t, err, auth.ErrUnauthenticated)
	}
}
