package database

import (
	"context"

	"github.com/jackc/pgx/v5"

	"parley/domain"
	"parley/internal/turns"
)

// limited runs one user's queries on a pool, only as many at a time as the user's part allows.
type limited struct {
	pool  Querier
	turns *turns.Turns
	user  domain.UserID
}

// enter waits until the user holds fewer connections than they may. If ctx ends first, it returns at once,
// and the query fails as well.
func (l limited) enter(ctx context.Context) (leave func()) {
	leave, err := l.turns.Enter(ctx, l.user)
	if err != nil {
		return func() {}
	}
	return leave
}

func (l limited) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	leave := l.enter(ctx)
	rows, err := l.pool.Query(ctx, sql, args...)
	if err != nil {
		leave()
		return rows, err
	}
	return limitedRows{rows, leave}, nil
}

func (l limited) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	leave := l.enter(ctx)
	return limitedRow{l.pool.QueryRow(ctx, sql, args...), leave}
}

func (l limited) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	leave := l.enter(ctx)
	return limitedBatch{l.pool.SendBatch(ctx, b), leave}
}

type limitedRows struct {
	pgx.Rows
	leave func()
}

func (r limitedRows) Next() bool {
	more := r.Rows.Next()
	if !more { // the connection is back in the pool
		r.leave()
	}
	return more
}

func (r limitedRows) Close() {
	r.Rows.Close()
	r.leave()
}

type limitedRow struct {
	pgx.Row
	leave func()
}

func (r limitedRow) Scan(into ...any) error {
	defer r.leave()
	return r.Row.Scan(into...)
}

type limitedBatch struct {
	pgx.BatchResults
	leave func()
}

func (b limitedBatch) Close() error {
	defer b.leave()
	return b.BatchResults.Close()
}
