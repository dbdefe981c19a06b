package webhook

import (
	"context"
	"errors"
	"net/http"
	"time"

	"parley/channels"
	"parley/domain"
	"parley/internal/fault"
)

// MaxBody is the largest delivery that is read.
const MaxBody = 3 << 20

// deliver reads and verifies a delivery, and only then takes one of the slots for handling it, so that
// unsigned requests cannot occupy them.
func (e *endpoint) deliver(w http.ResponseWriter, r *http.Request, route channels.Route) {
	account, req, ok := e.verified(w, r)
	if !ok {
		return
	}
	_ = fault.Hit("webhook.verified")
	if !e.enter(r.Context()) {
		e.Count(Overloaded)
		retryLater(w)
		return
	}
	defer e.leave()
	// The provider may hang up once the request is read. The work continues for as long as Patience allows.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), e.Patience)
	defer cancel()
	if e.take(ctx, e.provider, account, req.Delivery(route)) {
		respond(w, route.Accepted)
		_ = fault.Hit("webhook.answered")
		return
	}
	retryLater(w)
}

// verified returns a delivery whose signature is right, and the account that receives it. It answers any other
// request and returns false.
func (e *endpoint) verified(w http.ResponseWriter, r *http.Request) (channels.Account, channels.Request, bool) {
	req, forget, ok := e.read(w, r)
	if !ok {
		return channels.Account{}, req, false
	}
	defer forget()
	_ = fault.Hit("webhook.read")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), e.Patience)
	defer cancel()
	account, known, err := e.account(ctx, r.PathValue(accountParameter))
	if err != nil {
		e.Log.Warn("the account of a delivery cannot be looked up", "error", err)
		retryLater(w)
		return account, req, false
	}
	if e.provider.Verify(req, account) != nil || !known {
		e.Count(Forged)
		w.WriteHeader(http.StatusUnauthorized)
		return account, req, false
	}
	return account, req, true
}

// account returns the account named in the path, if it is at this provider.
func (e *endpoint) account(ctx context.Context, id string) (channels.Account, bool, error) {
	a, ok, err := e.Accounts.ByID(ctx, id)
	if err != nil || !ok || a.Provider != e.provider.Declaration().Name {
		return channels.Account{}, false, err
	}
	return a, true, nil
}

// read returns the whole request. Call forget once it is verified. If it cannot be read, read answers it and
// returns false.
func (e *endpoint) read(w http.ResponseWriter, r *http.Request) (_ channels.Request, forget func(), ok bool) {
	req := channels.Request{Method: r.Method, URL: e.publicURL(r), Header: r.Header, At: time.Now().UTC()}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(readLimit))
	arriving := e.bodies.enter(e.Network(r), func() { _ = control.SetReadDeadline(time.Now()) })
	forget = func() { e.bodies.leave(arriving) }
	var err error
	if req.Body, err = e.bodies.read(arriving, w, r); err == nil {
		return req, forget, true
	}
	forget()
	tooLarge := new(http.MaxBytesError)
	switch {
	case errors.As(err, &tooLarge):
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	case errors.Is(err, errMadeWay):
		e.Count(Overloaded)
		retryLater(w)
	default:
		w.WriteHeader(http.StatusBadRequest)
	}
	return req, forget, false
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
