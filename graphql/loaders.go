package graphql

import (
	"context"
	"sync"
	"time"

	"github.com/vikstrous/dataloadgen"

	"parley/internal/access"
	"parley/internal/database"
	"parley/projections/agents"
	"parley/projections/contacts"
	"parley/projections/interactions"
	"parley/projections/settings"
	"parley/projections/transfers"
	"parley/projections/waiting"
)

// find returns rows by their ids, as the viewer may see them.
type find[R any] func(ctx context.Context, r *Resolver, v access.Viewer, ids []string) (map[string]R, error)

// rowKind says how to find rows of one kind by their ids.
type rowKind[R any] struct {
	find   find[R]
	shared func(*Shared) *shared[R]   // the cache that requests share, nil for none
	class  func(access.Viewer) string // the viewers who share cached rows
}

var (
	accountKind = rowKind[settings.Account]{
		find:   byID(settings.AccountsByID, func(a settings.Account) string { return a.ID }),
		shared: func(s *Shared) *shared[settings.Account] { return s.accounts }, class: poolClass,
	}
	queueKind = rowKind[settings.Queue]{
		find:   byID(settings.QueuesByID, func(q settings.Queue) string { return q.ID }),
		shared: func(s *Shared) *shared[settings.Queue] { return s.queues }, class: poolClass,
	}
	userKind = rowKind[settings.User]{
		find:   byID(settings.UsersByID, func(u settings.User) string { return u.ID }),
		shared: func(s *Shared) *shared[settings.User] { return s.users }, class: poolClass,
	}
	listKind = rowKind[settings.List]{
		find:   byID(settings.ListsByID, func(l settings.List) string { return l.ID }),
		shared: func(s *Shared) *shared[settings.List] { return s.lists }, class: poolClass,
	}
	countKind = rowKind[waiting.Count]{
		find:   byKey(waiting.Counts),
		shared: func(s *Shared) *shared[waiting.Count] { return s.counts }, class: poolClass,
	}
	contactKind = rowKind[contacts.Row]{
		find: func(ctx context.Context, r *Resolver, v access.Viewer, ids []string) (map[string]contacts.Row, error) {
			return contacts.ByIDs(ctx, r.DB.For(v), v, ids)
		},
		shared: func(s *Shared) *shared[contacts.Row] { return s.contacts }, class: rightsClass,
	}
	interactionKind = rowKind[interactions.Row]{
		find: inScope(interactions.ByIDs, func(i interactions.Row) string { return i.ID }),
	}
	transferKind  = rowKind[transfers.Row]{find: inScope(transfers.ByIDs, func(t transfers.Row) string { return t.ID })}
	presenceKind  = rowKind[agents.Row]{find: byID(agents.ByIDs, func(a agents.Row) string { return a.UserID })}
	availableKind = rowKind[int]{find: byKey(agents.AvailableIn)}
	draftKind     = rowKind[map[string]string]{
		find: func(ctx context.Context, r *Resolver, v access.Viewer, ids []string) (map[string]map[string]string, error) {
			return r.Drafts.Drafts(ctx, string(v.User), ids)
		},
	}
)

// inScope adapts a query that depends on the viewer's scope.
func inScope[R any](
	rows func(context.Context, database.Querier, access.Viewer, []string) ([]R, error), id func(R) string,
) find[R] {
	return func(ctx context.Context, r *Resolver, v access.Viewer, ids []string) (map[string]R, error) {
		all, err := rows(ctx, r.DB.For(v), v, ids)
		found := make(map[string]R, len(all))
		for _, row := range all {
			found[id(row)] = row
		}
		return found, err
	}
}

// byID adapts a query that returns a list of rows.
func byID[R any](rows func(context.Context, database.Querier, []string) ([]R, error), id func(R) string) find[R] {
	return inScope(func(ctx context.Context, q database.Querier, _ access.Viewer, ids []string) ([]R, error) {
		return rows(ctx, q, ids)
	}, id)
}

