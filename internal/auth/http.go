package auth

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// HTTP serves sign-in to browsers. Auth, Resolve and Log must be set.
type HTTP struct {
	Auth    *Auth
	Resolve Resolve
	Log     *slog.Logger
	// Enabled reports whether a user may still sign in; nil allows everyone.
	Enabled func(ctx context.Context, userID string) (bool, error)
	// Address returns the client's IP address; nil uses the connection's. Set it behind a proxy whose headers
	// are trusted.
	Address func(*http.Request) string
	// Secure reports whether the browser came over https; nil checks the connection for TLS.
	Secure func(*http.Request) bool
}

// Login handles POST {login, password}. It answers 200 {userId, mustChangePassword} with a cookie, 401 for
// every failed login, or 429 with Retry-After. It ends the session the browser had before. A second cookie outlives
// the session and shows that this user has signed in with this browser before.
func (h *HTTP) Login(w http.ResponseWriter, r *http.Request) {
	var body struct{ Login, Password string }
	if !read(w, r, &body) {
		return
	}
	try := Attempt{
		Login: body.Login, Password: body.Password, Address: h.address(r), UserAgent: r.UserAgent(), Device: h.device(r),
	}
	secret, who, err := h.Auth.Login(r.Context(), try, h.Resolve)
	if err != nil {
		h.refuse(w, err)
		return
	}
	if before, err := h.session(r); err == nil {
		if err := h.Auth.EndSession(r.Context(), before.UserID, before.ID); err != nil {
			h.refuse(w, err)
			return
		}
	}
	device, err := h.Auth.RememberDevice(r.Context(), who.UserID, try.Device)
	if err != nil {
		h.refuse(w, err)
		return
	}
	h.setCookie(w, r, sessionCookie, secret, maxLifetime)
	h.setCookie(w, r, deviceCookie, device, deviceLifetime)
	answer(w, http.StatusOK, about(who))
}

// Logout handles POST: it ends the session, clears its cookie and answers 204, also without a session.
func (h *HTTP) Logout(w http.ResponseWriter, r *http.Request) {
	who, err := h.session(r)
	if err == nil {
		err = h.Auth.EndSession(r.Context(), who.UserID, who.ID)
	}
	if err != nil && !errors.Is(err, ErrUnauthenticated) {
		h.refuse(w, err)
		return
	}
	h.setCookie(w, r, sessionCookie, "", -time.Second)
	w.WriteHeader(http.StatusNoContent)
}

// Me handles GET: it answers 200 {userId, kind, role, mustChangePassword}, or 401.
func (h *HTTP) Me(w http.ResponseWriter, r *http.Request) {
	who, err := h.Authenticate(r)
	if err != nil {
		h.refuse(w, err)
		return
	}
	answer(w, http.StatusOK, about(who))
}

// Password handles POST {current, password}: users change their own password. All other sessions end and this
// browser gets a new one. It answers 401 when the current password is wrong and 422 when the new one is not
// acceptable.
func (h *HTTP) Password(w http.ResponseWriter, r *http.Request) {
	var body struct{ Current, Password string }
	if !read(w, r, &body) {
		return
	}
	who, err := h.session(r)
	if err != nil {
		h.refuse(w, err)
		return
	}
	from := Attempt{Address: h.address(r), UserAgent: r.UserAgent()}
	secret, who, err := h.Auth.ChangePassword(r.Context(), who.UserID, body.Current, body.Password, from)
	if err != nil {
		h.refuse(w, err)
		return
	}
	h.setCookie(w, r, sessionCookie, secret, maxLifetime)
	answer(w, http.StatusOK, about(who))
}

// Authenticate identifies the sender of a request by its bearer token, or by its cookie when there is no
// Authorization header. Without a valid one it returns ErrUnauthenticated.
func (h *HTTP) Authenticate(r *http.Request) (Identity, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		return h.Bearer(r.Context(), header)
	}
	return h.session(r)
}

// Bearer identifies the sender of an Authorization header. Without a valid token it returns ErrUnauthenticated.
func (h *HTTP) Bearer(ctx context.Context, header string) (Identity, error) {
	scheme, token, found := strings.Cut(header, " ")
	if !found || !strings.EqualFold(scheme, "Bearer") {
		return Identity{}, ErrUnauthenticated
	}
	return h.enabled(ctx)(h.Auth.Token(ctx, strings.TrimSpace(token)))
}

