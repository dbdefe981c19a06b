package webhook

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"parley/channels"
	"parley/channels/spool"
)

// Drain receives the deliveries that the local queue kept for an account.
func (h *Handler) Drain(ctx context.Context, account string, kept [][]byte) error {
	receiver, known, err := h.Accounts.ByID(ctx, account)
	if err != nil {
		return err
	}
	p, registered := h.Providers.Named(receiver.Provider)
	if !known || !registered {
		return fmt.Errorf("account %s is gone: %w", account, spool.ErrPermanent)
	}
	deliveries := make([]channels.Delivery, len(kept))
	for i := range kept {
		if deliveries[i], err = unpack(kept[i]); err != nil {
			return fmt.Errorf("%w: %w", spool.ErrPermanent, err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*h.Patience)
	defer cancel()
	err = h.receiveAll(ctx, p, receiver, deliveries)
	if permanent(err) {
		if len(kept) == 1 {
			h.Count(SetAside)
		}
		return fmt.Errorf("%w: %w", spool.ErrPermanent, err)
	}
	if err == nil {
		for range kept {
			h.Count(Received)
		}
	}
	return err
}

func (h *Handler) receiveAll(
	ctx context.Context, p channels.Provider, receiver channels.Account, deliveries []channels.Delivery,
) error {
	var items []channels.Inbound
	for _, d := range deliveries {
		items = append(items, h.parse(p, receiver.ID, d)...)
	}
	groups, err := h.groupByOwner(ctx, p, receiver, items)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if err := h.call(ctx, g.account, g.items); err != nil {
			return err
		}
	}
	return nil
}

// parse returns the items of a delivery. A delivery that cannot be parsed, or that makes the parser panic, is
// kept whole: a repetition would not help.
func (h *Handler) parse(p channels.Provider, account string, d channels.Delivery) (items []channels.Inbound) {
	log := h.Log.With("account", account, "bytes", len(d.Body))
	defer func() {
		if p := recover(); p != nil {
			log.Error("parsing a delivery panicked", "stack", string(debug.Stack()))
			h.Count(Unreadable)
			items = []channels.Inbound{unreadable(d)}
		}
	}()
	items, err := p.Parse(d)
	if err != nil {
		log.Error("a verified delivery cannot be parsed")
		h.Count(Unreadable)
		return []channels.Inbound{unreadable(d)}
	}
	return items
}

// unreadable keeps a delivery that cannot be parsed.
func unreadable(d channels.Delivery) channels.Inbound {
	in := channels.Inbound{Content: channels.Opaque{Field: channels.FieldUnreadable}}
	if in.KeepRaw(d.Body); len(d.Body) == 0 {
		in.KeepRaw([]byte(d.Query))
	}
	return in
}

// group holds the items of one account.
type group struct {
	account string
	items   []channels.Inbound
}

// groupByOwner groups items by the accounts they concern, in order. An item that
// concerns none stays with the receiver, as unplaced.
func (h *Handler) groupByOwner(
	ctx context.Context, p channels.Provider, receiver channels.Account, items []channels.Inbound,
) ([]group, error) {
	accounts, err := h.Accounts.At(ctx, receiver.Provider)
	if err != nil {
		return nil, fmt.Errorf("look up accounts: %w", err)
	}
	reported := map[string]bool{}
	places := map[string]int{}
	var groups []group
	for _, in := range items {
		owners := p.Owners(in, receiver, accounts)
		if len(owners) == 0 {
			if !reported[in.Number] {
				h.Count(UnknownNumber)
				h.Log.Error("no account has the number of a delivery", "account", receiver.ID, "number", in.Number)
			}
			reported[in.Number] = true
			owners, in.Unplaced = []string{receiver.ID}, true
		}
		for _, owner := range owners {
			place, begun := places[owner]
			if !begun {
				place = len(groups)
				places[owner] = place
				groups = append(groups, group{account: owner})
			}
			groups[place].items = append(groups[place].items, in)
		}
	}
	return groups, nil
}

var errPanic = errors.New("receiving panicked")

// call receives the items of one account and turns a panic into an error.
func (h *Handler) call(ctx context.Context, account string, items []channels.Inbound) (err error) {
	defer func() {
		if p := recover(); p != nil {
			h.Log.Error("receiving panicked", "account", account, "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	return h.Receive(ctx, account, items)
}
