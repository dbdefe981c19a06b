package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"parley/access"
	"parley/auth"
	"parley/domain"
	"parley/domain/user"
	"parley/graphql"
	"parley/projections/settings"
	"parley/web"
)

// routes is every path the program answers, and who may use it.
func (p *program) routes() []route {
	sign := p.signIn()
	return []route{
		{"/graphql", signedIn, p.resolver().Handler(p.origins())},
		{"POST /auth/login", public, http.HandlerFunc(sign.Login)},
		{"POST /auth/logout", public, http.HandlerFunc(sign.Logout)},
		{"GET /auth/me", public, http.HandlerFunc(sign.Me)},
		{"POST /auth/password", signedIn, http.HandlerFunc(sign.Password)},
		{"POST /attachments", signedIn, p.uploads},
		{"GET /files/{id}", signedIn, p.downloads},
		{"/webhooks/meta/{accountId}", signature, p.webhook},
		{"GET /healthz", public, http.HandlerFunc(alive)},
		{"GET /readyz", public, p.ready},
		{"GET /metrics", loopback, p.metrics.handler()},
		{"/", public, web.Handler()},
	}
}

// handler is the whole of what the program serves.
func (p *program) handler() http.Handler {
	sign := p.signIn()
	crossOrigin := http.NewCrossOriginProtection()
	mux := newMux(p.routes(), map[rule]func(http.Handler) http.Handler{
		public:    crossOrigin.Handler,
		signedIn:  func(next http.Handler) http.Handler { return crossOrigin.Handler(p.identified(sign, next)) },
		signature: func(next http.Handler) http.Handler { return next },
		loopback:  onlyLoopback,
	})
	return secureHeaders(mux)
}

func (p *program) signIn() *auth.HTTP {
	return &auth.HTTP{Auth: p.auth, Resolve: p.login, Enabled: p.enabled, Log: p.log, Address: p.clientAddress, Secure: p.overTLS}
}

// login finds who signs in; disabled users are nobody.
func (p *program) login(ctx context.Context, login string) (string, bool, error) {
	u, ok, err := settings.UserOfLogin(ctx, p.db.Clear, login)
	return u.ID, ok && !u.Disabled(), err
}

// enabled says whether a user whom a session or a token belongs to may still come in.
func (p *program) enabled(ctx context.Context, id string) (bool, error) {
	_, err := p.viewers.Viewer(ctx, graphql.Identity{User: domain.UserID(id)})
	if errors.Is(err, graphql.ErrUnauthenticated) {
		return false, nil
	}
	return err == nil, err
}

// identified lets a request in that proves who it is from, and tells the resolvers.
func (p *program) identified(sign *auth.HTTP, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, err := sign.Authenticate(r)
		if errors.Is(err, auth.ErrUnauthenticated) {
			refuse(w, http.StatusUnauthorized, "UNAUTHENTICATED", "Please sign in.")
			return
		}
		if err != nil {
			p.log.Error("a request could not be authenticated", "error", err)
			refuse(w, http.StatusServiceUnavailable, "UNAVAILABLE", "Please try again in a moment.")
			return
		}
		if who.MustChangePassword && r.URL.Path != "/auth/password" {
			refuse(w, http.StatusForbidden, "PASSWORD_CHANGE_DUE", "Please choose a password of your own first.")
			return
		}
		p.heartbeats.Seen(who.UserID)
		if r.Header.Get("Upgrade") != "" {
			ctx, done := p.sockets.Open(r.Context(), who)
			defer done()
			r = r.WithContext(ctx)
		}
		id := graphql.Identity{User: domain.UserID(who.UserID), Role: user.Role(who.Role), StillGood: p.stillGood(who)}
		next.ServeHTTP(w, r.WithContext(graphql.WithIdentity(r.Context(), id)))
	})
}

// stillGoodFor is how long a session or token counts as good on a socket; one that is ended ends the socket by itself.
const stillGoodFor = time.Minute

// stillGood asks now and then whether a session or token has not run out. What is told to an open socket is no use of the
// session: who only listens for half a day is signed out like anybody idle.
func (p *program) stillGood(who auth.Identity) func(context.Context) error {
	checked := p.now()
	var last error
	gate := make(chan struct{}, 1)
	return func(ctx context.Context) error {
		gate <- struct{}{}
		defer func() { <-gate }()
		if p.now().Sub(checked) < stillGoodFor {
			return last
		}
		err := p.auth.Holds(ctx, who)
		if err != nil && !errors.Is(err, auth.ErrUnauthenticated) {
			return nil // the database is away: whoever was good a moment ago stays so
		}
		checked, last = p.now(), err
		return err
	}
}

// viewer is who a request is from, for handlers beside GraphQL.
func (p *program) viewer(ctx context.Context) (access.Viewer, error) {
	return graphql.ViewerOf(ctx, p.viewers)
}

func onlyLoopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !thisMachine(r) {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// thisMachine says whether a request was made here. What a proxy passes on was not, also when the proxy runs here, listed or not.
func thisMachine(r *http.Request) bool {
	for _, passedOn := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via"} {
		if len(r.Header.Values(passedOn)) > 0 {
			return false
		}
	}
	ip, err := netip.ParseAddr(peer(r))
	return err == nil && ip.Unmap().IsLoopback()
}

// clientAddress is where a request comes from; X-Forwarded-For counts only from a proxy that is listed.
func (p *program) clientAddress(r *http.Request) string {
	host := peer(r)
	for i := range p.cfg.TrustedProxies {
		if p.cfg.TrustedProxies[i] == host {
			hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",") // some proxies add a line of their own
			if last := strings.TrimSpace(hops[len(hops)-1]); last != "" {
				return last
			}
		}
	}
	return host
}

func peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// overTLS says whether the browser came over https, directly or by a listed proxy.
func (p *program) overTLS(r *http.Request) bool {
	if r.TLS != nil || strings.HasPrefix(p.cfg.PublicURL, "https://") {
		return true
	}
	for _, proxy := range p.cfg.TrustedProxies {
		if proxy == peer(r) && r.Header.Get("X-Forwarded-Proto") == "https" {
			return true
		}
	}
	return false
}

// origins are the hosts browsers may open sockets from beside the one they talk to.
func (p *program) origins() []string {
	if _, host, ok := strings.Cut(p.cfg.PublicURL, "://"); ok {
		return []string{host}
	}
	return nil
}

// serveHTTP answers requests until ctx ends, then lets the open ones finish.
func (p *program) serveHTTP(listener net.Listener, handler http.Handler) func(context.Context) error {
	return func(ctx context.Context) error {
		srv := &http.Server{
			Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
			BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
		}
		failed := make(chan error, 1)
		go func() { failed <- srv.Serve(listener) }()
		select {
		case err := <-failed:
			return fmt.Errorf("serve http: %w", err)
		case <-ctx.Done():
		}
		p.ready.stop()
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.cfg.Grace)
		defer cancel()
		if err := srv.Shutdown(stop); err != nil {
			p.log.Warn("requests were cut off when stopping", "error", err)
		}
		return nil
	}
}

func alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n")) // the client has left; nobody to tell
}

// refuse answers in the words of the API, outside of it.
func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"code": code, "message": message}) // the client has left; nobody to tell
}