// Anonymous reports whether a request has neither an Authorization header nor a session cookie.
func (h *HTTP) Anonymous(r *http.Request) bool {
	_, err := r.Cookie(h.cookieName(r, sessionCookie))
	return err != nil && r.Header.Get("Authorization") == ""
}

// enabled rejects identities whose user has been disabled.
func (h *HTTP) enabled(ctx context.Context) func(Identity, error) (Identity, error) {
	return func(who Identity, err error) (Identity, error) {
		if err != nil || h.Enabled == nil {
			return who, err
		}
		ok, err := h.Enabled(ctx, who.UserID)
		if err == nil && !ok {
			err = ErrUnauthenticated
		}
		return who, err
	}
}

func (h *HTTP) session(r *http.Request) (Identity, error) {
	cookie, err := r.Cookie(h.cookieName(r, sessionCookie))
	if err != nil || cookie.Value == "" {
		return Identity{}, ErrUnauthenticated
	}
	return h.enabled(r.Context())(h.Auth.Session(r.Context(), cookie.Value))
}

// device returns the secret of a browser that someone has signed in with, or "".
func (h *HTTP) device(r *http.Request) string {
	cookie, err := r.Cookie(h.cookieName(r, deviceCookie))
	if err != nil {
		return ""
	}
	return cookie.Value
}

const (
	sessionCookie = "parley"
	deviceCookie  = "parley-device"
)

// cookieName returns a cookie's full name. Over https it has the __Host- prefix, which keeps others from
// planting a cookie over plain http or from a subdomain.
func (h *HTTP) cookieName(r *http.Request, name string) string {
	if h.secure(r) {
		return "__Host-" + name
	}
	return name
}

func (h *HTTP) setCookie(w http.ResponseWriter, r *http.Request, name, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: h.cookieName(r, name), Value: value, Path: "/", MaxAge: int(age.Seconds()), Secure: h.secure(r),
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (h *HTTP) secure(r *http.Request) bool {
	if h.Secure != nil {
		return h.Secure(r)
	}
	return r.TLS != nil
}

func (h *HTTP) address(r *http.Request) string {
	if h.Address != nil {
		return h.Address(r)
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// refuse answers an error with its status and {code, message}. Faults are logged and not described to the
// client.
func (h *HTTP) refuse(w http.ResponseWriter, err error) {
	var throttled *ThrottledError
	switch {
	case errors.As(err, &throttled):
		w.Header().Set("Retry-After", strconv.Itoa(int(throttled.RetryAfter.Seconds())+1))
		answer(w, http.StatusTooManyRequests, refusal{"RATE_LIMITED", "Too many attempts. Try again later."})
	case errors.Is(err, ErrWrong):
		answer(w, http.StatusUnauthorized, refusal{"WRONG_LOGIN", "Login or password is wrong."})
	case errors.Is(err, ErrUnauthenticated):
		answer(w, http.StatusUnauthorized, refusal{"UNAUTHENTICATED", "Please sign in."})
	case errors.Is(err, ErrPassword):
		answer(w, http.StatusUnprocessableEntity, refusal{ErrPassword.Code, ErrPassword.Message})
	default:
		h.Log.Error("sign-in failed", "error", err)
		answer(w, http.StatusInternalServerError, refusal{"INTERNAL", "Something went wrong on our side."})
	}
}

type refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

type aboutMe struct {
	UserID             string `json:"userId"`
	Kind               Kind   `json:"kind"`
	Role               string `json:"role,omitempty"`
	MustChangePassword bool   `json:"mustChangePassword"`
}

func about(who Identity) aboutMe {
	return aboutMe{UserID: who.UserID, Kind: who.Kind, Role: who.Role,
		MustChangePassword: who.MustChangePassword}
}

// read accepts only JSON. Another site's form cannot send that without a CORS preflight.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil ||
		kind != "application/json" {
		answer(w, http.StatusUnsupportedMediaType, refusal{"BAD_USER_INPUT", "Send JSON."})
		return false
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 8<<10)).Decode(into); err != nil {
		answer(w, http.StatusBadRequest, refusal{"BAD_USER_INPUT", "The body could not be read."})
		return false
	}
	return true
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails only if the client has left
}
