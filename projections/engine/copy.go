package engine

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"parley/internal/database"
	"parley/projections"
)

// copyTables writes the folded rows, then creates the indexes. Nothing reads these tables yet. It uses two
// connections, because Postgres uses one core for each, and starts with the largest tables.
func (b *rebuilder) copyTables(ctx context.Context, writer *pgx.Conn) error {
	second, err := connect(ctx, b.config.Pool)
	if err != nil {
		return err
	}
	defer database.CloseSession(second)
	conns := []*pgx.Conn{writer, second}
	projectors := b.loader.largestFirst()
	if err := distribute(ctx, conns, projectors, copyRows); err != nil {
		return err
	}
	var indexes []index
	var tables []*projections.Statements
	for _, p := range projectors {
		ddl, err := p.model.IndexDDL(p.generation)
		if err != nil {
			return err
		}
		for _, statement := range ddl {
			indexes = append(indexes, index{p.model.Name, statement})
		}
		tables = append(tables, p.statements...)
	}
	if err := distribute(ctx, conns, indexes, createIndex); err != nil {
		return err
	}
	return distribute(ctx, conns, tables, analyze)
}

// distribute runs do for each item, in order, on the next free connection.
func distribute[T any](
	ctx context.Context, conns []*pgx.Conn, items []T,
	do func(context.Context, *pgx.Conn, T) error,
) error {
	free := make(chan *pgx.Conn, len(conns))
	for _, conn := range conns {
		free <- conn
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(len(conns))
	for _, item := range items {
		g.Go(func() error {
			conn := <-free
			defer func() { free <- conn }()
			return do(ctx, conn, item)
		})
	}
	return g.Wait()
}

func copyRows(ctx context.Context, conn *pgx.Conn, p *projector) error {
	if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return p.flush(ctx, tx) }); err != nil {
		return fmt.Errorf("%s: %w", p.model.Name, err)
	}
	return nil
}

// index is the statement for one index of a read model.
type index struct {
	model string
	ddl   string
}

func createIndex(ctx context.Context, conn *pgx.Conn, i index) error {
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL maintenance_work_mem = '256MB'`); err != nil {
			return err
		}
		return runDDL(ctx, tx, i.ddl)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", i.model, err)
	}
	return nil
}

// analyze leaves indexes on expressions to autovacuum: computing their text-search vectors would take as
// long as the rest of the build.
func analyze(ctx context.Context, conn *pgx.Conn, s *projections.Statements) error {
	_, err := conn.Exec(ctx, `ANALYZE `+s.Table+` (`+strings.Join(s.Columns, ", ")+`)`)
	return err
}
