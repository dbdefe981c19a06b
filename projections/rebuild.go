package projections

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

// ErrRebuildRunning says another rebuild or verify is at work on this database.
var ErrRebuildRunning = errors.New("another rebuild is running")

// Report says what a rebuild or verify did to one read model.
type Report struct {
	Model      string
	Generation int // that was built
	Events     int64
	Tables     []Comparison
	Took       time.Duration
}

// Differing is how many rows of the tables that served before were not as the log says.
func (r Report) Differing() int64 {
	var n int64
	for _, t := range r.Tables {
		n += t.Differing
	}
	return n
}

// Rebuild folds the whole log into new tables beside those that serve, compares the two and switches to the new ones. Queries are
// served throughout; other processes may go on projecting. All read models named are rebuilt in one pass, none means every one.
// It needs no Run in this process, but the read models that run must be led by some process.
func Rebuild(ctx context.Context, c Config, names ...string) ([]Report, error) {
	return build(ctx, c, names, true)
}

// Verify does what Rebuild does up to the comparison and then throws the new tables away. Live tables that are as the log says
// differ in 0 rows.
func Verify(ctx context.Context, c Config, names ...string) ([]Report, error) {
	return build(ctx, c, names, false)
}

func build(ctx context.Context, c Config, names []string, switchOver bool) ([]Report, error) {
	if err := c.defaults(); err != nil {
		return nil, err
	}
	models, err := named(c.Models, names)
	if err != nil {
		return nil, err
	}
	control, err := connect(ctx, c.Pool)
	if err != nil {
		return nil, err
	}
	defer closeConn(control)
	var alone bool
	err = control.QueryRow(ctx, `SELECT pg_try_advisory_lock(hashtextextended('parley rebuild', 0))`).Scan(&alone)
	if err != nil {
		return nil, err
	}
	if !alone {
		return nil, ErrRebuildRunning
	}
	if err := prepareModels(ctx, control, c.Models); err != nil {
		return nil, err
	}
	writer, err := connect(ctx, c.Pool)
	if err != nil {
		return nil, err
	}
	defer closeConn(writer)
	b := &builder{config: c, control: control, models: models, started: time.Now()}
	defer b.dropLeftovers(context.WithoutCancel(ctx))
	if err := b.fill(ctx, writer); err != nil {
		return nil, fmt.Errorf("rebuild: %w", err)
	}
	c.Log.Info("read models filled beside those that serve", "events", b.filler.events, "took", time.Since(b.started))
	patience := 15 * time.Second
	if switchOver {
		patience = 3 * time.Second
	}
	err = b.compare(ctx, patience)
	if err != nil && (!switchOver || !errors.Is(err, errAhead)) { // with nobody projecting there is nothing equally far
		return nil, fmt.Errorf("verify: %w", err)
	}
	c.Log.Info("read models compared", "took", time.Since(b.started))
	if switchOver {
		if err := b.switchOver(ctx); err != nil {
			return nil, fmt.Errorf("switch: %w", err)
		}
		c.Log.Info("read models switched", "took", time.Since(b.started))
		b.record(ctx)
	}
	for i := range b.reports {
		b.reports[i].Events, b.reports[i].Took = b.filler.events, time.Since(b.started)
	}
	return b.reports, nil
}

