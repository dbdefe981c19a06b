package projections

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/access"
)

// Querier runs queries over read models; pools, connections and transactions are such. Queries name views without a
// schema ("FROM interactions"), so the same query serves clear and masked viewers.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// DB is where read models are read.
type DB struct {
	Clear  *pgxpool.Pool // search_path app
	Masked *pgxpool.Pool // search_path masked, as a role that can read nothing else
}

// For picks the pool for a viewer: what a masked one may not see never leaves the database.
func (db DB) For(v access.Viewer) Querier {
	if v.Masked {
		return db.Masked
	}
	return db.Clear
}
