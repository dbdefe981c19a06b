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
	callTimeout  = 30 * time.Second // for one call, answer included
	maxRedirects = 3
	userAgent    = "Parley/1"
)

// guardedClient dials public addresses only, checked after DNS, and the hosts of the admitted base URLs wherever they are.
func guardedClient(admitted []string) (*http.Client, error) {
	free := make(map[string]bool, len(admitted))
	for _, base := range admitted {
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
		IdleConnTimeout:       30 * time.Second, // shorter than servers', which drop idle connections under our feet
	}
	return &http.Client{Transport: transport, CheckRedirect: followCarefully}, nil
}

var errRedirects = errors.New("too many redirects")

// followCarefully follows downloads a few steps, without the token once the host is another one. Everything else is not followed.
func followCarefully(next *http.Request, via []*http.Request) error {
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
