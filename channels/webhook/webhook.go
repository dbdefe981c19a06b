// Package webhook takes providers' deliveries in: verified on the raw bytes, durable before they are answered.
package webhook

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"parley/channels"
	"parley/channels/spool"
	"parley/domain"
	"parley/internal/fault"
)

// MaxBody is the largest delivery a provider sends.
const MaxBody = 3 << 20

// Accounts looks accounts up. Both are asked for every delivery, so they answer from memory, also while the store is away.
type Accounts interface {
	// Secrets are those of the account named in the path. It says false when there is no such account,
	// and an error when that cannot be told now.
	Secrets(ctx context.Context, accountID string) (appSecret, verifyToken string, ok bool, err error)
	// ByPhoneNumberID is the account of a number that is under the same app secret.
	ByPhoneNumberID(ctx context.Context, phoneNumberID, appSecret string) (accountID string, ok bool, err error)
}

// Receive makes one account's items durable, in order. It returns nil only when all of them are events; it is called again
// with the same items after an error, and when a provider repeats itself. A *domain.Refusal other than Unavailable means
// that no repetition will help. The context ends after the handler's patience.
type Receive func(ctx context.Context, accountID string, items []channels.Inbound) error

// Happening is something to count.
type Happening string

// What can happen to a delivery.
const (
	Received      Happening = "received"       // durable in the event store
	Spooled       Happening = "spooled"        // durable in the local queue
	Forged        Happening = "forged"         // signature missing or wrong, or no such account
	Unreadable    Happening = "unreadable"     // signed, but no envelope of the provider: kept as unplaced
	Unplaced      Happening = "unplaced"       // an item that belongs in no conversation: kept, an auditor can look at it
	UnknownNumber Happening = "unknown_number" // for a number none of our accounts has: kept as unplaced, an alert
	SetAside      Happening = "set_aside"      // refused for good: kept on disk, an alert
	Overloaded    Happening = "overloaded"     // too many at once: 503
	Lost          Happening = "not_durable"    // neither store nor queue took it: 503
)

// Config is what a handler is made of. Spool may be nil: then a store that is away means 503.
type Config struct {
	Provider channels.Provider
	Accounts Accounts
	Receive  Receive
	Spool    *spool.Spool
	Count    func(Happening) // may be nil
	Log      *slog.Logger    // slog.Default when nil

	InFlight int           // deliveries handled at once; 256 when 0
	Patience time.Duration // how long the store may take; 2 s when 0
}

// Handler serves /webhooks/<provider>/{accountId}: GET is the provider's handshake, POST a delivery.
// It expects the path value "accountId".
type Handler struct {
	Config
	slots chan struct{} // taken while a delivery is handled
	queue chan struct{} // taken while it is handled or waits for that
}

// New makes a handler; mount it under a pattern such as "/webhooks/meta/{accountId}".
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
		c.Count = func(Happening) {}
	}
	return &Handler{Config: c, slots: make(chan struct{}, c.InFlight), queue: make(chan struct{}, 2*c.InFlight)}
}

// ServeHTTP answers a delivery 200 once it is durable, 401 when it is not the provider's, and 503 when it should come again.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		h.handshake(w, r)
	case http.MethodPost:
		if !h.enter(r.Context()) {
			h.Count(Overloaded)
			again(w)
			return
		}
		defer h.leave()
		h.deliver(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// enter takes a slot, waiting a moment for one; past twice as many as are handled it does not even wait.
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

// again tells the provider to repeat the delivery.
func again(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "5")
	w.WriteHeader(http.StatusServiceUnavailable)
}

func (h *Handler) deliver(w http.ResponseWriter, r *http.Request) {
	account := r.PathValue("accountId")
	raw, err := read(w, r)
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	_ = fault.Hit("webhook.read")
	// Once a delivery is here the provider may hang up: what was begun is finished, within our patience.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), h.Patience)
	defer cancel()
	secret, _, known, err := h.Accounts.Secrets(ctx, account)
	if err != nil {
		h.Log.Warn("webhook account cannot be looked up", "error", err)
		again(w)
		return
	}
	if h.Provider.Verify(secret, r.Header, raw) != nil || !known {
		h.Count(Forged)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	_ = fault.Hit("webhook.verified")
	if h.take(ctx, account, secret, raw) {
		w.WriteHeader(http.StatusOK)
		_ = fault.Hit("webhook.answered")
		return
	}
	again(w)
}

func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(5 * time.Second))
	body := http.MaxBytesReader(w, r.Body, MaxBody)
	if r.ContentLength <= 0 || r.ContentLength > MaxBody {
		return io.ReadAll(body)
	}
	raw := make([]byte, r.ContentLength)
	_, err := io.ReadFull(body, raw)
	return raw, err
}

// take makes a verified delivery durable, in the store or behind what already waits for it.
func (h *Handler) take(ctx context.Context, account, secret string, raw []byte) bool {
	if h.Spool != nil && h.Spool.Pending(account) {
		return h.keep(account, raw)
	}
	err := h.receiveAll(ctx, account, secret, [][]byte{raw})
	if err == nil {
		err = fault.Hit("inbound.after_append")
	}
	if err == nil {
		h.Count(Received)
		return true
	}
	h.Log.Warn("delivery not received", "account", account, "error", err)
	return h.keep(account, raw)
}

func (h *Handler) keep(account string, raw []byte) bool {
	if h.Spool == nil {
		h.Count(Lost)
		return false
	}
	if err := h.Spool.Append(account, raw); err != nil {
		h.Count(Lost)
		h.Log.Error("delivery not kept", "account", account, "error", err)
		return false
	}
	h.Count(Spooled)
	return true
}

// lasting says whether no repetition will help.
func lasting(err error) bool {
	var refusal *domain.Refusal
	return errors.As(err, &refusal) && refusal.Kind != domain.Unavailable
}
