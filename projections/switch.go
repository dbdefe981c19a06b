package projections

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Comparison is one table as it served against the same table rebuilt.
type Comparison struct {
	Table     string
	Rows      int64 // of both together, each key once
	Differing int64 // that are missing on one side or not the same
}

// compare compares the tables that run with the new ones, both exactly as far, while everybody goes on. A read model that does not
// run has nothing to compare with.
func (b *builder) compare(ctx context.Context, patience time.Duration) error {
	reader, err := connect(ctx, b.config.Pool)
	if err != nil {
		return err
	}
	defer closeConn(reader)
	tx, err := reader.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	var live map[string]checkpoint
	err = b.level(ctx, leveling{exactly: true, patience: patience, do: func(_ pgx.Tx, checkpoints map[string]checkpoint) error {
		live = checkpoints
		_, err := tx.Exec(ctx, `SELECT FROM app_data.progress`) // takes the snapshot
		return err
	}})
	if err != nil {
		return err
	}
	for i, m := range b.filler.members {
		c := live[m.model.Name]
		if c.state != Running {
			continue
		}
		for n, t := range m.model.Tables {
			r := Comparison{Table: t.TableName()}
			if err := tx.QueryRow(ctx, m.statements[n].comparison(physical(t.TableName(), c.generation))).Scan(&r.Rows, &r.Differing); err != nil {
				return fmt.Errorf("%s: %w", t.TableName(), err)
			}
			b.reports[i].Tables = append(b.reports[i].Tables, r)
		}
	}
	return nil
}

// switchOver makes the new tables the ones that serve.
func (b *builder) switchOver(ctx context.Context) error {
	return b.level(ctx, leveling{patience: time.Minute, do: func(tx pgx.Tx, checkpoints map[string]checkpoint) error {
		for _, m := range b.filler.members {
			_, err := tx.Exec(ctx, `
				UPDATE app_data.checkpoints SET generation = $2, state = 'RUNNING', commit_position = $3, prepare_position = $4,
					problem = '', problem_position = 0, attempts = 0, updated_at = now() WHERE name = $1`,
				m.model.Name, m.generation, int64(b.filler.at.Commit), int64(b.filler.at.Prepare))
			if err != nil {
				return err
			}
			c := checkpoints[m.model.Name]
			c.generation = m.generation
			checkpoints[m.model.Name] = c
		}
		if err := b.replaceViews(ctx, tx, checkpoints); err != nil {
			return err
		}
		return bump(ctx, tx)
	}})
}

// replaceViews points the views at the new tables. When a view has got another shape, all views are made anew, since
// others may be built upon it.
func (b *builder) replaceViews(ctx context.Context, tx pgx.Tx, checkpoints map[string]checkpoint) error {
	err := pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
		for _, m := range b.filler.members {
			if err := createViews(ctx, tx, m.model, m.generation); err != nil {
				return fmt.Errorf("%s: %w", m.model.Name, err)
			}
		}
		return nil
	})
	if sqlState(err) != "42P16" {
		return err
	}
	for _, m := range b.config.Models {
		for _, name := range m.views() {
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

// dropLeftovers removes tables of generations that do not serve. Somebody may still be reading from one: then the next
// rebuild removes it.
func (b *builder) dropLeftovers(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := b.tryDropLeftovers(ctx); err != nil {
		b.config.Log.Warn("old tables are still there", "error", describe(err))
	}
}

func (b *builder) tryDropLeftovers(ctx context.Context) error {
	if b.control.IsClosed() {
		return pgx.ErrTxClosed
	}
	checkpoints, err := readCheckpoints(ctx, b.control)
	if err != nil {
		return err
	}
	p := newPause(50*time.Millisecond, time.Second)
	for _, m := range b.models {
		c := checkpoints[m.Name]
		for _, t := range m.Tables {
			for g := max(1, c.lastGeneration-20); g <= c.lastGeneration; g++ {
				if g == c.generation {
					continue
				}
				for {
					_, err := b.control.Exec(ctx, `DROP TABLE IF EXISTS `+physical(t.TableName(), g))
					if err == nil {
						break
					}
					if sqlState(err) != "55P03" || !p.wait(ctx) {
						return err
					}
				}
			}
		}
	}
	return nil
}
