package projections_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/domain"
	"parley/domain/projection"
	"parley/eventstore"
	"parley/eventstore/node"
	"parley/internal/devpg"
	"parley/projections"
	"parley/projections/projectionstest"
)

const patience = 20 * time.Second

// Events of a box things are put into, for tests.
type (
	put struct {
		Thing string   `json:"thing"`
		Tags  []string `json:"tags"`
		Owner string   `json:"owner"`
	}
	emptied struct{}
	cursed  struct{} // a read model may fail on it
	unheard struct{} // of a newer version of the program
)

func (put) EventType() string     { return "BoxPut" }
func (emptied) EventType() string { return "BoxEmptied" }
func (cursed) EventType() string  { return "BoxCursed" }
func (unheard) EventType() string { return "BoxUnheard" }

type boxRow struct {
	ID      string
	Things  int64
	Last    string
	Tags    []string
	Notes   map[string]string
	Owner   *string
	At      time.Time
	Blessed bool
}

// boxes has a row for every box that is not empty.
func boxes(bad *atomic.Bool) projections.Model {
	t := projections.Table[string, boxRow]{
		Name: "boxes_v1",
		Columns: []projections.Column[boxRow]{
			projections.Col("id", "text", func(r *boxRow) *string { return &r.ID }),
			projections.Col("things", "bigint", func(r *boxRow) *int64 { return &r.Things }),
			projections.Col("last", "text", func(r *boxRow) *string { return &r.Last }),
			projections.Col("tags", "text[]", func(r *boxRow) *[]string { return &r.Tags }),
			projections.Col("notes", "jsonb", func(r *boxRow) *map[string]string { return &r.Notes }),
			projections.Col("owner", "text", func(r *boxRow) **string { return &r.Owner }),
			projections.Col("at", "timestamptz", func(r *boxRow) *time.Time { return &r.At }),
		},
		Key:   1,
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
				if ev.Owner != "" {
					r.Owner = &ev.Owner
				}
			case emptied:
				r.Things = 0
			case cursed:
				if bad != nil && bad.Load() {
					panic("cursed")
				}
				r.Last = "lifted"
			}
			return r
		},
		Gone: func(r boxRow) bool { return r.Things == 0 },
		Changes: func(before, after boxRow, _ eventstore.Recorded) []projections.Change {
			c := projections.Change{Kind: "box", ID: after.ID}
			if after.Owner != nil {
				c.Agents = []string{*after.Owner}
			}
			if before.Owner != nil && (after.Owner == nil || *before.Owner != *after.Owner) {
				c.AgentsBefore = []string{*before.Owner}
			}
			return []projections.Change{c}
		},
	}
	return projections.Model{
		Name: "boxes_v1", Tables: []projections.AnyTable{t},
		Schema: `CREATE TABLE {table:boxes_v1} (
			id text PRIMARY KEY, things bigint NOT NULL, last text NOT NULL CHECK (last <> 'refused'), tags text[] NOT NULL,
			notes jsonb NOT NULL, owner text, at timestamptz NOT NULL)`,
		Indexes: `CREATE INDEX {index:boxes_v1}_at_idx ON {table:boxes_v1} (at)`,
		Views: `CREATE OR REPLACE VIEW app.boxes AS SELECT id, things, last, tags, notes, owner, at FROM {table:boxes_v1};
			CREATE OR REPLACE VIEW masked.boxes AS SELECT id, things, masked.mask_name(last, 'PARTIAL', 2) AS last, tags FROM {table:boxes_v1};`,
	}
}

type thingRow struct {
	Thing, Box string
	Times      int
}

type thingKey struct{ thing, box string }

// things counts how often a thing was put into a box.
func things() projections.Model {
	t := projections.Table[thingKey, thingRow]{
		Name: "things_v1",
		Columns: []projections.Column[thingRow]{
			projections.Col("thing", "text", func(r *thingRow) *string { return &r.Thing }),
			projections.Col("box", "text", func(r *thingRow) *string { return &r.Box }),
			projections.Col("times", "integer", func(r *thingRow) *int { return &r.Times }),
		},
		Key:   2,
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
		Schema: `CREATE TABLE {table:things_v1} (thing text, box text, times integer NOT NULL, PRIMARY KEY (thing, box))`,
		Views:  `CREATE OR REPLACE VIEW app.things AS SELECT thing, box, times FROM {table:things_v1}`,
	}
}

// world is a node and a database of the test's own.
type world struct {
	t     testing.TB
	url   string
	db    projections.DB
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
	n, err := node.Start(t.Context(), node.Config{DatabaseURL: w.url, Log: w.log})
	require.NoError(t, err)
	w.node = n
	t.Cleanup(n.Stop)
	w.store = w.openStore(catalog())
	w.db, err = projections.Open(t.Context(), w.url, projections.Pools{})
	require.NoError(t, err)
	t.Cleanup(w.db.Close)
	return w
}

func catalog() *eventstore.Catalog {
	return eventstore.NewCatalog(put{}, emptied{}, cursed{}, projection.Skipped{}, projection.Rebuilt{}).Streams("box", "projection")
}

func (w *world) openStore(c *eventstore.Catalog) *eventstore.Store {
	w.t.Helper()
	s, err := eventstore.Open(w.t.Context(), eventstore.Config{URL: w.node.URL(), Catalog: c.Streams("box", "projection"), Log: w.log})
	require.NoError(w.t, err)
	w.t.Cleanup(s.Close)
	return s
}

func (w *world) config(models ...projections.Model) projections.Config {
	return projections.Config{Store: w.store, Pool: w.db.Clear, Models: models, Log: w.log, Retry: 200 * time.Millisecond}
}

// run projects until the test ends or stop is called.
func (w *world) run(c projections.Config) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- projections.Run(ctx, c) }()
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

// append writes events to a box and returns the position of the last.
func (w *world) append(box string, events ...domain.Event) eventstore.Position {
	w.t.Helper()
	return w.appendWith(w.store, box, events...)
}

func (w *world) appendWith(s *eventstore.Store, box string, events ...domain.Event) eventstore.Position {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	h, err := s.Read(ctx, "box-"+box, 0)
	require.NoError(w.t, err)
	r, err := s.Append(ctx, "box-"+box, h.Revision, eventstore.Metadata{Actor: "test", CommandID: uuid.NewString()}, events)
	require.NoError(w.t, err)
	return r.Position
}

// rows is what a query gives, as text.
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

func (w *world) status(name string) projections.Status {
	w.t.Helper()
	list, err := projections.List(context.Background(), w.db.Clear)
	require.NoError(w.t, err)
	i := slices.IndexFunc(list, func(s projections.Status) bool { return s.Name == name })
	if i < 0 {
		return projections.Status{}
	}
	return list[i]
}

// eventually waits for a read model to come to a position.
func (w *world) eventually(name string, at eventstore.Position) {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		s := w.status(name)
		return s.State == projections.Running && !at.After(s.Position)
	}, patience, 10*time.Millisecond, "%s is not at %s", name, at)
}
