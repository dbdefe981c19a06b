package httpserver

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"parley/domain"
	"parley/domain/user"
	"parley/graphql"
	"parley/internal/auth"
	"parley/projections/settings"
)

// SignIn returns the handlers of the sign-in routes.
func (s *Server) SignIn() *auth.HTTP {
	return &auth.HTTP{
		Auth: s.Auth, Resolve: s.userOfLogin, Enabled: s.Viewers.Enabled, Log: s.Log, Address: s.clientAddress, Secure: s.overTLS,
	}
}

// userOfLogin finds the user who signs in. A disabled user is not found.
func (s *Server) userOfLogin(ctx context.Context, login string) (string, bool, error) {
	u, ok, err := settings.UserOfLogin(ctx, s.DB.Access, login)
	return u.ID, ok && !u.Disabled(), err
}

// identified admits requests with a valid session or token, and passes the user to the resolvers.
func (s *Server) identified(sign *auth.HTTP, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if who, ok := s.identify(sign, w, r); ok {
			next.ServeHTTP(w, r.WithContext(s.as(r.Context(), who)))
		}
	})
}

// api does the same for the API. A WebSocket stays open no longer than its session or token is valid. It may be opened
// anonymously, because browsers can't set its headers, and send its token in the first message.
func (s *Server) api(sign *auth.HTTP, next http.Handler) http.Handler {
	plain := s.identified(sign, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.Header.Get("Upgrade") == "" {
			plain.ServeHTTP(w, r)
			return
		}
		var closed []func()
		defer func() {
			for _, done := range closed {
				done()
			}
		}()
		admit := func(ctx context.Context, who auth.Identity) context.Context {
			ctx, done := s.Connections.Open(ctx, who)
			closed = append(closed, done)
			return s.as(ctx, who)
		}
		ctx := r.Context()
		if !sign.Anonymous(r) {
			who, ok := s.identify(sign, w, r)
			if !ok {
				return
			}
			ctx = admit(ctx, who)
		}
		ctx = graphql.WithSignIn(ctx, func(ctx context.Context, authorization string) (context.Context, error) {
			who, err := sign.Bearer(ctx, authorization)
			if errors.Is(err, auth.ErrUnauthenticated) {
				return ctx, graphql.ErrUnauthenticated
			}
			if err != nil {
				return ctx, err
			}
			return admit(ctx, who), nil
		})
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// identify returns the sender of a request, or answers that they have to sign in or choose a password first.
func (s *Server) identify(sign *auth.HTTP, w http.ResponseWriter, r *http.Request) (auth.Identity, bool) {
	who, err := sign.Authenticate(r)
	switch {
	case errors.Is(err, auth.ErrUnauthenticated):
		refuse(w, http.StatusUnauthorized, "UNAUTHENTICATED", "Please sign in.")
	case err != nil:
		s.Log.Error("a request could not be authenticated", "error", err)
		refuse(w, http.StatusServiceUnavailable, "UNAVAILABLE", "Please try again in a moment.")
	case who.MustChangePassword && r.URL.Path != "/auth/password":
		refuse(w, http.StatusForbidden, "PASSWORD_CHANGE_DUE", "Please choose a password of your own first.")
	default:
		return who, true
	}
	return who, false
}

// as returns a context of requests by this user.
func (s *Server) as(ctx context.Context, who auth.Identity) context.Context {
	s.Heartbeats.Seen(who.UserID)
	session := ""
	if who.Kind == auth.Session {
		session = who.ID
	}
	return graphql.WithIdentity(ctx, graphql.Identity{
		Session: session, User: domain.UserID(who.UserID), Role: user.Role(who.Role), Permissions: who.Permissions,
		StillValid: StillValid(s.Auth.Recheck, s.Now, who),
	})
}

// validFor is how long a session or token is trusted on an open socket before it is checked again. Ending it
// explicitly closes its sockets at once.
const validFor = time.Minute

// StillValid returns a function that checks once a minute that a session or token has not expired. Updates sent to an
// open socket do not count as use of the session, so a user who only watches is signed out like any idle user.
func StillValid(
	recheck func(context.Context, auth.Identity) error, now func() time.Time, who auth.Identity,
) func(context.Context) error {
	checked := now()
	var last error
	gate := make(chan struct{}, 1)
	return func(ctx context.Context) error {
		gate <- struct{}{}
		defer func() { <-gate }()
		if now().Sub(checked) < validFor {
			return last
		}
		err := recheck(ctx, who)
		if err != nil && !errors.Is(err, auth.ErrUnauthenticated) {
			return nil // the database does not answer: keep a session that was valid a moment ago
		}
		checked, last = now(), err
		return err
	}
}

// refuse answers with an error code of the API.
func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"code": code, "message": message}) // fails only if the client has left
}
