// Package webhook receives deliveries of providers. It verifies the raw request, and answers once it is durable.
package webhook

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"parley/channels"
	"parley/channels/spool"
)

// Accounts looks up accounts. It is called for every delivery, so it must answer from
// memory, even while the store is unavailable.
type Accounts interface {
	// ByID returns an account, or false if it does not exist or is archived. It returns an error if that is not
	// known at the moment.
	ByID(ctx context.Context, id string) (channels.Account, bool, error)
	// At returns the accounts at a provider, without the archived ones.
	At(ctx context.Context, provider string) ([]channels.Account, error)
}

// Receive turns the items of one account into events, in order, and returns nil once all are stored. It is
// called again with the same items after an error, and when a provider repeats a delivery. A *domain.Refusal
// other than Unavailable means that repeating does not help. The context ends after the handler's patience.
type Receive func(ctx context.Context, accountID string, items []channels.Inbound) error

// Outcome says what became of a delivery or an item, for counting.
type Outcome string

// The outcomes of deliveries and items.
const (
	Received      Outcome = "received"       // durable in the event store
	Spooled       Outcome = "spooled"        // durable in the local queue
	Forged        Outcome = "forged"         // proof missing or wrong, or no such account
	Unreadable    Outcome = "unreadable"     // verified but not parsable: kept as unplaced
	UnknownNumber Outcome = "unknown_number" // for a number of no account: kept as unplaced; raises an alert
	SetAside      Outcome = "set_aside"      // refused for good: kept on disk; raises an alert
	Overloaded    Outcome = "overloaded"     // too many at once: 503
	Lost          Outcome = "not_durable"    // neither the store nor the queue accepted it: 503
)

// Config holds what a handler needs. Without a Spool, deliveries are answered 503 while the store is unavailable.
type Config struct {
	Providers *channels.Registry
	Accounts  Accounts
	Receive   Receive
	Spool     *spool.Spool
	PublicURL string        // scheme and host that providers call; empty: as the request says
	Count     func(Outcome) // may be nil
	Log       *slog.Logger  // slog.Default when nil
	// Network names the network a request comes from. nil takes the address of the connection.
	Network func(*http.Request) string

	InFlight int           // verified deliveries handled at once; 256 when 0
	Patience time.Duration // how long the store may take; 2 s when 0
	// Arriving is how many requests of one network may be arriving at once; 256 when 0. Those that have taken
	// longest make way for new ones.
	Arriving int
	// Unverified is how many bytes all requests together may hold before they are verified; 64 MiB when 0.
	Unverified int
}

// Handler serves the webhook routes of every provider.
type Handler struct {
	Config
	slots  chan struct{} // taken while a verified delivery is handled
	queue  chan struct{} // taken while it is handled or waits
	bodies *bodies       // of requests that are not verified yet
}

// New returns a handler; serve its Mounts.
func New(c Config) *Handler {
	if c.InFlight == 0 {
		c.InFlight = 256
	}
	if c.Patience == 0 {
		c.Patience = 2 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Count == nil {
		c.Count = func(Outcome) {}
	}
	if c.Network == nil {
		c.Network = connectionAddress
	}
	return &Handler{
		Config: c, slots: make(chan struct{}, c.InFlight), queue: make(chan struct{}, 2*c.InFlight),
		bodies: newBodies(cmp.Or(c.Arriving, 256), cmp.Or(c.Unverified, 64<<20)),
	}
}

func connectionAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// enter takes a slot, and waits a moment if none is free. It returns false at once if
// too many are waiting already.
func (h *Handler) enter(ctx context.Context) bool {
	select {
	case h.queue <- struct{}{}:
	default:
		return false
	}
	select {
	case h.slots <- struct{}{}:
		return true
	default:
	}
	wait := time.NewTimer(h.Patience / 2)
	defer wait.Stop()
	select {
	case h.slots <- struct{}{}:
		return true
	case <-ctx.Done():
	case <-wait.C:
	}
	<-h.queue
	return false
}

func (h *Handler) leave() { <-h.slots; <-h.queue }

// retryLater asks the provider to repeat the request.
func retryLater(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "5")
	w.WriteHeader(http.StatusServiceUnavailable)
}
