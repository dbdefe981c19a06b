package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
	"parley/internal/database"
)

// Relocation fills new read models from a copy of the log in another event store. Those in service stay on
// the present log and keep running until Switch.
type Relocation struct {
	b     *rebuilder
	moved map[uint64]uint64 // positions of the skipped events: from the present log to the copy
}

// Skipped returns the commit positions, in the present log, of the events that operators have skipped.
func Skipped(ctx context.Context, c Config) (map[uint64]bool, error) {
	all, err := readSkips(ctx, c.Pool)
	if err != nil {
		return nil, fmt.Errorf("read which events are skipped: %w", err)
	}
	positions := make(map[uint64]bool)
	for _, commits := range all {
		for commit := range commits {
			positions[commit] = true
		}
	}
	return positions, nil
}

// Relocate folds the log in c.Store, whose identity is c.LogID, into new tables. moved maps the positions of
// the skipped events from the present log to that one. Close the relocation after use.
func Relocate(ctx context.Context, c Config, moved map[uint64]uint64) (*Relocation, error) {
	b, err := newRebuilder(ctx, c, nil)
	if err != nil {
		return nil, err
	}
	r := &Relocation{b: b, moved: moved}
	present, err := readSkips(ctx, b.control)
	if err != nil {
		r.Close(ctx)
		return nil, err
	}
	there := make(skips)
	for name, commits := range present {
		there[name] = make(map[uint64]bool)
		for commit := range commits {
			if at, found := moved[commit]; found {
				there[name][at] = true
			}
		}
	}
	if err := b.build(ctx, there); err != nil {
		r.Close(ctx)
		return nil, fmt.Errorf("fill the read models: %w", err)
	}
	return r, nil
}

// Conn returns the connection that commits the switch. Locks taken on it are held while it does.
func (r *Relocation) Conn() *pgx.Conn { return r.b.control }

// Events returns how many events were folded.
func (r *Relocation) Events() int64 { return r.b.loader.events }

// CatchUp folds the events that the copy has received since.
func (r *Relocation) CatchUp(ctx context.Context) error { return r.b.catchUpAndFlush(ctx) }

// Switch puts the new read models into service, with the copy as their log. Nothing may be appended to either
// log until it returns. Desktops then reload their data.
func (r *Relocation) Switch(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	retry := newBackoff(50*time.Millisecond, 500*time.Millisecond)
	for wait := 500 * time.Millisecond; ; wait = min(2*wait, 8*time.Second) {
		err := r.CatchUp(ctx)
		if err == nil {
			err = pgx.BeginFunc(ctx, r.b.control, func(tx pgx.Tx) error { return r.trySwitch(ctx, tx, wait) })
		}
		if database.Code(err) != "55P03" || !retry.wait(limit) { // a reader holds a view
			return err
		}
	}
}

// trySwitch waits so long for each lock. Readers that come meanwhile wait behind it.
func (r *Relocation) trySwitch(ctx context.Context, tx pgx.Tx, wait time.Duration) error {
	_, err := tx.Exec(ctx, `SELECT set_config('lock_timeout', $1, true)`, fmt.Sprint(wait.Milliseconds()))
	if err != nil {
		return err
	}
	if _, err := lockProgress(ctx, tx); err != nil {
		return err
	}
	checkpoints, err := readCheckpoints(ctx, tx)
	if err != nil {
		return err
	}
	if err := r.b.putIntoService(ctx, tx, checkpoints); err != nil {
		return err
	}
	if err := r.moveSkips(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `TRUNCATE app_data.changes`); err != nil {
		return err
	}
	at, last := r.b.loader.at, r.b.loader.last
	_, err = tx.Exec(ctx, `UPDATE app_data.progress SET event_log = $1, log_id = gen_random_uuid(),
			commit_position = $2, prepare_position = $3, last_event = $4, last_commit = $5, last_prepare = $6,
			silent = false, pruned_through = 0, problem = ''`,
		r.b.config.LogID, int64(at.Commit), int64(at.Prepare),
		eventID(last), int64(last.Position.Commit), int64(last.Position.Prepare))
	if err != nil {
		return err
	}
	return startEpoch(ctx, tx)
}

// moveSkips gives each skip the position of its event in the copy. That may be the old position of another
// skip, so new positions are negative until all are written.
func (r *Relocation) moveSkips(ctx context.Context, tx pgx.Tx) error {
	var here, there []int64
	for from, to := range r.moved {
		here, there = append(here, int64(from)), append(there, int64(to))
	}
	_, err := tx.Exec(ctx, `UPDATE app_data.skips SET commit_position = -moved.there
		FROM unnest($1::bigint[], $2::bigint[]) moved (here, there) WHERE commit_position = moved.here`, here, there)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM app_data.skips WHERE commit_position > 0`); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE app_data.skips SET commit_position = -commit_position`)
	return err
}

// Close releases the rebuild lock and drops the tables that are not in service.
func (r *Relocation) Close(ctx context.Context) { r.b.close(ctx) }

// At returns the position up to which the copy was folded.
func (r *Relocation) At() eventstore.Position { return r.b.loader.at }
