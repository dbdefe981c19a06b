package engine

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/projections"
)

// Prepare creates the tables and views of new read models, so that queries find them, empty, before any
// event has been folded. A view that an older version still serves stays until the new one has caught up.
func Prepare(ctx context.Context, pool *pgxpool.Pool, models []projections.Model) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("prepare read models: %w", err)
	}
	defer conn.Release()
	return prepareModels(ctx, conn.Conn(), models)
}

func prepareModels(ctx context.Context, conn *pgx.Conn, models []projections.Model) error {
	if err := checkModels(models); err != nil {
		return err
	}
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT name FROM app_data.checkpoints`)
		if err != nil {
			return err
		}
		known, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || allKnown(models, known) {
			return err
		}
		// Only now wait for other processes doing the same; the inserts below skip what they created.
		rows, err = tx.Query(ctx, `
			WITH l AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('parley prepare', 0)))
			SELECT 1 FROM l`)
		if err != nil {
			return err
		}
		rows.Close()
		for _, m := range models {
			if err := prepareModel(ctx, tx, m); err != nil {
				return fmt.Errorf("%s: %w", m.Name, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("prepare read models: %w", err)
	}
	return nil
}

// checkModels returns the first mistake in the list of read models.
func checkModels(models []projections.Model) error {
	names, tables := make(map[string]bool), make(map[string]bool)
	for _, m := range models {
		if m.Name == "" || m.Name == "*" || names[m.Name] {
			return fmt.Errorf("read model %q has no name, or a name already in use", m.Name)
		}
		names[m.Name] = true
		for _, t := range m.Tables {
			if tables[t.TableName()] {
				return fmt.Errorf("table %s is in two read models", t.TableName())
			}
			tables[t.TableName()] = true
		}
		if err := m.Check(); err != nil {
			return fmt.Errorf("read model %s: %w", m.Name, err)
		}
	}
	return nil
}

func allKnown(models []projections.Model, names []string) bool {
	known := strings.Join(names, "\n") + "\n"
	for _, m := range models {
		if !strings.HasPrefix(known, m.Name+"\n") && !strings.Contains(known, "\n"+m.Name+"\n") {
			return false
		}
	}
	return true
}

func prepareModel(ctx context.Context, tx pgx.Tx, m projections.Model) error {
	tag, err := tx.Exec(ctx, `
		INSERT INTO app_data.checkpoints (name, generation, last_generation, state) VALUES ($1, 1, 1, 'REBUILDING')
		ON CONFLICT (name) DO NOTHING`, m.Name)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	if err := createTables(ctx, tx, m, 1); err != nil {
		return err
	}
	if err := createIndexes(ctx, tx, m, 1); err != nil {
		return err
	}
	served, err := anyViewExists(ctx, tx, m)
	if err != nil || served {
		return err
	}
	return createViews(ctx, tx, m, 1)
}

func createTables(ctx context.Context, tx pgx.Tx, m projections.Model, generation int) error {
	return runDDL(ctx, tx, m.TableDDL(generation))
}

func createIndexes(ctx context.Context, tx pgx.Tx, m projections.Model, generation int) error {
	ddl, err := m.IndexDDL(generation)
	if err != nil {
		return err
	}
	return runDDL(ctx, tx, strings.Join(ddl, ";"))
}

func createViews(ctx context.Context, tx pgx.Tx, m projections.Model, generation int) error {
	ddl, err := m.ViewDDL(generation)
	if err != nil {
		return err
	}
	return runDDL(ctx, tx, ddl)
}

// runDDL runs CREATE statements.
func runDDL(ctx context.Context, tx pgx.Tx, ddl string) error {
	if strings.TrimSpace(ddl) == "" {
		return nil
	}
	if _, err := tx.Exec(ctx, `SET LOCAL search_path = app_data, public`); err != nil {
		return err
	}
	_, err := tx.Conn().PgConn().Exec(ctx, ddl).ReadAll()
	return err
}

func anyViewExists(ctx context.Context, tx pgx.Tx, m projections.Model) (bool, error) {
	var exists bool
	err := tx.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM unnest($1::text[]) v WHERE to_regclass(v) IS NOT NULL)`, m.ViewNames()).Scan(&exists)
	return exists, err
}