// byKey adapts a query that returns rows by their ids.
func byKey[R any](rows func(context.Context, database.Querier, []string) (map[string]R, error)) find[R] {
	return func(ctx context.Context, r *Resolver, v access.Viewer, ids []string) (map[string]R, error) {
		return rows(ctx, r.DB.For(v), ids)
	}
}

// loaders batch the reads that the fields of one response need.
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
	drafts       loader[map[string]string]
}

// newLoaders returns the loaders of a viewer. Every live batch of every desktop calls it, so it must allocate
// very little.
func (r *Resolver) newLoaders(v access.Viewer) *loaders {
	l := new(loaders)
	l.accounts.init(&accountKind, r, v)
	l.queues.init(&queueKind, r, v)
	l.users.init(&userKind, r, v)
	l.lists.init(&listKind, r, v)
	l.presences.init(&presenceKind, r, v)
	l.interactions.init(&interactionKind, r, v)
	l.contacts.init(&contactKind, r, v)
	l.transfers.init(&transferKind, r, v)
	l.counts.init(&countKind, r, v)
	l.available.init(&availableKind, r, v)
	l.drafts.init(&draftKind, r, v)
	return l
}

// loader finds rows of one kind by their ids. A row that does not exist is the zero value.
type loader[R any] struct {
	kind     *rowKind[R]
	resolver *Resolver
	viewer   access.Viewer
	once     sync.Once
	batches  *dataloadgen.Loader[string, R]
}

func (l *loader[R]) init(k *rowKind[R], r *Resolver, v access.Viewer) {
	l.kind, l.resolver, l.viewer = k, r, v
}

const batchWait = 500 * time.Microsecond

// batched returns the loader that reads the rows for all fields of a response in one query.
func (l *loader[R]) batched() *dataloadgen.Loader[string, R] {
	l.once.Do(func() {
		l.batches = dataloadgen.NewLoader(func(ctx context.Context, ids []string) ([]R, []error) {
			rows, err := l.find(ctx, ids)
			if err != nil {
				errs := make([]error, len(ids))
				for i := range errs {
					errs[i] = err
				}
				return nil, errs
			}
			found := make([]R, len(ids))
			for i, wanted := range ids {
				found[i] = rows[wanted]
			}
			return found, nil
		}, dataloadgen.WithWait(batchWait))
	})
	return l.batches
}

func (l *loader[R]) find(ctx context.Context, ids []string) (map[string]R, error) {
	find := func(missing []string) (map[string]R, error) { return l.kind.find(ctx, l.resolver, l.viewer, missing) }
	if l.kind.shared == nil {
		return find(ids)
	}
	return l.kind.shared(l.resolver.Shared).load(ctx, l.kind.class(l.viewer), ids, 0, find)
}

// cached returns a row that has not changed since another request read it.
func (l *loader[R]) cached(id string) (row R, ok bool) {
	if l.kind.shared == nil {
		return row, false
	}
	row, _, ok = l.kind.shared(l.resolver.Shared).peek(l.kind.class(l.viewer), id)
	return row, ok
}

// Load returns one row.
func (l *loader[R]) Load(ctx context.Context, id string) (R, error) {
	if row, ok := l.cached(id); ok {
		return row, nil
	}
	return l.batched().Load(ctx, id)
}

// LoadAll returns the rows with these ids, in their order.
func (l *loader[R]) LoadAll(ctx context.Context, ids []string) ([]R, error) {
	all := make([]R, len(ids))
	for i, id := range ids {
		row, ok := l.cached(id)
		if !ok {
			return l.batched().LoadAll(ctx, ids)
		}
		all[i] = row
	}
	return all, nil
}

// prime reads rows before the fields need them, so that no field waits for a batch to fill.
func (l *loader[R]) prime(ctx context.Context, ids []string) error {
	found, err := l.find(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		l.batched().Prime(id, found[id])
	}
	return nil
}
