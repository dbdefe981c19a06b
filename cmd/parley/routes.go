package main

import (
	"net/http"
	"strings"
)

// rule says who may use a route. A route without one is not served.
type rule string

const (
	public    rule = "public"    // anybody: the sign-in page's files, health
	signedIn  rule = "signed in" // a session or a token
	signature rule = "signature" // the provider's own, checked on the raw bytes
	loopback  rule = "loopback"  // this machine alone
)

// route is one entry of the table that the mux is built from.
type route struct {
	pattern string
	rule    rule
	handler http.Handler
}

// newMux builds the mux from the table; each rule is enforced here and nowhere else.
func newMux(routes []route, rules map[rule]func(http.Handler) http.Handler) *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range routes {
		mux.Handle(r.pattern, rules[r.rule](r.handler)) // a rule without enforcement panics at start
	}
	return mux
}

// contentPolicy lets pages run our own files only.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; " +
	"font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// secureHeaders sets what every answer carries.
func secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)")
		if r.TLS != nil || strings.HasPrefix(r.Header.Get("X-Forwarded-Proto"), "https") {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
