package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/internal/database"
	"parley/projections"
)

// Comparison compares a live table with its rebuilt version.
type Comparison struct {
	Table     string
	Rows      int64 // distinct keys in both tables together
	Differing int64 // missing on one side, or different
}

// compare compares the running tables with the new ones at the same position while other writers carry on.
// It leaves out read models that are not running.
func (b *rebuilder) compare(ctx context.Context, timeout time.Duration) error {
	reader, err := connect(ctx, b.config.Pool)
	if err != nil {
		return err
	}
	defer database.CloseSession(reader)
	tx, err := reader.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	var live map[string]checkpoint
	err = b.atBarrier(ctx, barrier{exact: true, timeout: timeout, do: func(_ pgx.Tx, checkpoints map[string]checkpoint) error {
		live = checkpoints
		_, err := tx.Exec(ctx, `SELECT FROM app_data.progress`) // takes the snapshot
		return err
	}})
	if err != nil {
		return err
	}
	for i, p := range b.loader.projectors {
		c := live[p.model.Name]
		if c.state != Running {
			continue
		}
		for n, t := range p.model.Tables {
			r := Comparison{Table: t.TableName()}
			query := p.statements[n].Comparison(projections.Physical(t.TableName(), c.generation))
			if err := tx.QueryRow(ctx, query).Scan(&r.Rows, &r.Differing); err != nil {
				return fmt.Errorf("%s: %w", t.TableName(), err)
			}
			b.reports[i].Tables = append(b.reports[i].Tables, r)
		}
	}
	return nil
}
