package engine_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/commands"
	"parley/domain"
	"parley/domain/projection"
	"parley/eventstore"
	"parley/internal/database"
	"parley/internal/devpg"
	"parley/internal/node"
	"parley/internal/testwait"
	"parley/projections"
	"parley/projections/engine"
	"parley/projections/projectionstest"
)

const timeout = testwait.Limit

// Test events: things are put into a box.
type (
	put struct {
		Thing string   `json:"thing"`
		Tags  []string `json:"tags"`
		Owner string   `json:"owner"`
	}
	emptied     struct{}
	poisoned    struct{} // the read model boxes can be made to fail on it
	unknownType struct{} // known only to a newer version of the program
)

func (put) EventType() string         { return "BoxPut" }
func (emptied) EventType() string     { return "BoxEmptied" }
func (poisoned) EventType() string    { return "BoxPoisoned" }
func (unknownType) EventType() string { return "BoxUnknownType" }

type boxRow struct {
	ID        string
	Things    int64
	Last      string
	Tags      []string
	Notes     map[string]string
	Owner     string
	At        time.Time
	EmptiedAt *time.Time
}

// boxes has a row for each box that is not empty. It panics on a poisoned event while failing is set.
func boxes(failing *atomic.Bool) projections.Model {
	t := projections.Table[string, boxRow]{
		Name: "boxes_v1",
		Columns: projections.Columns(
			projections.Key("id", func(r *boxRow) *string { return &r.ID }).Open(),
			projections.BigInt("things", func(r *boxRow) *int64 { return &r.Things }).Open(),
			projections.Text("last", func(r *boxRow) *string { return &r.Last }).
				With("CHECK (last <> 'refused')").Masked(projections.Hidden),
			projections.Texts("tags", func(r *boxRow) *[]string { return &r.Tags }).Open(),
			projections.JSON("notes", func(r *boxRow) *map[string]string { return &r.Notes }).
				Masked(projections.Hidden),
			projections.Text("owner", func(r *boxRow) *string { return &r.Owner }).Open(),
			projections.Time("at", func(r *boxRow) *time.Time { return &r.At }).Open(),
			projections.OptionalTime("emptied_at", func(r *boxRow) **time.Time { return &r.EmptiedAt }).Open(),
		),
		KeyOf: func(r boxRow) string { return r.ID },
		Keys: func(e eventstore.Recorded) []string {
			if e.Aggregate == "box" {
				return []string{e.AggregateID}
			}
			return nil
		},
		New: func(id string) boxRow { return boxRow{ID: id, Notes: map[string]string{}} },
		Evolve: func(r boxRow, e eventstore.Recorded) boxRow {
			r.At = e.Created
			switch ev := e.Event.(type) {
			case put:
				r.Things++
				r.Last = ev.Thing
				r.Tags = slices.Concat(r.Tags, ev.Tags)
				r.Notes = map[string]string{"last": ev.Thing}
				r.Owner = cmp.Or(ev.Owner, r.Owner)
			case emptied:
				at := e.Created
				r.Things, r.EmptiedAt = 0, &at
			case poisoned:
				if failing != nil && failing.Load() {
					panic("poisoned")
				}
				r.Last = "applied"
			}
			return r
		},
		Gone: func(r boxRow) bool { return r.Things == 0 },
		Changes: func(before, after boxRow, _ eventstore.Recorded) []projections.Change {
			c := projections.Change{Kind: "box", ID: after.ID}
			if after.Owner != "" {
				c.Agents = []string{after.Owner}
			}
			if before.Owner != "" && before.Owner != after.Owner {
				c.AgentsBefore = []string{before.Owner}
			}
			return []projections.Change{c}
		},
	}
	return projections.Model{
		Name: "boxes_v1", Tables: []projections.AnyTable{t}, Consumes: []projections.Stream{{Aggregate: "box"}},
		Indexes: `CREATE INDEX {index:boxes_v1}_at_idx ON {table:boxes_v1} (at)`,
	}
}

type thingRow struct {
	Thing, Box string
	Times      int
}

type thingKey struct{ thing, box string }

// things counts how often each thing was put into each box.
func things() projections.Model {
	t := projections.Table[thingKey, thingRow]{
		Name: "things_v1",
		Columns: projections.Columns(
			projections.Key("thing", func(r *thingRow) *string { return &r.Thing }).Open(),
			projections.Key("box", func(r *thingRow) *string { return &r.Box }).Open(),
			projections.Int("times", func(r *thingRow) *int { return &r.Times }).Open(),
		),
		KeyOf: func(r thingRow) thingKey { return thingKey{r.Thing, r.Box} },
		Keys: func(e eventstore.Recorded) []thingKey {
			if p, ok := e.Event.(put); ok {
				return []thingKey{{p.Thing, e.AggregateID}}
			}
			return nil
		},
		New:    func(k thingKey) thingRow { return thingRow{Thing: k.thing, Box: k.box} },
		Evolve: func(r thingRow, _ eventstore.Recorded) thingRow { r.Times++; return r },
	}
	return projections.Model{
		Name: "things_v1", Tables: []projections.AnyTable{t},
		Consumes: []projections.Stream{{Aggregate: "box", Events: []domain.Event{put{}}}},
	}
}

type shelfRow struct {
	ID     string
	Things int
}

