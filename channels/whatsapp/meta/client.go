package meta

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"code.dny.dev/ssrf"
)

const (
	callTimeout  = 30 * time.Second // for one call, including the answer
	maxRedirects = 3
	userAgent    = "Parley/1"
)

// guardedClient returns a client that connects to public addresses only, checked after DNS. The hosts of
// allowed base URLs may have any address.
func guardedClient(allowed []string) (*http.Client, error) {
	free := make(map[string]bool, len(allowed))
	for _, base := range allowed {
		u, err := url.Parse(base)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("base URL %q: not an absolute URL", base)
		}
		free[hostPort(u)] = true
	}
	open := &net.Dialer{Timeout: 10 * time.Second}
	guarded := &net.Dialer{Timeout: 10 * time.Second, Control: ssrf.New(ssrf.WithPorts(443)).Safe}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if free[strings.ToLower(address)] {
				return open.DialContext(ctx, network, address)
			}
			return guarded.DialContext(ctx, network, address)
		},
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: callTimeout,
		MaxIdleConnsPerHost:   64,
		MaxConnsPerHost:       256,
		IdleConnTimeout:       30 * time.Second, // shorter than the servers', so that they don't drop idle connections first
	}
	return &http.Client{Transport: transport, CheckRedirect: followRedirects}, nil
}

var errRedirects = errors.New("too many redirects")

// followRedirects follows a few redirects of a download, and drops the token for
// another host. Nothing else is followed.
func followRedirects(next *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case first.Method != http.MethodGet:
		return http.ErrUseLastResponse
	case len(via) > maxRedirects:
		return errRedirects
	case !sameOrigin(first.URL, next.URL):
		next.Header.Del("Authorization")
	}
	return nil
}

func sameOrigin(a, b *url.URL) bool { return a.Scheme == b.Scheme && hostPort(a) == hostPort(b) }

func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
