package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain"
	"parley/internal/auth"
	"parley/internal/database"
	"parley/internal/httpserver"
	"parley/projections/settings"
)

// post sends JSON to a route other than GraphQL.
func (c client) post(t *testing.T, path string, body vars) *http.Response {
	t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(t, err)
	r, err := http.NewRequest(http.MethodPost, c.url+path, strings.NewReader(string(raw)))
	require.NoError(t, err)
	r.Header = c.header.Clone()
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res
}

// signIn returns a client with the cookies of a session and of its browser.
func signIn(t *testing.T, url, login, password string) client {
	t.Helper()
	res := bearing(url, "").post(t, "/auth/login", vars{"login": login, "password": password})
	require.Equal(t, http.StatusOK, res.StatusCode)
	return withCookie(t, url, res)
}

func withCookie(t *testing.T, url string, res *http.Response) client {
	t.Helper()
	var cookies []string
	for _, c := range res.Cookies() {
		require.True(t, c.HttpOnly)
		require.Equal(t, http.SameSiteLaxMode, c.SameSite)
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	require.NotEmpty(t, cookies)
	return client{url: url, header: http.Header{"Cookie": {strings.Join(cookies, "; ")}}}
}

func (w *world) signIn(t *testing.T, login, password string) client {
	t.Helper()
	return signIn(t, w.url, login, password)
}

func TestAPasswordChangeEndsOtherSessionsAndTheirSockets(t *testing.T) {
	w := startWorld(t, "anna")
	here, there := w.signIn(t, "anna", w.passwords["anna"]), w.signIn(t, "anna", w.passwords["anna"])
	socket := there.subscribe(t, "subscription{live{position}}", nil)
	require.Equal(t, "next", socket.read(t).Type)
	const fresh = "another-Good-1"
	res := here.post(t, "/auth/password", vars{"current": w.passwords["anna"], "password": fresh})
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Equal(t, http.StatusUnauthorized, there.ask(t, "{me{role}}", nil).status)
	require.Equal(t, http.StatusUnauthorized, here.ask(t, "{me{role}}", nil).status,
		"this browser's old session has ended too")
	require.Equal(t, http.StatusOK, withCookie(t, w.url, res).ask(t, "{me{role}}", nil).status)
	for ended := false; !ended; {
		m, err := socket.next(t, patience)
		require.NotErrorIs(t, err, context.DeadlineExceeded, "the subscription continues")
		ended = err != nil || m.Type == "complete" || m.Type == "error"
	}
	require.Equal(t, http.StatusUnauthorized, bearing(w.url, "").post(t, "/auth/login",
		vars{"login": "anna", "password": w.passwords["anna"]}).StatusCode)
	require.Equal(t, http.StatusOK, w.signIn(t, "anna", fresh).ask(t, "{me{role}}", nil).status)
}

func TestAnOpenSocketKeepsNoIdleSessionAlive(t *testing.T) {
	t.Parallel()
	db, err := database.Open(t.Context(), emptyDatabase(t), database.Pools{})
	require.NoError(t, err)
	defer db.Close()
	now := time.Now()
	clock := func() time.Time { return now }
	sessions := auth.New(db.Clear, clock)
	_, who, err := sessions.OpenSession(t.Context(), "anna", "192.0.2.1", "a browser")
	require.NoError(t, err)
	stillValid := httpserver.StillValid(sessions.Recheck, clock, who)
	for range 11 { // once per batch
		now = now.Add(time.Hour)
		require.NoError(t, stillValid(t.Context()))
	}
	now = now.Add(time.Hour)
	require.ErrorIs(t, stillValid(t.Context()), auth.ErrUnauthenticated)
}

func TestADisabledUserIsSignedOutWithinMoments(t *testing.T) {
	w := startWorld(t, "ben")
	ben := w.signIn(t, "ben", w.passwords["ben"])
	socket := ben.subscribe(t, "subscription{live{position}}", nil)
	require.Equal(t, "next", socket.read(t).Type)
	disable(t, w, "ben")
	require.Eventually(t, func() bool { return ben.ask(t, "{me{role}}", nil).code() == "UNAUTHENTICATED" },
		patience, 10*time.Millisecond)
	for ended := false; !ended; {
		m, err := socket.next(t, patience)
		require.NotErrorIs(t, err, context.DeadlineExceeded, "the subscription continues")
		ended = err != nil || m.Type == "complete" || m.Type == "error"
	}
	require.Equal(t, http.StatusUnauthorized, bearing(w.url, "").post(t, "/auth/login",
		vars{"login": "ben", "password": w.passwords["ben"]}).StatusCode)
	require.Equal(t, http.StatusUnauthorized, ben.post(t, "/auth/password",
		vars{"current": w.passwords["ben"], "password": "another-Good-1"}).StatusCode)
	require.Equal(t, "UNAUTHENTICATED", w.as(t, "ben").ask(t, "{me{role}}", nil).code(), "tokens of the disabled user do not work either")

	change(t, w, "ben", vars{"disabled": false})
	w.settle(t)
	require.Eventually(t, func() bool {
		return bearing(w.url, "").post(t, "/auth/login", vars{"login": "ben", "password": w.passwords["ben"]}).StatusCode == http.StatusOK
	}, patience, 10*time.Millisecond)
	require.Equal(t, "UNAUTHENTICATED", w.as(t, "ben").ask(t, "{me{role}}", nil).code(), "tokens of a disabled user stay revoked")
	require.Equal(t, "UNAUTHENTICATED", ben.ask(t, "{me{role}}", nil).code(), "a user who is enabled again must sign in again")
}

func TestADisabledUserCannotChangeThePasswordBeforeTheSessionsEnd(t *testing.T) {
	t.Parallel()
	w := startWorld(t, "ben")
	ben := w.signIn(t, "ben", w.passwords["ben"])
	id := domain.UserID(w.user(t, "ben").ID)
	row, err := settings.UsersByID(t.Context(), w.p.db.Clear, []string{string(id)})
	require.NoError(t, err)
	s := row[0].Settings
	s.Disabled = true
	// as if the process died before it ended the sessions
	dying, err := commands.New(commands.Config{Store: w.p.store, IDs: w.p.deployment.IDKey, Now: w.p.now, Log: w.p.log})
	require.NoError(t, err)
	_, _, err = dying.SaveUser(t.Context(), id, row[0].Profile, s, "", commands.SystemMetadata("test", newID()))
	require.NoError(t, err)
	w.settle(t)
	require.Eventually(t,
		func() bool {
			return ben.ask(t, "{me{role}}",
				nil).status == http.StatusUnauthorized
		}, patience, 10*time.Millisecond)
	require.Equal(t, http.StatusUnauthorized, ben.post(t, "/auth/password",
		vars{"current": w.passwords["ben"], "password": "another-Good-1"}).StatusCode)
}

func TestPasswordGuessingIsThrottled(t *testing.T) {
	t.Parallel()
	w := startWorld(t, "anna")
	nobody := w.bearing("")
	var limited int
	for range 8 {
		if nobody.post(t, "/auth/login", vars{"login": "anna",
			"password": "guess"}).StatusCode == http.StatusTooManyRequests {
			limited++
		}
	}
	require.GreaterOrEqual(t, limited, 3)
}
