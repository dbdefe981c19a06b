package graphql

import (
	"context"
	"sync"
	"time"

	"github.com/vikstrous/dataloadgen"

	"parley/access"
	"parley/projections"
	"parley/projections/agents"
	"parley/projections/contacts"
	"parley/projections/interactions"
	"parley/projections/settings"
	"parley/projections/transfers"
	"parley/projections/waiting"
)

// loaders batch what fields ask for within one request, as this viewer may see it.
type loaders struct {
	accounts     loader[settings.Account]
	queues       loader[settings.Queue]
	users        loader[settings.User]
	lists        loader[settings.List]
	presences    loader[agents.Row]
	interactions loader[interactions.Row]
	contacts     loader[contacts.Row]
	transfers    loader[transfers.Row]
	counts       loader[waiting.Count]
	available    loader[int]
	drafts       loader[string]
}

const batchWait = 500 * time.Microsecond

func (r *Resolver) newLoaders(v access.Viewer) *loaders {
	q, s := r.DB.For(v), r.Shared
	pool, rights := poolClass(v), rightsClass(v)
	return &loaders{
		accounts:  sharing(s.accounts, pool, byID(q, settings.AccountsByID, func(a settings.Account) string { return a.ID })),
		queues:    sharing(s.queues, pool, byID(q, settings.QueuesByID, func(x settings.Queue) string { return x.ID })),
		users:     sharing(s.users, pool, byID(q, settings.UsersByID, func(u settings.User) string { return u.ID })),
		lists:     sharing(s.lists, pool, byID(q, settings.ListsByID, func(l settings.List) string { return l.ID })),
		presences: alone(byID(q, agents.ByIDs, func(a agents.Row) string { return a.UserID })),
		interactions: alone(byID(q, func(ctx context.Context, q projections.Querier, ids []string) ([]interactions.Row, error) {
			return interactions.ByIDs(ctx, q, v, ids)
		}, func(i interactions.Row) string { return i.ID })),
		contacts: sharing(s.contacts, rights, func(ctx context.Context, ids []string) (map[string]contacts.Row, error) {
			return contacts.ByIDs(ctx, q, v, ids)
		}),
		counts:    sharing(s.counts, pool, byKey(q, waiting.Counts)),
		available: alone(byKey(q, agents.AvailableIn)),
		drafts: alone(func(ctx context.Context, ids []string) (map[string]string, error) {
			return r.Drafts.Drafts(ctx, string(v.User), ids)
		}),
		transfers: alone(byID(q, func(ctx context.Context, q projections.Querier, ids []string) ([]transfers.Row, error) {
			return transfers.ByIDs(ctx, q, v, ids)
		}, func(t transfers.Row) string { return t.ID })),
	}
}

// read finds rows by their ids in one query.
type read[R any] func(ctx context.Context, ids []string) (map[string]R, error)

func byID[R any](q projections.Querier, rows func(context.Context, projections.Querier, []string) ([]R, error), id func(R) string) read[R] {
	return func(ctx context.Context, ids []string) (map[string]R, error) {
		all, err := rows(ctx, q, ids)
		found := make(map[string]R, len(all))
		for _, row := range all {
			found[id(row)] = row
		}
		return found, err
	}
}

func byKey[R any](q projections.Querier, rows func(context.Context, projections.Querier, []string) (map[string]R, error)) read[R] {
	return func(ctx context.Context, ids []string) (map[string]R, error) { return rows(ctx, q, ids) }
}

// loader finds rows by their ids; what is not there is the zero row.
type loader[R any] struct {
	known   func(id string) (R, bool) // nil: nothing is
	batched func() *dataloadgen.Loader[string, R]
}

// alone makes a loader that asks the database once for all fields of a response.
func alone[R any](from read[R]) loader[R] {
	return loader[R]{batched: sync.OnceValue(func() *dataloadgen.Loader[string, R] {
		return dataloadgen.NewLoader(func(ctx context.Context, ids []string) ([]R, []error) {
			at, err := from(ctx, ids)
			if err != nil {
				errs := make([]error, len(ids))
				for i := range errs {
					errs[i] = err
				}
				return nil, errs
			}
			found := make([]R, len(ids))
			for i, wanted := range ids {
				found[i] = at[wanted]
			}
			return found, nil
		}, dataloadgen.WithWait(batchWait))
	})}
}

// sharing makes a loader that asks for what the viewers of a class do not know yet.
func sharing[R any](s *shared[R], class string, from read[R]) loader[R] {
	l := alone(func(ctx context.Context, ids []string) (map[string]R, error) {
		return s.load(ctx, class, ids, 0, func(missing []string) (map[string]R, error) { return from(ctx, missing) })
	})
	l.known = func(id string) (R, bool) {
		row, _, ok := s.peek(class, id)
		return row, ok
	}
	return l
}

// Load is one row.
func (l loader[R]) Load(ctx context.Context, id string) (R, error) {
	if l.known != nil {
		if row, ok := l.known(id); ok {
			return row, nil
		}
	}
	return l.batched().Load(ctx, id)
}

// LoadAll is the rows with these ids, in their order.
func (l loader[R]) LoadAll(ctx context.Context, ids []string) ([]R, error) {
	if l.known == nil {
		return l.batched().LoadAll(ctx, ids)
	}
	all := make([]R, len(ids))
	for i, id := range ids {
		row, ok := l.known(id)
		if !ok {
			return l.batched().LoadAll(ctx, ids)
		}
		all[i] = row
	}
	return all, nil
}
