package graphql

import (
	"context"
	"hash/maphash"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/access"
	"parley/projections"
	"parley/projections/contacts"
	"parley/projections/interactions"
	"parley/projections/settings"
	"parley/projections/waiting"
)

// Shared remembers rows that many open desktops ask for at the same moment, so that one event costs one query however many
// desktops show it. What a viewer may see is part of the question: an answer is shared only by those who have the same rights.
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

// NewShared remembers what the listener says has not changed since it was read.
func NewShared(l *projections.Listener) *Shared {
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
	sharedRows = 4096
	readers    = 16 // questions of different kinds of viewers that are asked at once
)

// shared remembers rows by who may see them and id; a row that is not there is remembered too.
type shared[R any] struct {
	listener *projections.Listener
	tables   []string
	known    *lru.Cache[sharedKey, sharedRow[R]]
	seed     maphash.Seed
	reading  [readers]chan struct{}
}

type sharedKey struct{ class, id string }

type sharedRow[R any] struct {
	row   R
	there bool
	count uint64 // of changes of the tables, when it was read
	at    uint64 // the position of the read models, when it was read
}

func newShared[R any](l *projections.Listener, tables ...string) *shared[R] {
	known, err := lru.New[sharedKey, sharedRow[R]](sharedRows)
	if err != nil {
		panic(err) // the size is a constant above zero
	}
	s := &shared[R]{listener: l, tables: tables, known: known, seed: maphash.MakeSeed()}
	for i := range s.reading {
		s.reading[i] = make(chan struct{}, 1)
	}
	return s
}

// peek is a row that is known and has not changed.
func (s *shared[R]) peek(class, id string) (row R, there, ok bool) {
	count, sure := s.listener.Touched(s.tables...)
	k, found := s.known.Get(sharedKey{class, id})
	return k.row, k.there, sure && found && k.count == count
}

// load is the rows with these ids, as they are now, or, for the rows of a live batch, as they were at its position or later: since
// should be 0, or that position. What is not known is read, by one of those who ask for it at the same moment.
func (s *shared[R]) load(ctx context.Context, class string, ids []string, since uint64, read func([]string) (map[string]R, error)) (map[string]R, error) {
	if found, missing, _ := s.recall(class, ids, since); len(missing) == 0 {
		return found, nil
	}
	turn := s.reading[maphash.String(s.seed, class)%readers]
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	found, missing, count := s.recall(class, ids, since)
	at, _ := s.listener.Position()
	if len(missing) == 0 {
		return found, nil
	}
	rows, err := read(missing)
	if err != nil {
		return nil, err
	}
	for _, id := range missing {
		row, there := rows[id]
		if there {
			found[id] = row
		}
		s.known.Add(sharedKey{class, id}, sharedRow[R]{row: row, there: there, count: count, at: max(at.Commit, since)})
	}
	return found, nil
}

// recall finds which of the rows are known as they are now, or as they were at since or later. count is of changes of the tables.
func (s *shared[R]) recall(class string, ids []string, since uint64) (found map[string]R, missing []string, count uint64) {
	count, sure := s.listener.Touched(s.tables...)
	found = make(map[string]R, len(ids))
	for _, id := range ids {
		k, ok := s.known.Get(sharedKey{class, id})
		switch {
		case !ok || !sure || k.count != count || k.at < since:
			missing = append(missing, id)
		case k.there:
			found[id] = k.row
		}
	}
	return found, missing, count
}

// one is the answer to a question that has no id, which belongs to a class of viewers.
func (s *shared[R]) one(ctx context.Context, class string, read func() (R, error)) (R, error) {
	if row, there, ok := s.peek(class, ""); ok && there {
		return row, nil
	}
	found, err := s.load(ctx, class, []string{""}, 0, func([]string) (map[string]R, error) {
		row, err := read()
		return map[string]R{"": row}, err
	})
	return found[""], err
}

// poolClass is alike for those who read through the same pool.
func poolClass(v access.Viewer) string {
	if v.Masked {
		return "masked"
	}
	return "clear"
}

// rightsClass is alike for viewers whose scope finds the same rows.
func rightsClass(v access.Viewer) string {
	if v.Everything {
		return poolClass(v) + " everything"
	}
	parts := []string{poolClass(v), string(v.User), strings.Join(texts(v.Queues), " "), strings.Join(texts(v.Accounts), " "), strings.Join(texts(v.Lists), " ")}
	return strings.Join(parts, "\n")
}
