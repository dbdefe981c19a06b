package webhook

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"parley/channels"
)

const accountParameter = "accountId"

// Mount is one address to serve, as a pattern of http.ServeMux.
type Mount struct {
	Pattern string
	Handler http.Handler
}

// Path returns the path at which a provider reaches an account. route is the path of one of its routes.
func Path(provider, accountID, route string) string {
	return "/webhooks/" + provider + "/" + accountID + route
}

// Paths returns the paths at which a provider reaches an account, or none if the provider is not registered.
func (h *Handler) Paths(provider, accountID string) []string {
	paths := []string{}
	p, ok := h.Providers.Named(provider)
	if !ok {
		return paths
	}
	for _, r := range p.Routes() {
		if path := Path(provider, accountID, r.Path); !slices.Contains(paths, path) {
			paths = append(paths, path)
		}
	}
	return paths
}

// Mounts returns the handlers to serve, one for each path of each provider.
func (h *Handler) Mounts() []Mount {
	var mounts []Mount
	for _, p := range h.Providers.All() {
		at := make(map[string]*endpoint)
		for _, r := range p.Routes() {
			e := at[r.Path]
			if e == nil {
				e = &endpoint{Handler: h, provider: p, routes: make(map[string]channels.Route)}
				at[r.Path] = e
				mounts = append(mounts, Mount{Path(p.Declaration().Name, "{"+accountParameter+"}", r.Path), e})
			}
			e.routes[r.Method] = r
		}
	}
	return mounts
}

// endpoint serves one path of one provider.
type endpoint struct {
	*Handler
	provider channels.Provider
	routes   map[string]channels.Route // by method
}

// ServeHTTP answers a delivery once it is durable. It answers 401 if the proof is wrong, and 503 if the
// provider must repeat the delivery.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route, known := e.routes[r.Method]
	if !known {
		var methods []string
		for m := range e.routes {
			methods = append(methods, m)
		}
		slices.Sort(methods)
		w.Header().Set("Allow", strings.Join(methods, ", "))
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if route.Answer != nil {
		e.answer(w, r, route)
		return
	}
	e.deliver(w, r, route)
}

// answer lets the provider answer a request that delivers nothing.
func (e *endpoint) answer(w http.ResponseWriter, r *http.Request, route channels.Route) {
	req, forget, ok := e.read(w, r)
	if !ok {
		return
	}
	defer forget()
	a, _, err := e.account(r.Context(), r.PathValue(accountParameter))
	if err != nil {
		retryLater(w)
		return
	}
	respond(w, route.Answer(req, a))
}

func respond(w http.ResponseWriter, answer channels.Response) {
	if answer.ContentType != "" {
		w.Header().Set("Content-Type", answer.ContentType)
		w.Header().Set("X-Content-Type-Options", "nosniff")
	}
	if answer.Status != 0 {
		w.WriteHeader(answer.Status)
	}
	_, _ = io.WriteString(w, answer.Body) // on an error the provider has hung up, and will ask again
}

// publicURL returns the URL the provider called, as seen from outside.
func (h *Handler) publicURL(r *http.Request) *url.URL {
	u := *r.URL
	u.Scheme, u.Host = "http", r.Host
	if r.TLS != nil {
		u.Scheme = "https"
	}
	if base, err := url.Parse(h.PublicURL); err == nil && base.Host != "" {
		u.Scheme, u.Host = base.Scheme, base.Host
	}
	return &u
}
