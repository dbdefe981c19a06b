package reactions

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/projections/messages"
	"parley/projections/settings"
)

const (
	orphanAge     = 30 * time.Minute // a file nobody refers to by then was left by somebody who stopped
	orphansEvery  = 10 * time.Minute
	checkedAtOnce = 20_000
)

// orphans removes files that were written and never came into the log, and keys of files that no canned answer has any more.
type orphans struct{ Config }

func (o *orphans) loop() loop {
	return loop{name: "orphans", sweep: o.sweep, gap: time.Second, idle: orphansEvery}
}

// sweep compares all files older than orphanAge with what messages and canned answers refer to, when their read models are
// up to date: a file must not go because its message has not been projected.
func (o *orphans) sweep(ctx context.Context) (time.Duration, error) {
	last, err := o.Store.Last(ctx)
	if err != nil {
		return 0, err
	}
	if !o.Listener.Await(ctx, last, messages.Name, settings.Name) {
		return time.Minute, nil
	}
	var ids []string
	check := func() error {
		orphaned, err := o.orphaned(ctx, ids)
		ids = ids[:0]
		for _, id := range orphaned {
			if err == nil {
				err = o.Files.Delete(ctx, id)
				o.Count("orphan removed")
			}
		}
		return err
	}
	err = o.Files.Each(ctx, o.Now().Add(-orphanAge), func(id string) error {
		if ids = append(ids, id); len(ids) < checkedAtOnce {
			return nil
		}
		return check()
	})
	if err != nil {
		return 0, err
	}
	if err := check(); err != nil {
		return 0, err
	}
	return 0, o.keys(ctx)
}

// keys destroys the keys of canned answers' files that no answer has any more. A message that has the file has a key of its own.
func (o *orphans) keys(ctx context.Context) error {
	rows, err := o.Pool.Query(ctx, `SELECT settings->>'blobId' FROM cannedanswers WHERE settings->>'blobId' IS NOT NULL`)
	if err != nil {
		return fmt.Errorf("look for orphaned keys: %w", err)
	}
	kept, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look for orphaned keys: %w", err)
	}
	destroyed, err := o.Files.KeepKeys(ctx, kept, o.Now().Add(-orphanAge))
	for range destroyed {
		o.Count("orphaned key destroyed")
	}
	return err
}

// orphaned is those of the files that no message and no canned answer refers to and that are not in the index of what was uploaded.
func (o *orphans) orphaned(ctx context.Context, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := o.Pool.Query(ctx, `
		SELECT f FROM unnest($1::text[]) f
		WHERE NOT EXISTS (SELECT FROM messages m WHERE m.blob_id = f)
			AND NOT EXISTS (SELECT FROM cannedanswers c WHERE c.settings->>'blobId' = f)
			AND NOT EXISTS (SELECT FROM ops.blobs b WHERE b.id = f::uuid AND b.deleted_at IS NULL)`, ids)
	if err != nil {
		return nil, fmt.Errorf("look for orphaned files: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
