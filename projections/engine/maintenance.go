package engine

import (
	"context"
	"time"
)

// maintain checks the connection, makes way for a newer version and prunes old changes until ctx ends or the connection is lost.
func (l *leader) maintain(ctx context.Context) error {
	var pruned time.Time
	for sleep(ctx, maintenanceInterval) {
		if err := l.ping(ctx); err != nil {
			return err
		}
		if err := l.checkHandover(ctx); err != nil {
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

// pruneSQL deletes a chunk of the changes older than 24 hours and returns whether there may be more.
const pruneSQL = `
WITH old AS (
	SELECT max(position) AS through, count(*) AS rows
	FROM (SELECT position, recorded_at FROM app_data.changes ORDER BY position LIMIT 20000) c
	WHERE recorded_at < now() - interval '24 hours'
), moved AS (
	UPDATE app_data.progress SET pruned_through = old.through FROM old
	WHERE old.through > pruned_through RETURNING 1
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
