package graphql

import (
	"context"
	"hash/maphash"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/internal/access"
	"parley/projections/contacts"
	"parley/projections/engine"
	"parley/projections/interactions"
	"parley/projections/settings"
	"parley/projections/waiting"
)

// Shared caches rows that many desktops need at the same moment, so that an event costs one query no matter how many
// desktops show it. Only viewers with the same permissions share a cached row.
type Shared struct {
	interactions *shared[interactions.Row]
	contacts     *shared[contacts.Row]
	accounts     *shared[settings.Account]
	queues       *shared[settings.Queue]
	users        *shared[settings.User]
	lists        *shared[settings.List]
	counts       *shared[waiting.Count]
	allQueues    *shared[[]settings.Queue]
	allUsers     *shared[[]settings.User]
}

// NewShared returns caches that keep rows until the listener reports a change of their tables.
func NewShared(l *engine.Listener) *Shared {
	return &Shared{
		interactions: newShared[interactions.Row](l),
		contacts:     newShared[contacts.Row](l, "contacts", "policy"),
		accounts:     newShared[settings.Account](l, "accounts", "policy"),
		queues:       newShared[settings.Queue](l, "queues", "policy"),
		users:        newShared[settings.User](l, "users", "policy"),
		lists:        newShared[settings.List](l, "lists", "policy"),
		counts:       newShared[waiting.Count](l, "open_interactions", "policy"),
		allQueues:    newShared[[]settings.Queue](l, "queues", "policy"),
		allUsers:     newShared[[]settings.User](l, "users", "queues", "policy"),
	}
}

const (
	sharedRows   = 4096
	maxReadsOpen = 16 // concurrent reads, spread by class of viewer
)

// shared caches rows, and the absence of rows, by class of viewer and id.
type shared[R any] struct {
	listener *engine.Listener
	tables   []string
	cache    *lru.Cache[sharedKey, sharedRow[R]]
	seed     maphash.Seed
	reading  [maxReadsOpen]chan struct{}
}

type sharedKey struct{ class, id string }

type sharedRow[R any] struct {
	row     R
	found   bool
	touched uint64 // the tables' counter when it was read
	at      uint64 // the read models' position when it was read
}

func newShared[R any](l *engine.Listener, tables ...string) *shared[R] {
	cache, err := lru.New[sharedKey, sharedRow[R]](sharedRows)
	if err != nil {
		panic(err) // the size is a constant above zero
	}
	s := &shared[R]{listener: l, tables: tables, cache: cache, seed: maphash.MakeSeed()}
	for i := range s.reading {
		s.reading[i] = make(chan struct{}, 1)
	}
	return s
}

// peek returns a cached row that has not changed. found reports whether the row exists, ok whether it is cached.
func (s *shared[R]) peek(class, id string) (row R, found, ok bool) {
	touched, listening := s.listener.ChangeCount(s.tables...)
	cached, ok := s.cache.Get(sharedKey{class, id})
	return cached.row, cached.found, ok && listening && cached.touched == touched
}

// load returns the existing rows among these ids. Of concurrent callers, only one reads what is not cached.
//
// A live batch passes its position as since and gets rows that are at least as new. Everyone else passes 0.
func (s *shared[R]) load(
	ctx context.Context, class string, ids []string, since uint64, read func([]string) (map[string]R, error),
) (map[string]R, error) {
	if found, missing, _ := s.lookUp(class, ids, since); len(missing) == 0 {
		return found, nil
	}
	turn := s.reading[maphash.String(s.seed, class)%maxReadsOpen]
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	found, missing, touched := s.lookUp(class, ids, since)
	at, _ := s.listener.Position()
	if len(missing) == 0 {
		return found, nil
	}
	rows, err := read(missing)
	if err != nil {
		return nil, err
	}
	for _, id := range missing {
		row, ok := rows[id]
		if ok {
			found[id] = row
		}
		s.cache.Add(sharedKey{class, id}, sharedRow[R]{
			row: row, found: ok, touched: touched, at: max(at.Commit, since),
		})
	}
	return found, nil
}

// lookUp returns the cached rows that are current, the ids to read, and the tables' counter from before the look-up.
func (s *shared[R]) lookUp(
	class string, ids []string, since uint64,
) (found map[string]R, missing []string, touched uint64) {
	touched, listening := s.listener.ChangeCount(s.tables...)
	found = make(map[string]R, len(ids))
	for _, id := range ids {
		cached, ok := s.cache.Get(sharedKey{class, id})
		switch {
		case !ok || !listening || cached.touched != touched || cached.at < since:
			missing = append(missing, id)
		case cached.found:
			found[id] = cached.row
		}
	}
	return found, missing, touched
}

// one returns a value that a whole class of viewers shares, such as all queues they see.
func (s *shared[R]) one(ctx context.Context, class string, read func() (R, error)) (R, error) {
	if row, found, ok := s.peek(class, ""); ok && found {
		return row, nil
	}
	found, err := s.load(ctx, class, []string{""}, 0, func([]string) (map[string]R, error) {
		row, err := read()
		return map[string]R{"": row}, err
	})
	return found[""], err
}

// poolClass returns the class of viewers who read through the same connection pool.
func poolClass(v access.Viewer) string {
	if v.Masked {
		return "masked"
	}
	return "clear"
}

// rightsClass returns the class of viewers whose scope has the same rows.
func rightsClass(v access.Viewer) string {
	if v.Everything {
		return poolClass(v) + " everything"
	}
	join := func(ids []string) string { return strings.Join(ids, " ") }
	return strings.Join([]string{
		poolClass(v), string(v.User), join(texts(v.Queues)), join(texts(v.Accounts)), join(texts(v.Lists)),
	}, "\n")
}
