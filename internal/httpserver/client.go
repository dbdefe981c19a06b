package httpserver

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"parley/internal/auth"
)

// OnThisMachine reports whether a request was made on this machine. A forwarded request was not, even if the
// proxy runs here.
func OnThisMachine(r *http.Request) bool {
	for _, passedOn := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Forwarded", "Via"} {
		if len(r.Header.Values(passedOn)) > 0 {
			return false
		}
	}
	ip, err := netip.ParseAddr(peer(r))
	return err == nil && ip.Unmap().IsLoopback()
}

func onlyLoopback(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !OnThisMachine(r) {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// clientAddress returns the address a request comes from. X-Forwarded-For counts only from a trusted proxy.
func (s *Server) clientAddress(r *http.Request) string {
	host := peer(r)
	if slices.Contains(s.TrustedProxies, host) {
		// Some proxies add a header line of their own instead of extending the first.
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := strings.TrimSpace(hops[len(hops)-1]); last != "" {
			return last
		}
	}
	return host
}

// Network names the network a request comes from, as limits count it.
func (s *Server) Network(r *http.Request) string { return auth.Network(s.clientAddress(r)) }

// overTLS reports whether the browser uses https, directly or through a trusted proxy.
func (s *Server) overTLS(r *http.Request) bool {
	if r.TLS != nil || strings.HasPrefix(s.PublicURL, "https://") {
		return true
	}
	return slices.Contains(s.TrustedProxies, peer(r)) && r.Header.Get("X-Forwarded-Proto") == "https"
}

func peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
