package projections

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// writeTables writes what is in memory and makes the indexes afterwards. Nobody sees these tables yet. Two connections work at a
// time, since Postgres works on one core for each, and what takes longest is begun first.
func (b *builder) writeTables(ctx context.Context, writer *pgx.Conn) error {
	second, err := connect(ctx, b.config.Pool)
	if err != nil {
		return err
	}
	defer closeConn(second)
	conns := []*pgx.Conn{writer, second}
	members := b.filler.bySize()
	if err := spread(ctx, conns, members, copyOut); err != nil {
		return err
	}
	var indexes []index
	var tables []*statements
	for _, m := range members {
		for _, ddl := range m.model.indexes() {
			indexes = append(indexes, index{m.model, m.generation, ddl})
		}
		tables = append(tables, m.statements...)
	}
	if err := spread(ctx, conns, indexes, makeIndex); err != nil {
		return err
	}
	return spread(ctx, conns, tables, analyze)
}

// spread does the same with each of all, in their order, on whichever connection is free.
func spread[T any](ctx context.Context, conns []*pgx.Conn, all []T, do func(context.Context, *pgx.Conn, T) error) error {
	free := make(chan *pgx.Conn, len(conns))
	for _, conn := range conns {
		free <- conn
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(len(conns))
	for _, one := range all {
		g.Go(func() error {
			conn := <-free
			defer func() { free <- conn }()
			return do(ctx, conn, one)
		})
	}
	return g.Wait()
}

func copyOut(ctx context.Context, conn *pgx.Conn, m *member) error {
	if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return m.flush(ctx, tx) }); err != nil {
		return fmt.Errorf("%s: %w", m.model.Name, err)
	}
	return nil
}

// index is one index of a generation's tables.
type index struct {
	model      Model
	generation int
	ddl        string
}

func makeIndex(ctx context.Context, conn *pgx.Conn, i index) error {
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL maintenance_work_mem = '256MB'`); err != nil {
			return err
		}
		return runDDL(ctx, tx, i.model, i.ddl, i.generation)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", i.model.Name, err)
	}
	return nil
}

// analyze leaves indexes over expressions to autovacuum: making words of 30 000 texts takes as long as all else of it.
func analyze(ctx context.Context, conn *pgx.Conn, s *statements) error {
	_, err := conn.Exec(ctx, `ANALYZE `+s.table+` (`+strings.Join(s.columns, ", ")+`)`)
	return err
}

// indexes are the statements that make a model's indexes.
func (m Model) indexes() []string {
	var all []string
	for ddl := range strings.SplitSeq(m.Indexes, ";") {
		if strings.TrimSpace(ddl) != "" {
			all = append(all, ddl)
		}
	}
	return all
}
