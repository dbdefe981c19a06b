package graphql

import (
	"context"
	"slices"

	"parley/access"
	"parley/domain"
	"parley/graphql/model"
	"parley/projections/messages"
	"parley/projections/offers"
	"parley/projections/settings"
)

// find is anything by its id, within the viewer's scope and rights; nil for what is not there, or not for him.
func (r *Resolver) find(ctx context.Context, v access.Viewer, global string) (model.Node, error) {
	k, id, err := splitID(global)
	if err != nil {
		return nil, err
	}
	right, ok := whoMay[k]
	if !ok {
		return nil, ErrBadID.With("id", global)
	}
	if !v.May(right) {
		return nil, nil
	}
	q := r.DB.For(v)
	switch k {
	case kindInteraction:
		return node(r.interactionOf(ctx, id))
	case kindMessage:
		row, ok, err := messages.ByID(ctx, q, v, id)
		if err != nil || !ok {
			return nil, err
		}
		return presentMessage(row), nil
	case kindOffer:
		rows, err := offers.ByIDs(ctx, q, v, []string{id})
		return first(rows, err, presentOffer)
	case kindTransfer:
		return node(r.theTransfer(ctx, id))
	case kindContact:
		return node(r.theContact(ctx, id))
	case kindList:
		rows, err := settings.Lists(ctx, q, v)
		return named(rows, err, func(l settings.List) string { return l.ID }, id, presentList)
	case kindAccount:
		rows, err := settings.Accounts(ctx, q, v)
		return named(rows, err, func(a settings.Account) string { return a.ID }, id, presentAccount)
	case kindQueue:
		rows, err := settings.Queues(ctx, q, v)
		return named(rows, err, func(x settings.Queue) string { return x.ID }, id, presentQueue)
	case kindUser:
		rows, err := settings.Users(ctx, q, v)
		return named(rows, err, func(u settings.User) string { return u.ID }, id, presentUser)
	case kindDisposition:
		rows, err := settings.DispositionsByID(ctx, q, []string{id})
		rows = slices.DeleteFunc(rows, func(d settings.Disposition) bool { return !seesDisposition(v, d) })
		return first(rows, err, presentDisposition)
	case kindCannedAnswer:
		rows, err := settings.CannedAnswersByID(ctx, q, []string{id})
		rows = withinAccounts(v, rows)
		return first(rows, err, presentCannedAnswer)
	case kindTag:
		rows, err := settings.TagsByID(ctx, q, []string{id})
		return first(rows, err, presentTag)
	}
	return nil, nil
}

// withinAccounts are the global canned answers, and those of accounts within scope.
func withinAccounts(v access.Viewer, rows []settings.CannedAnswer) []settings.CannedAnswer {
	return slices.DeleteFunc(rows, func(c settings.CannedAnswer) bool {
		return c.Settings.AccountID != "" && !v.SeesAccount(c.Settings.AccountID)
	})
}

func seesDisposition(v access.Viewer, d settings.Disposition) bool {
	switch s := d.Settings; s.Scope {
	case "LIST":
		return v.SeesList(domain.ListID(s.ScopeID))
	case "ACCOUNT":
		return v.SeesAccount(domain.AccountID(s.ScopeID))
	case "QUEUE":
		return v.SeesQueue(domain.QueueID(s.ScopeID))
	}
	return true
}

// node turns a missing thing into no node at all.
func node[M any, P interface {
	*M
	model.Node
}](m P, err error) (model.Node, error) {
	if err != nil || m == nil {
		return nil, err
	}
	return m, nil
}

func first[R, M any, P interface {
	*M
	model.Node
}](rows []R, err error, show func(R) P) (model.Node, error) {
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return show(rows[0]), nil
}

func named[R, M any, P interface {
	*M
	model.Node
}](rows []R, err error, id func(R) string, wanted string, show func(R) P) (model.Node, error) {
	for _, row := range rows {
		if id(row) == wanted {
			return show(row), err
		}
	}
	return nil, err
}
