package interactions

import (
	"context"
	"fmt"
	"time"

	"parley/access"
	"parley/projections"
)

// Filter says which interactions a list shows; all that is given must hold.
type Filter struct {
	Status        string // OPEN, CLOSED or empty
	Read          *bool
	Waiting       *bool
	AccountIDs    []string
	QueueIDs      []string
	OwnerIDs      []string // who has it now
	FirstOwnerIDs []string // who managed it first (R88)
	ContactIDs    []string
	Tags          []string
	AllTags       bool // every one of Tags instead of any (A19)
	StartedFrom   *time.Time
	StartedTo     *time.Time // exclusive
	Search        string     // part of name or phone, or words of a message; a masked viewer types whole names and numbers
}

// Order is what a list is sorted by.
type Order string

// The orders.
const (
	ByLastMessage Order = "LAST_MESSAGE" // newest first
	ByStart       Order = "STARTED"      // newest first
	ByWindow      Order = "WINDOW"       // the window that closes soonest first; only open interactions with an open window
)

// Cursor is the place of a row in a list: the time the list is sorted by, and the row's id.
type Cursor struct {
	At time.Time
	ID string
}

// Page is a part of a list.
type Page struct {
	Rows    []Row
	HasNext bool
}

// CursorOf is a row's place in a list of this order.
func CursorOf(r Row, o Order) Cursor {
	switch {
	case o == ByStart:
		return Cursor{At: r.StartedAt, ID: r.ID}
	case o == ByWindow && r.LastInboundAt != nil:
		return Cursor{At: *r.LastInboundAt, ID: r.ID}
	}
	return Cursor{At: r.LastMessageAt, ID: r.ID}
}

// List is a page of the interactions within the viewer's scope, from a place in the list on or from its beginning. The
// order by window leaves out those whose window has closed before now.
func List(ctx context.Context, q projections.Querier, v access.Viewer, f Filter, o Order, after *Cursor, first int, now time.Time) (Page, error) {
	l := &list{viewer: v, filter: f, order: o, after: after, limit: first + 1, now: now}
	return l.page(ctx, q, first)
}

// Journey is a page of all interactions of one customer within the viewer's scope, newest first: those of his contacts
// (one person may be several after a merge), or of an account and address.
func Journey(ctx context.Context, q projections.Querier, v access.Viewer, contactIDs []string, accountID, addressID string, after *Cursor, first int) (Page, error) {
	l := &list{viewer: v, order: ByStart, after: after, limit: first + 1}
	l.customer = &customer{contactIDs: contactIDs, accountID: accountID, addressID: addressID}
	return l.page(ctx, q, first)
}

func (l *list) page(ctx context.Context, q projections.Querier, first int) (Page, error) {
	branches, err := l.branches(ctx, q)
	if err != nil {
		return Page{}, fmt.Errorf("list interactions: %w", err)
	}
	if len(branches) == 0 {
		return Page{}, nil
	}
	sql := l.sql(branches)
	rows, err := collect(ctx, q, sql, l.args...)
	if err != nil {
		return Page{}, fmt.Errorf("list interactions: %w", err)
	}
	if len(rows) > first {
		return Page{Rows: rows[:first], HasNext: true}, nil
	}
	return Page{Rows: rows}, nil
}
