package graphql

import (
	"encoding/json"
	"time"

	"parley/domain"
	"parley/graphql/model"
	"parley/projections/interactions"
	"parley/projections/messages"
)

const (
	usualPage    = 50
	longestPage  = 100
	longestBlock = 200 // messages
)

// ErrBadCursor says a cursor is not one of ours.
var ErrBadCursor = &domain.Refusal{Kind: domain.Invalid, Code: "BAD_USER_INPUT", Message: "This cursor is not valid here; begin the list anew."}

// pageSize reads `first` or `last`.
func pageSize(n *int32, longest int) (int, error) {
	switch {
	case n == nil:
		return usualPage, nil
	case *n < 1 || int(*n) > longest:
		return 0, badInput("A page has at least one row and at most its limit.").With("limit", longest)
	}
	return int(*n), nil
}

// place is what a cursor says once it is opened: which list it belongs to, and where in it.
type place struct {
	List     string    `json:"l"`
	At       time.Time `json:"t,omitzero"`
	ID       string    `json:"i,omitempty"`
	Name     string    `json:"n,omitempty"`
	Position int64     `json:"p,omitempty"`
}

func (r *Resolver) cursor(p place) string {
	plain, err := json.Marshal(p)
	if err != nil {
		return "" // a struct of plain values always encodes
	}
	return r.Cursors.Seal(plain)
}

// place opens a cursor that must belong to the list.
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

func (r *Resolver) interactionPage(list string, o interactions.Order, p interactions.Page, after *place) *model.InteractionConnection {
	c := &model.InteractionConnection{Edges: make([]model.InteractionEdge, len(p.Rows)), PageInfo: &model.PageInfo{HasNextPage: p.HasNext, HasPreviousPage: after != nil}}
	for i, row := range p.Rows {
		at := interactions.CursorOf(row, o)
		c.Edges[i] = model.InteractionEdge{Cursor: r.cursor(place{List: list, At: at.At, ID: at.ID}), Node: presentInteraction(row)}
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c
}

func (r *Resolver) messagePage(list string, p messages.Page) *model.MessageConnection {
	c := &model.MessageConnection{Edges: make([]model.MessageEdge, len(p.Rows)), PageInfo: &model.PageInfo{HasNextPage: p.HasNext, HasPreviousPage: p.HasPrevious}}
	for i, row := range p.Rows {
		c.Edges[i] = model.MessageEdge{Cursor: r.cursor(place{List: list, Position: row.Position}), Node: presentMessage(row)}
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c
}
