package database

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
)

// users limits how many connections of a pool the queries of one user hold at the same time, so that nobody can keep
// all of them busy.
type users struct {
	each int

	mu   sync.Mutex
	held map[string]*held
}

type held struct {
	slots  chan struct{}
	inside int // holding a slot or waiting for one
}

func newUsers(each int) *users { return &users{each: each, held: make(map[string]*held)} }

// enter waits until the user holds fewer connections than they may. If ctx ends first it returns at once: the query
// then fails by itself.
func (u *users) enter(ctx context.Context, user string) (leave func()) {
	u.mu.Lock()
	h := u.held[user]
	if h == nil {
		h = &held{slots: make(chan struct{}, u.each)}
		u.held[user] = h
	}
	h.inside++
	u.mu.Unlock()
	taken := false
	select {
	case h.slots <- struct{}{}:
		taken = true
	case <-ctx.Done():
	}
	return sync.OnceFunc(func() {
		if taken {
			<-h.slots
		}
		u.mu.Lock()
		defer u.mu.Unlock()
		if h.inside--; h.inside == 0 {
			delete(u.held, user)
		}
	})
}

// limited runs one user's queries on a pool within the limit.
type limited struct {
	pool  Querier
	users *users
	user  string
}

func (l limited) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	leave := l.users.enter(ctx, l.user)
	rows, err := l.pool.Query(ctx, sql, args...)
	if err != nil {
		leave()
		return rows, err
	}
	return limitedRows{rows, leave}, nil
}

func (l limited) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	leave := l.users.enter(ctx, l.user)
	return limitedRow{l.pool.QueryRow(ctx, sql, args...), leave}
}

func (l limited) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	leave := l.users.enter(ctx, l.user)
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
