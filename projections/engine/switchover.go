package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/internal/database"
	"parley/projections"
)

// switchOver puts the new tables into service.
func (b *rebuilder) switchOver(ctx context.Context) error {
	return b.atBarrier(ctx, barrier{timeout: time.Minute, do: func(tx pgx.Tx, checkpoints map[string]checkpoint) error {
		if err := b.putIntoService(ctx, tx, checkpoints); err != nil {
			return err
		}
		return startEpoch(ctx, tx)
	}})
}

// putIntoService makes the projector write to the new tables and the views read from them.
func (b *rebuilder) putIntoService(ctx context.Context, tx pgx.Tx, checkpoints map[string]checkpoint) error {
	for _, p := range b.loader.projectors {
		_, err := tx.Exec(ctx, `
			UPDATE app_data.checkpoints SET generation = $2, state = 'RUNNING',
				commit_position = $3, prepare_position = $4, problem = '', problem_position = 0, attempts = 0, updated_at = now()
			WHERE name = $1`,
			p.model.Name, p.generation, int64(b.loader.at.Commit), int64(b.loader.at.Prepare))
		if err != nil {
			return err
		}
		c := checkpoints[p.model.Name]
		c.generation = p.generation
		checkpoints[p.model.Name] = c
	}
	return b.switchViews(ctx, tx, checkpoints)
}

// switchViews points the views at the new tables. If a view's columns changed, it recreates all views,
// since others may depend on it.
func (b *rebuilder) switchViews(ctx context.Context, tx pgx.Tx, checkpoints map[string]checkpoint) error {
	err := pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
		for _, p := range b.loader.projectors {
			if err := createViews(ctx, tx, p.model, p.generation); err != nil {
				return fmt.Errorf("%s: %w", p.model.Name, err)
			}
		}
		return nil
	})
	if database.Code(err) != "42P16" {
		return err
	}
	for _, m := range b.config.Models {
		for _, name := range m.ViewNames() {
			if _, err := tx.Exec(ctx, `DROP VIEW IF EXISTS `+name+` CASCADE`); err != nil {
				return err
			}
		}
	}
	for _, m := range b.config.Models {
		if err := createViews(ctx, tx, m, checkpoints[m.Name].generation); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	return nil
}

// dropUnused drops the tables of generations not in service. If a query still holds one, the next rebuild
// drops it.
func (b *rebuilder) dropUnused(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := b.tryDropUnused(ctx); err != nil {
		b.config.Log.Warn("cannot drop unused tables", "error", describe(err))
	}
}

func (b *rebuilder) tryDropUnused(ctx context.Context) error {
	if b.control.IsClosed() {
		return pgx.ErrTxClosed
	}
	checkpoints, err := readCheckpoints(ctx, b.control)
	if err != nil {
		return err
	}
	retry := newBackoff(50*time.Millisecond, time.Second)
	for _, m := range b.models {
		c := checkpoints[m.Name]
		for _, t := range m.Tables {
			for g := max(1, c.lastGeneration-20); g <= c.lastGeneration; g++ {
				if g == c.generation {
					continue
				}
				for {
					_, err := b.control.Exec(ctx, `DROP TABLE IF EXISTS `+projections.Physical(t.TableName(), g))
					if err == nil {
						break
					}
					if database.Code(err) != "55P03" || !retry.wait(ctx) {
						return err
					}
				}
			}
		}
	}
	return nil
}
