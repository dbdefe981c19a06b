package webhook

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"parley/channels"
	"parley/channels/spool"
)

// Drain hands spooled deliveries on; it is the spool's Deliver.
func (h *Handler) Drain(ctx context.Context, account string, raws [][]byte) error {
	secret, _, known, err := h.Accounts.Secrets(ctx, account)
	if err != nil {
		return err
	}
	if !known {
		return fmt.Errorf("account %s is gone: %w", account, spool.ErrLasting)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*h.Patience)
	defer cancel()
	err = h.receiveAll(ctx, account, secret, raws)
	if lasting(err) {
		if len(raws) == 1 {
			h.Count(SetAside)
		}
		return fmt.Errorf("%w: %w", spool.ErrLasting, err)
	}
	if err == nil {
		for range raws {
			h.Count(Received)
		}
	}
	return err
}

func (h *Handler) receiveAll(ctx context.Context, account, secret string, raws [][]byte) error {
	var items []channels.Inbound
	for _, raw := range raws {
		items = append(items, h.parse(account, raw)...)
	}
	groups, err := h.route(ctx, account, secret, items)
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

// parse takes a body apart. One that cannot be, be it for a bug of ours, is kept whole: coming again would not help it.
func (h *Handler) parse(account string, raw []byte) (items []channels.Inbound) {
	log := h.Log.With("account", account, "bytes", len(raw))
	defer func() {
		if p := recover(); p != nil {
			log.Error("taking a delivery apart panicked", "stack", string(debug.Stack()))
			h.Count(Unreadable)
			items = []channels.Inbound{unreadable(raw)}
		}
	}()
	items, err := h.Provider.Parse(raw)
	if err != nil {
		log.Error("signed delivery is unreadable")
		h.Count(Unreadable)
		return []channels.Inbound{unreadable(raw)}
	}
	return items
}

// unreadable keeps a body that is no envelope as a notice to the account it came for.
func unreadable(raw []byte) channels.Inbound {
	in := channels.Inbound{Content: channels.Notice{Field: channels.FieldUnreadable}}
	in.KeepRaw(raw)
	return in
}

// group is what one account receives.
type group struct {
	account string
	items   []channels.Inbound
}

// route gives each item to the account of its number, keeping the order within an account. What names no number goes to
// the account of the address it came to, and so does what is for a number that no account has, as unplaced.
func (h *Handler) route(ctx context.Context, account, secret string, items []channels.Inbound) ([]group, error) {
	accounts := map[string]string{"": account} // by phone number id; "" as the account means that none has it
	places := map[string]int{}
	var groups []group
	for _, in := range items {
		to, seen := accounts[in.PhoneNumberID]
		if !seen {
			found, ok, err := h.Accounts.ByPhoneNumberID(ctx, in.PhoneNumberID, secret)
			if err != nil {
				return nil, fmt.Errorf("look up number: %w", err)
			}
			if ok {
				to = found
			} else {
				h.Count(UnknownNumber)
				h.Log.Error("delivery for a number of no account", "account", account, "phoneNumberId", in.PhoneNumberID)
			}
			accounts[in.PhoneNumberID] = to
		}
		if to == "" {
			to, in.Unplaced = account, true
		}
		place, begun := places[to]
		if !begun {
			place = len(groups)
			places[to] = place
			groups = append(groups, group{account: to})
		}
		groups[place].items = append(groups[place].items, in)
	}
	return groups, nil
}

var errPanic = errors.New("receiving panicked")

// call keeps a panic over one delivery from taking the others with it.
func (h *Handler) call(ctx context.Context, account string, items []channels.Inbound) (err error) {
	defer func() {
		if p := recover(); p != nil {
			h.Log.Error("receiving panicked", "account", account, "stack", string(debug.Stack()))
			err = errPanic
		}
	}()
	return h.Receive(ctx, account, items)
}
