package graphql

import (
	"encoding/json"
	"time"

	"parley/domain"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/contacts"
	"parley/projections/interactions"
	"parley/projections/messages"
)

const (
	defaultPage = 50
	maxPage     = 100
	maxMessages = 200
)

// ErrBadCursor says that a cursor is forged, damaged or of another list.
var ErrBadCursor = &domain.Refusal{
	Kind: domain.Invalid, Code: "BAD_USER_INPUT", Message: "This cursor is not valid here. Start the list again.",
}

// pageSize reads the argument `first` or `last`.
func pageSize(n *int32, limit int) (int, error) {
	switch {
	case n == nil:
		return defaultPage, nil
	case *n < 1 || int(*n) > limit:
		return 0, badInput("The size of this page is out of range.").With("limit", limit)
	}
	return int(*n), nil
}

// place is the content of a cursor: the list it belongs to, and a place in that list.
type place struct {
	List     string    `json:"l"`
	At       time.Time `json:"t,omitzero"`
	ID       string    `json:"i,omitempty"`
	Name     string    `json:"n,omitempty"`
	Position int64     `json:"p,omitempty"`
}

// cursor seals a place.
func (r *Resolver) cursor(p place) string {
	plain, err := json.Marshal(p)
	if err != nil {
		return "" // a struct of plain values always encodes
	}
	return r.Cursors.Seal(plain)
}

// place opens a cursor of a list. It returns nil if there is no cursor.
func (r *Resolver) place(list string, cursor *string) (*place, error) {
	if cursor == nil || *cursor == "" {
		return nil, nil
	}
	plain, err := r.Cursors.Open(*cursor)
	if err != nil {
		return nil, ErrBadCursor
	}
	var p place
	if json.Unmarshal(plain, &p) != nil || p.List != list {
		return nil, ErrBadCursor
	}
	return &p, nil
}

// interactionCursor returns where a page of interactions begins, nil for the first page.
func interactionCursor(p *place) *interactions.Cursor {
	if p == nil {
		return nil
	}
	return &interactions.Cursor{At: p.At, ID: p.ID}
}

func (r *Resolver) interactionPage(
	list string, o interactions.Order, p interactions.Page, after *place,
) *model.InteractionConnection {
	c := &model.InteractionConnection{Edges: make([]model.InteractionEdge, len(p.Rows))}
	for i, row := range p.Rows {
		at := interactions.CursorOf(row, o)
		c.Edges[i] = model.InteractionEdge{
			Cursor: r.cursor(place{List: list, At: at.At, ID: at.ID}), Node: presentInteraction(row),
		}
	}
	c.PageInfo = pageInfo(c.Edges, func(e *model.InteractionEdge) *string { return &e.Cursor })
	c.PageInfo.HasNextPage, c.PageInfo.HasPreviousPage = p.HasNext, after != nil
	return c
}

func (r *Resolver) contactPage(v access.Viewer, p contacts.Page, after *place) *model.ContactConnection {
	c := &model.ContactConnection{Edges: make([]model.ContactEdge, len(p.Rows))}
	for i, row := range p.Rows {
		at := contacts.CursorOf(row)
		c.Edges[i] = model.ContactEdge{
			Cursor: r.cursor(place{List: "contacts", Name: at.Name, ID: at.ID}), Node: presentContact(v)(row),
		}
	}
	c.PageInfo = pageInfo(c.Edges, func(e *model.ContactEdge) *string { return &e.Cursor })
	c.PageInfo.HasNextPage, c.PageInfo.HasPreviousPage = p.HasNext, after != nil
	return c
}

func (r *Resolver) messagePage(list string, p messages.Page) *model.MessageConnection {
	c := &model.MessageConnection{Edges: make([]model.MessageEdge, len(p.Rows))}
	for i, row := range p.Rows {
		c.Edges[i] = model.MessageEdge{
			Cursor: r.cursor(place{List: list, Position: row.Position}), Node: presentMessage(row),
		}
	}
	c.PageInfo = pageInfo(c.Edges, func(e *model.MessageEdge) *string { return &e.Cursor })
	c.PageInfo.HasNextPage, c.PageInfo.HasPreviousPage = p.HasNext, p.HasPrevious
	return c
}

// pageInfo returns the cursors of the first and the last edge of a page.
func pageInfo[E any](edges []E, cursor func(*E) *string) *model.PageInfo {
	if len(edges) == 0 {
		return &model.PageInfo{}
	}
	return &model.PageInfo{StartCursor: cursor(&edges[0]), EndCursor: cursor(&edges[len(edges)-1])}
}
