package reactions

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/projections/messages"
	"parley/projections/settings"
)

const (
	orphanAge     = time.Hour // how long a file may be stored before something refers to it
	orphanGrace   = 14 * 24 * time.Hour
	orphansEvery  = time.Hour
	checkedAtOnce = 20_000
)

// orphans quarantines files that nothing refers to, and deletes them after days of grace. The read models only say
// where to look: before anything is touched, the log itself is read. A quarantined file that turns out to be needed
// is put back.
type orphans struct {
	Config
	logged map[string]bool // files that the log refers to although no read model does
}

func newOrphans(c Config) *orphans { return &orphans{Config: c, logged: make(map[string]bool)} }

func (o *orphans) loop() loop {
	return loop{name: "orphans", sweep: o.sweep, gap: time.Second, idle: orphansEvery}
}

// sweep first waits until the read models are current: a file whose message is not projected yet must stay.
func (o *orphans) sweep(ctx context.Context) (time.Duration, error) {
	last, err := o.Store.Last(ctx)
	if err != nil {
		return 0, err
	}
	if !o.Listener.Await(ctx, last, messages.Name, settings.Name) {
		return time.Minute, nil
	}
	now := o.Now()
	stored, err := o.unreferenced(ctx, o.Files.Each, now.Add(-orphanAge))
	if err != nil {
		return 0, err
	}
	stored = slices.DeleteFunc(stored, func(id string) bool { return o.logged[id] })
	if err := o.putBack(ctx, now); err != nil {
		return 0, err
	}
	expired, err := o.unreferenced(ctx, o.Files.EachQuarantined, now.Add(-orphanGrace))
	if err != nil {
		return 0, err
	}
	keys, err := o.unusedKeys(ctx, now.Add(-orphanGrace))
	if err != nil || len(stored)+len(expired)+len(keys) == 0 {
		return 0, err
	}
	named, err := blobsInLog(ctx, o.Store)
	if err != nil {
		return 0, err
	}
	return 0, o.settle(ctx, stored, expired, keys, named)
}

// settle quarantines and deletes what the log does not refer to either.
func (o *orphans) settle(ctx context.Context, stored, expired, keys []string, named blobNames) error {
	for _, id := range stored {
		if named.refersTo(id) {
			o.logged[id] = true
			continue
		}
		if err := o.Files.Quarantine(ctx, id); err != nil {
			return err
		}
		o.Log.Warn("a file that nothing refers to was quarantined", "file", id, "deletedAfter", orphanGrace.String())
		o.Count("orphan quarantined")
	}
	for _, id := range expired {
		if named.refersTo(id) {
			if err := o.release(ctx, id); err != nil {
				return err
			}
			continue
		}
		if err := o.Files.DeleteQuarantined(ctx, id); err != nil {
			return err
		}
		o.Log.Warn("a quarantined file was deleted", "file", id)
		o.Count("orphan removed")
	}
	unused := slices.DeleteFunc(keys, func(id string) bool {
		return named.answers[id] || o.Now().Sub(named.dropped[id]) < orphanGrace
	})
	destroyed, err := o.FileKeys.DestroyKeys(ctx, unused)
	for range destroyed {
		o.Count("orphaned key destroyed")
	}
	return err
}

// putBack returns files from quarantine that are referred to again, for example because a read model was rebuilt.
func (o *orphans) putBack(ctx context.Context, now time.Time) error {
	var quarantined []string
	if err := o.Files.EachQuarantined(ctx, now, func(id string) error {
		quarantined = append(quarantined, id)
		return nil
	}); err != nil {
		return err
	}
	orphaned, err := o.orphaned(ctx, quarantined)
	if err != nil {
		return err
	}
	for _, id := range quarantined {
		if !slices.Contains(orphaned, id) {
			if err := o.release(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *orphans) release(ctx context.Context, id string) error {
	if err := o.Files.Release(ctx, id); err != nil {
		return err
	}
	o.Log.Warn("a quarantined file is referred to and was put back", "file", id)
	o.Count("orphan put back")
	return nil
}

// unreferenced returns the files older than a time that no message, canned answer or upload refers to.
func (o *orphans) unreferenced(
	ctx context.Context, each func(context.Context, time.Time, func(string) error) error, before time.Time,
) (found []string, err error) {
	var ids []string
	check := func() error {
		orphaned, err := o.orphaned(ctx, ids)
		found, ids = append(found, orphaned...), ids[:0]
		return err
	}
	err = each(ctx, before, func(id string) error {
		if ids = append(ids, id); len(ids) < checkedAtOnce {
			return nil
		}
		return check()
	})
	if err != nil {
		return nil, err
	}
	return found, check()
}

// orphaned returns those of the files that no read model refers to.
func (o *orphans) orphaned(ctx context.Context, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := o.Pool.Query(ctx, `
		SELECT f FROM unnest($1::text[]) f
		WHERE NOT EXISTS (SELECT FROM messages m WHERE m.blob_id = f)
			AND NOT EXISTS (SELECT FROM cannedanswers c WHERE c.settings->>'blobId' = f)
			AND NOT EXISTS (SELECT FROM ops.blobs b WHERE b.id = f::uuid)`, ids)
	if err != nil {
		return nil, fmt.Errorf("look for orphaned files: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// unusedKeys returns the canned answer files, not used since a time, whose key no canned answer seems to need. A message
// with the same file has a key of its own.
func (o *orphans) unusedKeys(ctx context.Context, before time.Time) ([]string, error) {
	rows, err := o.Pool.Query(ctx,
		`SELECT settings->>'blobId' FROM cannedanswers WHERE settings->>'blobId' IS NOT NULL`)
	if err != nil {
		return nil, fmt.Errorf("look for orphaned keys: %w", err)
	}
	used, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("look for orphaned keys: %w", err)
	}
	known, err := o.FileKeys.Keys(ctx, before)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(known, func(id string) bool { return slices.Contains(used, id) }), nil
}
