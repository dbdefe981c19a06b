package interactions

import (
	"context"
	"fmt"
	"time"

	"parley/internal/access"
	"parley/internal/database"
)

// Filter selects interactions. All conditions must hold.
type Filter struct {
	Status        string // OPEN, CLOSED or empty for both
	Read          *bool
	Waiting       *bool
	AccountIDs    []string
	QueueIDs      []string
	OwnerIDs      []string // current owners
	FirstOwnerIDs []string // first owners
	ContactIDs    []string
	Tags          []string
	AllTags       bool // require all of Tags instead of any
	StartedFrom   *time.Time
	StartedTo     *time.Time // exclusive end
	// Search is part of a name or number, or words of a message. Masked viewers must give whole names and
	// numbers.
	Search string
}

// Order is the order of a list.
type Order string

// The orders.
const (
	ByLastMessage Order = "LAST_MESSAGE" // newest first
	ByStart       Order = "STARTED"      // newest first
	ByWindow      Order = "WINDOW"       // the window that closes soonest first; only those with an open window
)

// Cursor is a row's place in a list: the time the list is sorted by, and the row's id.
type Cursor struct {
	At time.Time
	ID string
}

// Page is one page of a list.
type Page struct {
	Rows    []Row
	HasNext bool
}

// CursorOf returns a row's place in a list of this order.
func CursorOf(r Row, o Order) Cursor {
	switch {
	case o == ByStart:
		return Cursor{At: r.StartedAt, ID: r.ID}
	case o == ByWindow && r.LastInboundAt != nil:
		return Cursor{At: *r.LastInboundAt, ID: r.ID}
	}
	return Cursor{At: r.LastMessageAt, ID: r.ID}
}

// List returns a page of the interactions within the viewer's scope, after a place in the list or from its
// beginning. ByWindow leaves out interactions whose window has closed.
func List(
	ctx context.Context, q database.Querier, v access.Viewer, f Filter, o Order, after *Cursor, first int, now time.Time,
) (Page, error) {
	l := &list{viewer: v, filter: f, order: o, after: after, limit: first + 1, now: now}
	return l.page(ctx, q, first)
}

// Journey returns a page of all interactions of one customer within the viewer's scope, newest first. The
// customer is given by contacts (one person may have several after a merge), or by account and address.
func Journey(
	ctx context.Context, q database.Querier, v access.Viewer, contactIDs []string, accountID, addressID string,
	after *Cursor, first int,
) (Page, error) {
	l := &list{viewer: v, order: ByStart, after: after, limit: first + 1}
	l.customer = &customer{contactIDs: contactIDs, accountID: accountID, addressID: addressID}
	return l.page(ctx, q, first)
}

func (l *list) page(ctx context.Context, q database.Querier, first int) (Page, error) {
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