// shelves counts what was put on each shelf.
func shelves() projections.Model {
	t := projections.Table[string, shelfRow]{
		Name: "shelves_v1",
		Columns: projections.Columns(
			projections.Key("id", func(r *shelfRow) *string { return &r.ID }).Open(),
			projections.Int("things", func(r *shelfRow) *int { return &r.Things }).Open(),
		),
		KeyOf: func(r shelfRow) string { return r.ID },
		Keys: func(e eventstore.Recorded) []string {
			if e.Aggregate == "shelf" {
				return []string{e.AggregateID}
			}
			return nil
		},
		New:    func(id string) shelfRow { return shelfRow{ID: id} },
		Evolve: func(r shelfRow, _ eventstore.Recorded) shelfRow { r.Things++; return r },
	}
	return projections.Model{
		Name: "shelves_v1", Tables: []projections.AnyTable{t}, Consumes: []projections.Stream{{Aggregate: "shelf"}},
	}
}

// world is an event store and a database for one test.
type world struct {
	t     testing.TB
	url   string
	db    database.DB
	node  *node.Node
	store *eventstore.Store
	log   *slog.Logger
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return worldAt(t, projectionstest.Database(t))
}

func worldAt(t testing.TB, url string) *world {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction(devpg.Waiting))
	})
	w := &world{t: t, url: url, log: slog.New(slog.NewTextHandler(t.Output(), nil))}
	n, err := node.Start(t.Context(), node.Config{Insecure: true, DatabaseURL: w.url, Log: w.log})
	require.NoError(t, err)
	w.node = n
	t.Cleanup(n.Stop)
	w.store = w.openStore(catalog())
	w.db, err = database.Open(t.Context(), w.url, database.Pools{})
	require.NoError(t, err)
	t.Cleanup(w.db.Close)
	return w
}

func catalog() *eventstore.Catalog {
	return eventstore.NewCatalog(put{}, emptied{}, poisoned{}, projection.Skipped{}, projection.Rebuilt{})
}

// newer is the catalog of a newer version of the program, which has one more event.
func newer() *eventstore.Catalog {
	return eventstore.NewCatalog(put{}, emptied{}, poisoned{}, unknownType{}, projection.Skipped{}, projection.Rebuilt{})
}

// newerEmptied is the catalog of a newer version, in which an event has another structure.
func newerEmptied() *eventstore.Catalog {
	return catalog().Upcast(emptied{}, 2, func(int, map[string]json.RawMessage) {})
}

func (w *world) openStore(c *eventstore.Catalog) *eventstore.Store {
	w.t.Helper()
	s, err := eventstore.Open(w.t.Context(), eventstore.Config{
		URL: w.node.URL(), Catalog: c.Streams("box", "shelf", "projection"), Log: w.log,
	})
	require.NoError(w.t, err)
	w.t.Cleanup(s.Close)
	return s
}

func newCommands(t testing.TB, s *eventstore.Store) *commands.Commands {
	t.Helper()
	c, err := commands.New(commands.Config{
		Store: s, Now: func() time.Time { return time.Now().UTC() }, Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	return c
}

func (w *world) config(models ...projections.Model) engine.Config {
	return engine.Config{
		Store: w.store, Commands: newCommands(w.t, w.store), Pool: w.db.Clear, Models: models, Log: w.log,
		Retry: 200 * time.Millisecond,
	}
}

// run projects until the test ends or stop is called.
func (w *world) run(c engine.Config) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- engine.Run(ctx, c) }()
	var once atomic.Bool
	stop = func() {
		if once.CompareAndSwap(false, true) {
			cancel()
			require.NoError(w.t, <-done)
		}
	}
	w.t.Cleanup(stop)
	return stop
}

// append writes events to a box and returns the position of the last one.
func (w *world) append(box string, events ...domain.Event) eventstore.Position {
	w.t.Helper()
	return w.appendWith(w.store, box, events...)
}

func (w *world) appendWith(s *eventstore.Store, box string, events ...domain.Event) eventstore.Position {
	w.t.Helper()
	return w.appendTo(s, "box-"+box, events...)
}

func (w *world) appendTo(s *eventstore.Store, stream string, events ...domain.Event) eventstore.Position {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	h, err := s.Read(ctx, stream, 0)
	require.NoError(w.t, err)
	meta := eventstore.Metadata{Actor: "test", CommandID: uuid.NewString()}
	r, err := s.Append(ctx, stream, h.Revision, meta, events)
	require.NoError(w.t, err)
	return r.Position
}

// rows returns the result of a query as text.
func (w *world) rows(query string) []string {
	w.t.Helper()
	rows, err := w.db.Clear.Query(context.Background(), fmt.Sprintf(`SELECT r::text FROM (%s) r`, query))
	require.NoError(w.t, err)
	var all []string
	for rows.Next() {
		var s string
		require.NoError(w.t, rows.Scan(&s))
		all = append(all, s)
	}
	require.NoError(w.t, rows.Err())
	return all
}

func (w *world) status(name string) engine.Status {
	w.t.Helper()
	list, err := engine.List(context.Background(), w.db.Clear)
	require.NoError(w.t, err)
	i := slices.IndexFunc(list, func(s engine.Status) bool { return s.Name == name })
	if i < 0 {
		return engine.Status{}
	}
	return list[i]
}

// eventually waits until a read model is running and has reached a position.
func (w *world) eventually(name string, at eventstore.Position) {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		s := w.status(name)
		return s.State == engine.Running && !at.After(s.Position)
	}, timeout, 10*time.Millisecond, "%s is not at %s", name, at)
}

// eventuallyStopped waits until a read model stops at an event.
func (w *world) eventuallyStopped(name string) {
	w.t.Helper()
	require.Eventually(w.t, func() bool { return w.status(name).State == engine.Stopped },
		timeout, 10*time.Millisecond, "%s has not stopped", name)
}

// eventuallyHalted waits until a read model has a problem with the event at a position.
func (w *world) eventuallyHalted(name string, at eventstore.Position) {
	w.t.Helper()
	require.Eventually(w.t, func() bool { return w.status(name).ProblemPosition == at.Commit },
		timeout, 10*time.Millisecond, "%s is not halted at %s", name, at)
}
