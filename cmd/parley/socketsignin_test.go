package main

import (
	"net/http"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

// inFirstMessage opens a socket as a browser program does: its token is in the first message, not in a header.
func (w *world) inFirstMessage(t *testing.T, authorization, origin string) (*socket, error) {
	t.Helper()
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	s, _, err := w.bearing("").dialWith(t, header, mustJSON(t, vars{"Authorization": authorization}))
	return s, err
}

func TestABrowserProgramSubscribesWithTheTokenInItsFirstMessage(t *testing.T) {
	t.Parallel()
	w := startWorld(t, "anna")
	user := w.user(t, "anna").ID
	token, info, err := w.p.auth.CreateToken(t.Context(), newToken(user, "AGENT"))
	require.NoError(t, err)

	for _, origin := range []string{"", w.url, "https://wallboard.example"} {
		s, err := w.inFirstMessage(t, "Bearer "+token, origin)
		require.NoError(t, err, origin)
		s.write(t, socketMessage{ID: "1", Type: "subscribe", Payload: mustJSON(t, vars{"query": "subscription{live{position}}"})})
		require.NotEmpty(t, batch[struct{ Live struct{ Position string } }](t, s).Live.Position)
		s.close()
	}

	open, err := w.inFirstMessage(t, "bearer "+token, "")
	require.NoError(t, err)
	require.NoError(t, w.p.auth.RevokeToken(t.Context(), info.ID))
	_, err = open.next(t, patience)
	require.Error(t, err, "a revoked token closes its sockets")
	_, err = w.inFirstMessage(t, "Bearer "+token, "")
	require.Equal(t, websocket.StatusCode(4403), websocket.CloseStatus(err))
}

func TestASocketWithoutValidCredentialsIsClosed(t *testing.T) {
	t.Parallel()
	w := startWorld(t, "anna")
	for _, wrong := range []string{"", "Bearer ", "Bearer parley_guess", "Basic YW5uYTphbm5h"} {
		_, err := w.inFirstMessage(t, wrong, "")
		require.Equal(t, websocket.StatusCode(4403), websocket.CloseStatus(err), wrong)
	}
	_, _, err := w.signIn(t, "anna", w.passwords["anna"]).dialWith(t, nil, mustJSON(t, vars{"Authorization": "Bearer x"}))
	require.Equal(t, websocket.StatusCode(4403), websocket.CloseStatus(err), "a wrong token counts more than a cookie")
}

func TestATokenInTheFirstMessageCountsMoreThanTheCookie(t *testing.T) {
	t.Parallel()
	w := startWorld(t, "anna")
	token, _, err := w.p.auth.CreateToken(t.Context(), newToken(w.user(t, "admin").ID, "ADMIN"))
	require.NoError(t, err)
	anna := w.signIn(t, "anna", w.passwords["anna"])
	s, _, err := anna.dialWith(t, nil, mustJSON(t, vars{"Authorization": "Bearer " + token}))
	require.NoError(t, err)
	s.write(t, socketMessage{ID: "1", Type: "subscribe", Payload: mustJSON(t, vars{"query": "{me{role}}"})})
	require.Equal(t, "ADMIN", batch[struct{ Me struct{ Role string } }](t, s).Me.Role)
}