func named(models []Model, names []string) ([]Model, error) {
	if len(names) == 0 {
		return models, nil
	}
	var chosen []Model
	for _, name := range names {
		i := slices.IndexFunc(models, func(m Model) bool { return m.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no read model %s", name)
		}
		chosen = append(chosen, models[i])
	}
	return chosen, nil
}

// builder builds the next generation of some read models.
type builder struct {
	config  Config
	control *pgx.Conn
	models  []Model
	filler  *filler
	reports []Report
	started time.Time
}

// fill makes the tables of the next generation and folds the log into them, nearly up to its end.
func (b *builder) fill(ctx context.Context, writer *pgx.Conn) error {
	b.dropLeftovers(ctx)
	skipped, err := readSkips(ctx, b.control)
	if err != nil {
		return err
	}
	var members []*member
	for _, m := range b.models {
		generation, err := b.nextGeneration(ctx, m)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		members = append(members, newMember(m, generation, 1, eventstore.Position{}, skipped))
		b.reports = append(b.reports, Report{Model: m.Name, Generation: generation})
	}
	b.filler = newFiller(b.config, writer, members, skipped)
	if err := b.readOn(ctx); err != nil {
		return err
	}
	if err := b.writeTables(ctx, writer); err != nil {
		return err
	}
	return b.readToEnd(ctx)
}

// readToEnd reads and writes until little is left, so that the rest takes no time worth speaking of.
func (b *builder) readToEnd(ctx context.Context) error {
	if err := b.readOn(ctx); err != nil {
		return err
	}
	return b.filler.flush(ctx, b.filler.conn)
}

// readOn folds until little of the log is left. Rows stay in memory.
func (b *builder) readOn(ctx context.Context) error {
	for range 10 {
		end, err := b.config.Store.Last(ctx)
		if err != nil {
			return err
		}
		n, err := b.filler.read(ctx, end)
		if err != nil || n < fillChunk/2 {
			return err
		}
	}
	return nil
}

func (b *builder) nextGeneration(ctx context.Context, m Model) (generation int, err error) {
	err = pgx.BeginFunc(ctx, b.control, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `UPDATE app_data.checkpoints SET last_generation = last_generation + 1 WHERE name = $1 RETURNING last_generation`, m.Name).
			Scan(&generation)
		if err != nil {
			return err
		}
		return createTables(ctx, tx, m, generation)
	})
	return generation, err
}

// leveling is what to do while everybody is held where they are, and the new tables are at least as far.
type leveling struct {
	exactly  bool // the new tables must not be further
	patience time.Duration
	do       func(tx pgx.Tx, checkpoints map[string]checkpoint) error
}

// errAhead says the new tables are further than those that serve.
var errAhead = errors.New("the read models that run have not come to the end of the log")

// level holds everybody else where they are, folds the last events, and does what is to be done then. It tries again while
// readers of the views or the leader are in the way. Its patience ends between two attempts, never within one, which would cost
// the connection and with it the lock that keeps others from rebuilding.
func (b *builder) level(ctx context.Context, l leveling) error {
	patient, cancel := context.WithTimeout(ctx, l.patience)
	defer cancel()
	p := newPause(50*time.Millisecond, 500*time.Millisecond)
	for {
		err := pgx.BeginFunc(ctx, b.control, func(tx pgx.Tx) error { return b.levelIn(ctx, tx, l) })
		if !errors.Is(err, errAhead) && sqlState(err) != "55P03" {
			return err
		}
		if !p.wait(patient) {
			return err
		}
		if errors.Is(err, errAhead) {
			continue
		}
		if err := b.readToEnd(ctx); err != nil {
			return err
		}
	}
}

func (b *builder) levelIn(ctx context.Context, tx pgx.Tx, l leveling) error {
	if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '500ms'`); err != nil {
		return err
	}
	p, err := lockProgress(ctx, tx)
	if err != nil {
		return err
	}
	checkpoints, err := readCheckpoints(ctx, tx)
	if err != nil {
		return err
	}
	if p.at.After(b.filler.at) {
		if _, err := b.filler.read(ctx, p.at); err != nil {
			return err
		}
		if err := b.filler.flush(ctx, b.filler.conn); err != nil {
			return err
		}
		b.filler.at = p.at // after the last event of ours others may have come
	}
	if l.exactly {
		for _, m := range b.models {
			if later(checkpoints[m.Name].at, b.filler.at).After(p.at) {
				return errAhead
			}
		}
	}
	return l.do(tx, checkpoints)
}

// record puts into the log that the read models were rebuilt.
func (b *builder) record(ctx context.Context) {
	for _, r := range b.reports {
		if err := recordRebuilt(ctx, b.config.Store, r, b.filler.events); err != nil {
			b.config.Log.Warn("the rebuild is not in the log", "model", r.Model, "error", describe(err))
		}
	}
}
