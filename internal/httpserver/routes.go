// Package httpserver serves Parley's routes: it enforces who may use them, tells handlers who the caller is,
// and sets the headers that every answer carries.
package httpserver

import (
	"net/http"
)

// Rule says who may use a route.
type Rule string

// The rules. A route without one is not served.
const (
	Public    Rule = "public"    // everyone: sign-in, the desktop's files, health
	SignedIn  Rule = "signed in" // with a session or a token
	API       Rule = "api"       // the same, but a WebSocket may also send its token in the first message
	Signature Rule = "signature" // the handler verifies the provider's signature on the raw bytes
	Loopback  Rule = "loopback"  // requests made on this machine
)

// Route is one entry of the table of routes.
type Route struct {
	Pattern string
	Rule    Rule
	Handler http.Handler
}

// newMux builds the mux from the table. Rules are enforced here and nowhere else.
func newMux(routes []Route, rules map[Rule]func(http.Handler) http.Handler) *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range routes {
		mux.Handle(r.Pattern, rules[r.Rule](r.Handler)) // an unknown rule panics at start
	}
	return mux
}

// contentPolicy lets pages load and run our own files only.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// secureHeaders sets the headers of every answer. overTLS reports whether the browser uses https.
func secureHeaders(overTLS func(*http.Request) bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)")
		if overTLS(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
