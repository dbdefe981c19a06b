package projections

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Prepare creates the tables and views of read models the database does not know yet, so that queries find them, empty,
// before any event was folded. A view that an older read model still serves is left to it until the new one has caught up.
func Prepare(ctx context.Context, pool *pgxpool.Pool, models []Model) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("prepare read models: %w", err)
	}
	defer conn.Release()
	return prepareModels(ctx, conn.Conn(), models)
}

func prepareModels(ctx context.Context, conn *pgx.Conn, models []Model) error {
	if err := check(models); err != nil {
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
		// Only now wait for others who do the same, and look once more.
		rows, err = tx.Query(ctx, `WITH l AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('parley prepare', 0))) SELECT 1 FROM l`)
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

func allKnown(models []Model, names []string) bool {
	known := strings.Join(names, "\n") + "\n"
	for _, m := range models {
		if !strings.HasPrefix(known, m.Name+"\n") && !strings.Contains(known, "\n"+m.Name+"\n") {
			return false
		}
	}
	return true
}

func prepareModel(ctx context.Context, tx pgx.Tx, m Model) error {
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

func createTables(ctx context.Context, tx pgx.Tx, m Model, generation int) error {
	return runDDL(ctx, tx, m, m.Schema, generation)
}

func createIndexes(ctx context.Context, tx pgx.Tx, m Model, generation int) error {
	return runDDL(ctx, tx, m, m.Indexes, generation)
}

func createViews(ctx context.Context, tx pgx.Tx, m Model, generation int) error {
	return runDDL(ctx, tx, m, m.Views, generation)
}

// runDDL runs one of a model's texts, which may hold several statements.
func runDDL(ctx context.Context, tx pgx.Tx, m Model, ddl string, generation int) error {
	expanded, err := m.expand(ddl, generation)
	if err != nil || strings.TrimSpace(expanded) == "" {
		return err
	}
	if _, err := tx.Exec(ctx, `SET LOCAL search_path = app_data, public`); err != nil {
		return err
	}
	_, err = tx.Conn().PgConn().Exec(ctx, expanded).ReadAll()
	return err
}

var viewName = regexp.MustCompile(`(?i)\bVIEW\s+((?:app|masked)\.[a-z0-9_]+)`)

// views are the names of the views a model creates.
func (m Model) views() []string {
	var names []string
	for _, found := range viewName.FindAllStringSubmatch(m.Views, -1) {
		names = append(names, found[1])
	}
	return names
}

func anyViewExists(ctx context.Context, tx pgx.Tx, m Model) (bool, error) {
	var exists bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM unnest($1::text[]) v WHERE to_regclass(v) IS NOT NULL)`, m.views()).Scan(&exists)
	return exists, err
}

// identifier takes a physical name apart for COPY.
func identifier(table string) pgx.Identifier { return strings.Split(table, ".") }
