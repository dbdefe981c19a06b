package httpserver

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"parley/graphql"
	"parley/internal/auth"
	"parley/internal/database"
	"parley/internal/presence"
)

// Server serves routes.
type Server struct {
	DB             database.DB
	Auth           *auth.Auth
	Viewers        *graphql.Viewers
	Connections    *auth.Connections
	Heartbeats     *presence.Heartbeats
	TrustedProxies []string
	PublicURL      string
	Now            func() time.Time
	Log            *slog.Logger
}

// Handler serves the routes, each to those whom its rule allows.
func (s *Server) Handler(routes []Route) http.Handler {
	sign := s.SignIn()
	crossOrigin := http.NewCrossOriginProtection()
	return secureHeaders(s.overTLS, newMux(routes, map[Rule]func(http.Handler) http.Handler{
		Public:    crossOrigin.Handler,
		SignedIn:  func(next http.Handler) http.Handler { return crossOrigin.Handler(s.identified(sign, next)) },
		API:       func(next http.Handler) http.Handler { return crossOrigin.Handler(s.api(sign, next)) },
		Signature: func(next http.Handler) http.Handler { return next },
		Loopback:  onlyLoopback,
	}))
}

// Origins returns the hosts that browsers may open sockets from, other than the one they talk to.
func (s *Server) Origins() []string {
	if _, host, ok := strings.Cut(s.PublicURL, "://"); ok {
		return []string{host}
	}
	return nil
}

// Alive answers that the process runs.
func Alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n")) // fails only if the client has left
}

// Shutdown says how a server stops. It announces the end before it refuses anything, so that a proxy sends nothing to a
// closed port.
type Shutdown struct {
	Begins       func()                // called first: the process is not ready any more
	Drain        func() time.Duration  // how long requests are still accepted, until every proxy has noticed
	CloseSockets func(context.Context) // called next: clients connect elsewhere; may be nil
	Grace        time.Duration         // how long open requests may take then
	Log          *slog.Logger
}

// Serve answers requests until ctx ends, then stops as end says and lets open requests finish.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler, end Shutdown) error {
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
	end.Begins()
	select {
	case err := <-failed:
		return fmt.Errorf("serve http: %w", err)
	case <-time.After(end.Drain()):
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), end.Grace)
	defer cancel()
	if end.CloseSockets != nil {
		end.CloseSockets(stop)
	}
	if err := srv.Shutdown(stop); err != nil {
		end.Log.Warn("requests were cut off when stopping", "error", err)
	}
	return nil
}
