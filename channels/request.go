package channels

import (
	"net/http"
	"net/url"
	"time"
)

// Route is one kind of webhook request. Each account has its own address for it.
type Route struct {
	Method string
	Path   string // below the account's address: empty, or such as /status

	// Answer, if set, answers a request that delivers nothing, such as a handshake, from the account's
	// settings. For an unknown account it gets an empty Account, and must answer as for wrong credentials.
	Answer func(Request, Account) Response

	// Accepted answers a delivery once it is durable. The zero value is 200 without a body.
	Accepted Response
}

// Request is a webhook request before any of it is parsed.
type Request struct {
	Method string
	URL    *url.URL // the full public URL the provider called, which some providers sign
	Header http.Header
	Body   []byte
	At     time.Time // when it arrived
}

// Response is an answer to a provider.
type Response struct {
	Status      int // 200 when 0
	ContentType string
	Body        string
}

// Delivery holds the parts of a verified request that parsing needs. The local queue stores them.
type Delivery struct {
	Path        string    `json:"path,omitempty"` // of the route
	Query       string    `json:"query,omitempty"`
	ContentType string    `json:"contentType,omitempty"`
	At          time.Time `json:"at"` // when it arrived, for providers that give no times
	Body        []byte    `json:"-"`
}

// Delivery returns the delivery that a request made to a route.
func (r Request) Delivery(route Route) Delivery {
	return Delivery{Path: route.Path, Query: r.URL.RawQuery, ContentType: r.Header.Get("Content-Type"), At: r.At, Body: r.Body}
}
