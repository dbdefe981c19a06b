package auth_test

import (
	"crypto/tls"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/auth"
)

type site struct {
	setup
	mux *http.ServeMux
}

func serve(t *testing.T) site {
	t.Helper()
	s := fresh(t)
	require.NoError(t, s.SetPassword(t.Context(), "user-ann", password, false))
	h := &auth.HTTP{Auth: s.Auth, Resolve: staff, Log: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /auth/login", h.Login)
	mux.HandleFunc("POST /auth/logout", h.Logout)
	mux.HandleFunc("GET /auth/me", h.Me)
	mux.HandleFunc("POST /auth/password", h.Password)
	return site{setup: s, mux: mux}
}

func (s site) ask(method, path, body string, change ...func(*http.Request)) *http.Response {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.TLS = nil
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	s.mux.ServeHTTP(w, r)
	return w.Result()
}

func with(c *http.Cookie) func(*http.Request) { return func(r *http.Request) { r.AddCookie(c) } }
func overTLS(r *http.Request)                 { r.TLS = &tls.ConnectionState{} }
func header(name, value string) func(r *http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func decode(t *testing.T, res *http.Response) map[string]any {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.NewDecoder(res.Body).Decode(&m))
	return m
}

const annsLogin = `{"login":"ann","password":"` + password + `"}`

func TestABrowserSignsInAndOut(t *testing.T) {
	s := serve(t)
	require.Equal(t, 401, s.ask("GET", "/auth/me", "").StatusCode)
	res := s.ask("POST", "/auth/login", annsLogin)
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, map[string]any{"userId": "user-ann", "kind": "session", "mustChangePassword": false},
		decode(t, res))
	cookie := res.Cookies()[0]
	require.Equal(t, "parley", cookie.Name)
	require.True(t, cookie.HttpOnly)
	require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)

	require.Equal(t, 200, s.ask("GET", "/auth/me", "", with(cookie)).StatusCode)
	again := s.ask("POST", "/auth/login", annsLogin, with(cookie)).Cookies()[0]
	require.NotEqual(t, cookie.Value, again.Value)
	require.Equal(t, 401, s.ask("GET", "/auth/me", "",
		with(cookie)).StatusCode, "a new sign-in ends the browser's previous session")

	out := s.ask("POST", "/auth/logout", "", with(again))
	require.Equal(t, 204, out.StatusCode)
	require.Negative(t, out.Cookies()[0].MaxAge)
	require.Equal(t, 401, s.ask("GET", "/auth/me", "", with(again)).StatusCode)
	require.Equal(t, 204, s.ask("POST", "/auth/logout", "", with(again)).StatusCode,
		"a second logout is a no-op")
}

func TestABrowserIsKnownAfterSigningOut(t *testing.T) {
	s := serve(t)
	first := s.ask("POST", "/auth/login", annsLogin).Cookies()
	require.Equal(t, "parley-device", first[1].Name)
	require.True(t, first[1].HttpOnly)
	require.Greater(t, first[1].MaxAge, first[0].MaxAge)
	out := s.ask("POST", "/auth/logout", "", with(first[0]), with(first[1]))
	require.Len(t, out.Cookies(), 1, "only the session's cookie is cleared")
	for range 6 {
		s.ask("POST", "/auth/login", `{"login":"ann","password":"whatever1"}`)
	}
	require.Equal(t, 429, s.ask("POST", "/auth/login", annsLogin).StatusCode)
	again := s.ask("POST", "/auth/login", annsLogin, with(first[1]))
	require.Equal(t, 200, again.StatusCode)
	require.Equal(t, first[1].Value, again.Cookies()[1].Value)
}

func TestOverHTTPSOnlyTheHostPrefixedCookieIsAccepted(t *testing.T) {
	s := serve(t)
	cookie := s.ask("POST", "/auth/login", annsLogin, overTLS).Cookies()[0]
	require.Equal(t, "__Host-parley", cookie.Name)
	require.True(t, cookie.Secure)
	require.Equal(t, "/", cookie.Path)
	require.Empty(t, cookie.Domain)
	require.Equal(t, 200, s.ask("GET", "/auth/me", "", overTLS, with(cookie)).StatusCode)
	planted := &http.Cookie{Name: "parley", Value: cookie.Value}
	require.Equal(t, 401, s.ask("GET", "/auth/me", "", overTLS, with(planted)).StatusCode)
}

func TestFailedMalformedAndTooManyLoginsAreRefused(t *testing.T) {
	s := serve(t)
	unknown := s.ask("POST", "/auth/login", `{"login":"nobody","password":"whatever1"}`)
	wrong := s.ask("POST", "/auth/login", `{"login":"ann","password":"whatever1"}`)
	require.Equal(t, 401, unknown.StatusCode)
	require.Equal(t, 401, wrong.StatusCode)
	require.Equal(t, decode(t, unknown), decode(t, wrong))
	require.Equal(t, 400, s.ask("POST", "/auth/login", `{"login":`).StatusCode)
	require.Equal(t, 400, s.ask("POST", "/auth/login",
		`{"login":"`+strings.Repeat("x", 10<<10)+`"}`).StatusCode)
	require.Equal(t, 415, s.ask("POST", "/auth/login", annsLogin,
		header("Content-Type", "text/plain")).StatusCode)
	for range 4 {
		s.ask("POST", "/auth/login", `{"login":"ann","password":"whatever1"}`)
	}
	slow := s.ask("POST", "/auth/login", annsLogin)
	require.Equal(t, 429, slow.StatusCode)
	require.NotEmpty(t, slow.Header.Get("Retry-After"))
	require.Empty(t, slow.Cookies())
}

func TestAProgramIsAuthenticatedByItsToken(t *testing.T) {
	s := serve(t)
	token, _, err := s.CreateToken(t.Context(), annsToken(s.clock.now().Add(time.Hour)))
	require.NoError(t, err)
	res := s.ask("GET", "/auth/me", "", header("Authorization", "Bearer "+token))
	require.Equal(t, map[string]any{"userId": "user-ann", "kind": "token", "role": "ANALYST",
		"mustChangePassword": false}, decode(t, res))
	cookie := s.ask("POST", "/auth/login", annsLogin).Cookies()[0]
	for _, bad := range []string{"Bearer parley_nonsense", "Bearer", "Basic " + token, token} {
		res := s.ask("GET", "/auth/me", "", header("Authorization", bad), with(cookie))
		require.Equal(t, 401, res.StatusCode, "a valid cookie does not make up for a bad token")
	}
}

func TestAUserChangesTheirOwnPasswordInTheBrowser(t *testing.T) {
	s := serve(t)
	require.Equal(t, 401, s.ask("POST", "/auth/password", `{"current":"x","password":"y"}`).StatusCode)
	cookie := s.ask("POST", "/auth/login", annsLogin).Cookies()[0]
	require.Equal(t, 401, s.ask("POST", "/auth/password", `{"current":"x","password":"battery staple"}`,
		with(cookie)).StatusCode)
	require.Equal(t, 422, s.ask("POST", "/auth/password", `{"current":"`+password+`","password":"short"}`,
		with(cookie)).StatusCode)
	res := s.ask("POST", "/auth/password", `{"current":"`+password+`","password":"battery staple"}`,
		with(cookie))
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, 401, s.ask("GET", "/auth/me", "", with(cookie)).StatusCode)
	require.Equal(t, 200, s.ask("GET", "/auth/me", "", with(res.Cookies()[0])).StatusCode)
	require.Equal(t, 401, s.ask("POST", "/auth/login", annsLogin).StatusCode)
}
