package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

const (
	idleCheckpoint = 10 * time.Second // between positions stored though no event of ours came
	staleAfter     = 10 * time.Minute // the age from which events caught up with are not announced
	chores         = 2 * time.Second
	lateLog        = 5 * time.Second // that a server of the event store may be behind another
	stuck          = time.Minute     // for which a batch may take; then the connection is given up
)

// leader is the one process that projects.
type leader struct {
	config Config
	log    *slog.Logger
	conn   *pgx.Conn

	mu       sync.Mutex // of conn and what follows
	progress progress
	members  []*member
	skips    skips
	stored   time.Time // when the position was last stored

	reload chan struct{}
	solos  map[string]bool // read models that go alone just now; guarded by soloMu
	soloMu sync.Mutex
	alone  sync.WaitGroup
}

func newLeader(c Config, conn *pgx.Conn) *leader {
	return &leader{config: c, log: c.Log, conn: conn, reload: make(chan struct{}, 1), solos: make(map[string]bool)}
}

// lead projects until ctx ends or the database is lost.
func (l *leader) lead(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer l.alone.Wait()
	defer cancel(nil)
	if err := prepareModels(ctx, l.conn, l.config.Models); err != nil {
		return err
	}
	if err := l.firstFill(ctx); err != nil {
		return err
	}
	l.alone.Go(func() { cancel(l.doChores(ctx)) })
	blocked := newPause(time.Second, l.config.Retry)
	for {
		if err := l.load(ctx); err != nil {
			return err
		}
		err := l.checkLog(ctx)
		if err == nil {
			err = l.follow(ctx)
		}
		var b *blockedError
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, errFenced), errors.Is(err, errReload):
		case errors.As(err, &b):
			blocked.wait(ctx)
			continue
		case err != nil:
			return err
		}
		blocked.reset()
	}
}

// load looks who runs in step, and from where. Those who do not get going alone.
func (l *leader) load(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var checkpoints map[string]checkpoint
	err := pgx.BeginTxFunc(ctx, l.conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) (err error) {
		if l.progress, err = readProgress(ctx, tx); err != nil {
			return err
		}
		if checkpoints, err = readCheckpoints(ctx, tx); err != nil {
			return err
		}
		l.skips, err = readSkips(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("read checkpoints: %w", err)
	}
	if err := l.retire(ctx, checkpoints); err != nil {
		return err
	}
	l.members = nil
	var fresh []Model
	for _, m := range l.config.Models {
		c, known := checkpoints[m.Name]
		if !known {
			return errReset
		}
		switch c.state {
		case Running:
			l.members = append(l.members, newMember(m, c.generation, l.config.CacheRows, later(c.at, l.progress.at), l.skips))
		case Stopped:
			l.goAlone(ctx, m.Name, func(ctx context.Context) { l.runAlone(ctx, m) })
		case Rebuilding:
			fresh = append(fresh, m)
		}
	}
	if len(fresh) > 0 {
		l.goAlone(ctx, "*", func(ctx context.Context) { l.buildNew(ctx, fresh) })
	}
	return nil
}

// retire marks read models that this version of the program does not have. Should an older version come back, they are
// filled again.
func (l *leader) retire(ctx context.Context, checkpoints map[string]checkpoint) error {
	names := slices.Collect(maps.Keys(checkpoints))
	for _, m := range l.config.Models {
		names = slices.DeleteFunc(names, func(name string) bool { return name == m.Name })
	}
	if len(names) == 0 {
		return nil
	}
	_, err := l.conn.Exec(ctx, `
		UPDATE app_data.checkpoints SET state = 'REBUILDING', problem = 'RETIRED', updated_at = now()
		WHERE name = ANY($1) AND problem <> 'RETIRED'`, names)
	return err
}

// goAlone starts what is not running yet.
func (l *leader) goAlone(ctx context.Context, name string, run func(context.Context)) {
	l.soloMu.Lock()
	defer l.soloMu.Unlock()
	if l.solos[name] {
		return
	}
	l.solos[name] = true
	l.alone.Go(func() {
		run(ctx)
		l.soloMu.Lock()
		delete(l.solos, name)
		l.soloMu.Unlock()
		l.askReload()
	})
}

func (l *leader) askReload() {
	select {
	case l.reload <- struct{}{}:
	default:
	}
}

// follow folds what the store delivers until something stands in the way. Being asked to reload ends the subscription, never a
// batch, which would cost the connection and the lead with it.
func (l *leader) follow(ctx context.Context) error {
	subscription, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-l.reload:
			cancel(errReload)
		case <-stop:
		}
	}()
	err := l.config.Store.Subscribe(subscription, l.progress.at, func(_ context.Context, b eventstore.Batch) error { return l.take(ctx, b) })
	if err == nil {
		err = context.Cause(subscription)
	}
	return err
}

// take folds one batch, as far as nothing unknown stands in its way.
func (l *leader) take(ctx context.Context, b eventstore.Batch) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, stuck)
	defer cancel()
	events, through := b.Events, b.Through
	unknown := unknownEvent(events, l.skips, "*")
	if unknown >= 0 {
		through = before(events, events[unknown].Position, l.progress.at)
		events = events[:unknown]
	}
	if len(events) > 0 || (unknown < 0 && through.After(l.progress.at) && time.Since(l.stored) > idleCheckpoint) {
		if err := l.project(ctx, events, through, l.stale(b)); err != nil {
			return err
		}
		l.stored = time.Now()
	}
	if unknown >= 0 {
		return l.block(ctx, b.Events[unknown])
	}
	return nil
}

// stale says whether the batch is history that no open screen waits for.
func (l *leader) stale(b eventstore.Batch) bool {
	return !b.CaughtUp && len(b.Events) > 0 && time.Since(b.Events[0].Created) > staleAfter
}

func (l *leader) project(ctx context.Context, events []eventstore.Recorded, through eventstore.Position, silent bool) error {
	err := l.step(ctx, events, through, silent)
	if err == nil || transient(ctx, l.conn, err) {
		return err
	}
	return l.isolate(ctx, events, through, silent)
}

// doChores looks that the connection lives, and forgets old changes. It returns when ctx ends or the connection is lost.
func (l *leader) doChores(ctx context.Context) error {
	var pruned time.Time
	for sleep(ctx, chores) {
		if err := l.ping(ctx); err != nil {
			return err
		}
		if time.Since(pruned) < time.Minute {
			continue
		}
		if err := l.prune(ctx); err != nil {
			return err
		}
		pruned = time.Now()
	}
	return ctx.Err()
}

func (l *leader) ping(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return l.conn.Ping(ctx)
}

// pruneSQL forgets some of the changes older than 24 hours, and says whether there may be more.
const pruneSQL = `
WITH old AS (
	SELECT max(position) AS through, count(*) AS rows
	FROM (SELECT position, recorded_at FROM app_data.changes ORDER BY position LIMIT 20000) c WHERE recorded_at < now() - interval '24 hours'
), moved AS (
	UPDATE app_data.progress SET pruned_through = old.through FROM old WHERE old.through > pruned_through RETURNING 1
), gone AS (
	DELETE FROM app_data.changes USING old WHERE position <= old.through RETURNING 1
)
SELECT (SELECT count(*) FROM gone) >= 20000`

func (l *leader) prune(ctx context.Context) error {
	for more := true; more; {
		l.mu.Lock()
		err := l.conn.QueryRow(ctx, pruneSQL).Scan(&more)
		l.mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}
