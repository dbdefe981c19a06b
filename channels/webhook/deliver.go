package webhook

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"parley/channels"
	"parley/domain"
	"parley/internal/fault"
)

// MaxBody is the largest delivery that is read.
const MaxBody = 3 << 20

// readLimit is how long a provider may take to send a request.
const readLimit = 5 * time.Second

func (e *endpoint) deliver(w http.ResponseWriter, r *http.Request, route channels.Route) {
	req, ok := e.read(w, r)
	if !ok {
		return
	}
	_ = fault.Hit("webhook.read")
	// The provider may hang up once the request is read. The work goes on, for as long as Patience allows.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), e.Patience)
	defer cancel()
	account, known, err := e.account(ctx, r.PathValue(accountParameter))
	if err != nil {
		e.Log.Warn("the account of a delivery cannot be looked up", "error", err)
		retryLater(w)
		return
	}
	if e.provider.Verify(req, account) != nil || !known {
		e.Count(Forged)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	_ = fault.Hit("webhook.verified")
	if e.take(ctx, e.provider, account, req.Delivery(route)) {
		respond(w, route.Accepted)
		_ = fault.Hit("webhook.answered")
		return
	}
	retryLater(w)
}

// account returns the account named in the path, if it is at this provider.
func (e *endpoint) account(ctx context.Context, id string) (channels.Account, bool, error) {
	a, ok, err := e.Accounts.ByID(ctx, id)
	if err != nil || !ok || a.Provider != e.provider.Declaration().Name {
		return channels.Account{}, false, err
	}
	return a, true, nil
}

// read returns the whole request. If it cannot be read, read answers it and returns false.
func (e *endpoint) read(w http.ResponseWriter, r *http.Request) (channels.Request, bool) {
	req := channels.Request{Method: r.Method, URL: e.publicURL(r), Header: r.Header, At: time.Now().UTC()}
	var err error
	req.Body, err = readBody(w, r)
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return req, false
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return req, false
	}
	return req, true
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(readLimit))
	body := http.MaxBytesReader(w, r.Body, MaxBody)
	if r.ContentLength <= 0 || r.ContentLength > MaxBody {
		return io.ReadAll(body)
	}
	raw := make([]byte, r.ContentLength)
	_, err := io.ReadFull(body, raw)
	return raw, err
}

// take makes a verified delivery durable: in the store or, if the store is unavailable or older deliveries are
// waiting, in the local queue.
func (h *Handler) take(ctx context.Context, p channels.Provider, receiver channels.Account, d channels.Delivery) bool {
	if h.Spool != nil && h.Spool.Pending(receiver.ID) {
		return h.keep(receiver.ID, d)
	}
	err := h.receiveAll(ctx, p, receiver, []channels.Delivery{d})
	if err == nil {
		err = fault.Hit("inbound.after_append")
	}
	if err == nil {
		h.Count(Received)
		return true
	}
	h.Log.Warn("a delivery was not received", "account", receiver.ID, "error", err)
	return h.keep(receiver.ID, d)
}

// keep puts a delivery into the local queue.
func (h *Handler) keep(account string, d channels.Delivery) bool {
	if h.Spool == nil {
		h.Count(Lost)
		return false
	}
	kept, err := pack(d)
	if err == nil {
		err = h.Spool.Append(account, kept)
	}
	if err != nil {
		h.Count(Lost)
		h.Log.Error("a delivery was not kept", "account", account, "error", err)
		return false
	}
	h.Count(Spooled)
	return true
}

// permanent reports whether repeating the delivery cannot help.
func permanent(err error) bool {
	var refusal *domain.Refusal
	return errors.As(err, &refusal) && refusal.Kind != domain.Unavailable
}
