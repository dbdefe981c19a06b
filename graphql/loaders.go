package graphql

import (
	"context"
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
	accounts     *dataloadgen.Loader[string, settings.Account]
	queues       *dataloadgen.Loader[string, settings.Queue]
	users        *dataloadgen.Loader[string, settings.User]
	lists        *dataloadgen.Loader[string, settings.List]
	presences    *dataloadgen.Loader[string, agents.Row]
	interactions *dataloadgen.Loader[string, interactions.Row]
	contacts     *dataloadgen.Loader[string, contacts.Row]
	transfers    *dataloadgen.Loader[string, transfers.Row]
	counts       *dataloadgen.Loader[string, waiting.Count]
	available    *dataloadgen.Loader[string, int]
}

const batchWait = 500 * time.Microsecond

func (r *Resolver) newLoaders(v access.Viewer) *loaders {
	q := r.DB.For(v)
	return &loaders{
		accounts:  byID(q, settings.AccountsByID, func(a settings.Account) string { return a.ID }),
		queues:    byID(q, settings.QueuesByID, func(x settings.Queue) string { return x.ID }),
		users:     byID(q, settings.UsersByID, func(u settings.User) string { return u.ID }),
		lists:     byID(q, settings.ListsByID, func(l settings.List) string { return l.ID }),
		presences: byID(q, agents.ByIDs, func(a agents.Row) string { return a.UserID }),
		interactions: byID(q, func(ctx context.Context, q projections.Querier, ids []string) ([]interactions.Row, error) {
			return interactions.ByIDs(ctx, q, v, ids)
		}, func(i interactions.Row) string { return i.ID }),
		contacts: byKey(q, func(ctx context.Context, q projections.Querier, ids []string) (map[string]contacts.Row, error) {
			return contacts.ByIDs(ctx, q, v, ids)
		}),
		counts:    byKey(q, waiting.Counts),
		available: byKey(q, agents.AvailableIn),
		transfers: byID(q, func(ctx context.Context, q projections.Querier, ids []string) ([]transfers.Row, error) {
			return transfers.ByIDs(ctx, q, v, ids)
		}, func(t transfers.Row) string { return t.ID }),
	}
}

// byID makes a loader of a read that finds rows by their ids in one query; what is not there is the zero row.
func byID[R any](q projections.Querier, read func(context.Context, projections.Querier, []string) ([]R, error), id func(R) string) *dataloadgen.Loader[string, R] {
	return byKey(q, func(ctx context.Context, q projections.Querier, ids []string) (map[string]R, error) {
		rows, err := read(ctx, q, ids)
		found := make(map[string]R, len(rows))
		for _, row := range rows {
			found[id(row)] = row
		}
		return found, err
	})
}

// byKey makes a loader of a read that says itself which id a row is for.
func byKey[R any](q projections.Querier, read func(context.Context, projections.Querier, []string) (map[string]R, error)) *dataloadgen.Loader[string, R] {
	return dataloadgen.NewLoader(func(ctx context.Context, ids []string) ([]R, []error) {
		at, err := read(ctx, q, ids)
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
}
