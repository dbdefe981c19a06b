package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/domain/projection"
	"parley/eventstore"
	"parley/internal/database"
	"parley/projections"
)

// ErrRebuildRunning reports that another rebuild or verification is running on this database.
var ErrRebuildRunning = errors.New("another rebuild is running")

// Report describes the result of rebuilding or verifying one read model.
type Report struct {
	Model      string
	Generation int // the one built
	Events     int64
	Tables     []Comparison
	Took       time.Duration
}

// Differing returns how many rows in service differed from the rebuilt ones.
func (r Report) Differing() int64 {
	var n int64
	for _, t := range r.Tables {
		n += t.Differing
	}
	return n
}

// Rebuild folds the whole log into new tables next to those in service, compares the two and switches to
// the new ones. Queries are served throughout and other processes may keep projecting. One pass rebuilds
// all the named read models, or every read model if none is named. This process need not call Run, but some
// process must lead the running read models.
func Rebuild(ctx context.Context, c Config, names ...string) ([]Report, error) {
	return rebuild(ctx, c, names, true)
}

// Verify rebuilds and compares like Rebuild, then drops the new tables. Live tables that match the log
// differ in 0 rows.
func Verify(ctx context.Context, c Config, names ...string) ([]Report, error) {
	return rebuild(ctx, c, names, false)
}

func rebuild(ctx context.Context, c Config, names []string, switchOver bool) ([]Report, error) {
	b, err := newRebuilder(ctx, c, names)
	if err != nil {
		return nil, err
	}
	defer b.close(ctx)
	c = b.config
	skipped, err := readSkips(ctx, b.control)
	if err != nil {
		return nil, err
	}
	if err := b.build(ctx, skipped); err != nil {
		return nil, fmt.Errorf("rebuild: %w", err)
	}
	c.Log.Info("new generation of read models built", "events", b.loader.events, "took", time.Since(b.started))
	timeout := 15 * time.Second
	if switchOver {
		timeout = 3 * time.Second
	}
	err = b.compare(ctx, timeout)
	// Without a leader the live tables never catch up, but they can still be replaced.
	if err != nil && (!switchOver || !errors.Is(err, errAhead)) {
		return nil, fmt.Errorf("verify: %w", err)
	}
	c.Log.Info("read models compared", "took", time.Since(b.started))
	if switchOver {
		if err := b.switchOver(ctx); err != nil {
			return nil, fmt.Errorf("switch: %w", err)
		}
		c.Log.Info("read models switched", "took", time.Since(b.started))
		b.recordRebuilt(ctx)
	}
	for i := range b.reports {
		b.reports[i].Events, b.reports[i].Took = b.loader.events, time.Since(b.started)
	}
	return b.reports, nil
}

func selectModels(models []projections.Model, names []string) ([]projections.Model, error) {
	if len(names) == 0 {
		return models, nil
	}
	var chosen []projections.Model
	for _, name := range names {
		i := slices.IndexFunc(models, func(m projections.Model) bool { return m.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no read model %s", name)
		}
		chosen = append(chosen, models[i])
	}
	return chosen, nil
}

// rebuilder builds the next generation of some read models.
type rebuilder struct {
	config  Config
	control *pgx.Conn // holds the rebuild lock
	writer  *pgx.Conn
	models  []projections.Model
	loader  *bulkLoader
	reports []Report
	started time.Time
}

// newRebuilder takes the lock that lets only one rebuild or verification run. Close the rebuilder after use.
func newRebuilder(ctx context.Context, c Config, names []string) (*rebuilder, error) {
	if err := c.defaults(); err != nil {
		return nil, err
	}
	models, err := selectModels(c.Models, names)
	if err != nil {
		return nil, err
	}
	b := &rebuilder{config: c, models: models, started: time.Now()}
	if err := b.open(ctx); err != nil {
		b.close(ctx)
		return nil, err
	}
	return b, nil
}

func (b *rebuilder) open(ctx context.Context) (err error) {
	if b.control, err = connect(ctx, b.config.Pool); err != nil {
		return err
	}
	var locked bool
	err = b.control.QueryRow(ctx, `SELECT pg_try_advisory_lock(hashtextextended('parley rebuild', 0))`).Scan(&locked)
	if err != nil {
		return err
	}
	if !locked {
		return ErrRebuildRunning
	}
	if err := prepareModels(ctx, b.control, b.config.Models); err != nil {
		return err
	}
	b.writer, err = connect(ctx, b.config.Pool)
	return err
}

func (b *rebuilder) close(ctx context.Context) {
	if b.writer != nil {
		b.dropUnused(context.WithoutCancel(ctx))
		database.CloseSession(b.writer)
	}
	if b.control == nil {
		return
	}
	unlock, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	// Closing frees the lock too, but Postgres may take a moment, and the next rebuild would be refused.
	_, _ = b.control.Exec(unlock, `SELECT pg_advisory_unlock(hashtextextended('parley rebuild', 0))`)
	database.CloseSession(b.control)
}

// build creates the tables of the next generation and folds almost the whole log into them.
func (b *rebuilder) build(ctx context.Context, skipped skips) error {
	b.dropUnused(ctx)
	var projectors []*projector
	for _, m := range b.models {
		generation, err := b.createGeneration(ctx, m)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		projectors = append(projectors, newProjector(m, generation, 1, eventstore.Position{}, skipped))
		b.reports = append(b.reports, Report{Model: m.Name, Generation: generation})
	}
	b.loader = newBulkLoader(b.config, b.writer, projectors)
	if err := b.catchUp(ctx); err != nil {
		return err
	}
	if err := b.copyTables(ctx, b.writer); err != nil {
		return err
	}
	return b.catchUpAndFlush(ctx)
}

// catchUp folds until little of the log is left. Rows stay in memory.
func (b *rebuilder) catchUp(ctx context.Context) error {
	for range 10 {
		end, err := b.config.Store.Last(ctx)
		if err != nil {
			return err
		}
		n, err := b.loader.readTo(ctx, end)
		if err != nil || n < bulkChunk/2 {
			return err
		}
	}
	return nil
}

// catchUpAndFlush folds and writes until so little of the log is left that the rest takes no noticeable
// time.
func (b *rebuilder) catchUpAndFlush(ctx context.Context) error {
	if err := b.catchUp(ctx); err != nil {
		return err
	}
	return b.loader.flush(ctx, b.loader.conn)
}

func (b *rebuilder) createGeneration(ctx context.Context, m projections.Model) (generation int, err error) {
	err = pgx.BeginFunc(ctx, b.control, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `UPDATE app_data.checkpoints SET last_generation = last_generation + 1
			WHERE name = $1 RETURNING last_generation`, m.Name).Scan(&generation)
		if err != nil {
			return err
		}
		return createTables(ctx, tx, m, generation)
	})
	return generation, err
}

// recordRebuilt appends an event to the log for each rebuilt read model.
func (b *rebuilder) recordRebuilt(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for _, r := range b.reports {
		rebuilt := projection.Rebuilt{Name: r.Model, Generation: r.Generation, Events: b.loader.events}
		if err := b.config.Commands.RecordRebuilt(ctx, rebuilt); err != nil {
			b.config.Log.Warn("cannot record the rebuild in the log", "model", r.Model, "error", describe(err))
		}
	}
}
