package graphql

import (
	"context"
	"slices"

	"parley/commands"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/messages"
	"parley/projections/offers"
	"parley/projections/settings"
)

// permissionFor maps each kind of node to the permission needed to see it.
var permissionFor = map[kind]access.Permission{
	kindInteraction: access.ViewInteractions, kindMessage: access.ViewInteractions, kindOffer: access.HandleInteractions,
	kindTransfer: access.HandleInteractions, kindContact: access.ViewContacts, kindList: access.ViewContacts,
	kindAccount: access.ViewInteractions, kindQueue: access.ViewInteractions, kindUser: access.ViewInteractions,
	kindDisposition: access.ViewInteractions, kindCannedAnswer: access.ViewInteractions, kindTag: access.ViewInteractions,
}

// archivable maps the kinds of settings to their names in the archive command.
var archivable = map[kind]commands.Archivable{
	kindAccount: commands.AnAccount, kindQueue: commands.AQueue, kindUser: commands.AUser, kindList: commands.AList,
	kindDisposition: commands.ADisposition, kindCannedAnswer: commands.ACannedAnswer, kindTag: commands.ATag,
}

// nodeByID returns what an id refers to, nil if it does not exist or the viewer may not see it.
func (r *Resolver) nodeByID(ctx context.Context, v access.Viewer, global string) (model.Node, error) {
	k, id, err := splitID(global)
	if err != nil {
		return nil, err
	}
	permission, ok := permissionFor[k]
	if !ok {
		return nil, ErrBadID.With("id", global)
	}
	if !v.May(permission) {
		return nil, nil
	}
	q := r.DB.For(v)
	switch k {
	case kindInteraction:
		return nodeOf(r.interactionByID(ctx, id))
	case kindMessage:
		row, ok, err := messages.ByID(ctx, q, v, id)
		if err != nil || !ok {
			return nil, err
		}
		return presentMessage(row), nil
	case kindOffer:
		rows, err := offers.ByIDs(ctx, q, v, []string{id})
		return firstNode(rows, err, presentOffer)
	case kindTransfer:
		return nodeOf(r.transferByID(ctx, id))
	case kindContact:
		return nodeOf(r.contactByID(ctx, id))
	case kindList:
		rows, err := settings.Lists(ctx, q, v)
		return nodeAmong(rows, err, func(l settings.List) bool { return l.ID == id }, presentList)
	case kindAccount:
		rows, err := settings.Accounts(ctx, q, v)
		return nodeAmong(rows, err, func(a settings.Account) bool { return a.ID == id }, presentAccount)
	case kindQueue:
		rows, err := settings.Queues(ctx, q, v)
		return nodeAmong(rows, err, func(x settings.Queue) bool { return x.ID == id }, presentQueue)
	case kindUser:
		rows, err := settings.Users(ctx, q, v)
		return nodeAmong(rows, err, func(u settings.User) bool { return u.ID == id }, presentUser)
	case kindDisposition:
		rows, err := settings.DispositionsByID(ctx, q, []string{id})
		return nodeAmong(rows, err, func(d settings.Disposition) bool { return seesDisposition(v, d) }, presentDisposition)
	case kindCannedAnswer:
		rows, err := settings.CannedAnswersByID(ctx, q, []string{id})
		return firstNode(cannedAnswersInScope(v, rows), err, presentCannedAnswer)
	case kindTag:
		rows, err := settings.TagsByID(ctx, q, []string{id})
		return firstNode(rows, err, presentTag)
	}
	return nil, nil
}

// aNode is a pointer to a type of the API that has an id.
type aNode[M any] interface {
	*M
	model.Node
}

// nodeOf turns a nil pointer into a nil node.
func nodeOf[M any, P aNode[M]](m P, err error) (model.Node, error) {
	if err != nil || m == nil {
		return nil, err
	}
	return m, nil
}

// firstNode shows the first row, if there is one.
func firstNode[R, M any, P aNode[M]](rows []R, err error, show func(R) P) (model.Node, error) {
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return show(rows[0]), nil
}

// nodeAmong shows the first row that matches, if one does.
func nodeAmong[R, M any, P aNode[M]](rows []R, err error, match func(R) bool, show func(R) P) (model.Node, error) {
	i := slices.IndexFunc(rows, match)
	if err != nil || i < 0 {
		return nil, err
	}
	return show(rows[i]), nil
}
