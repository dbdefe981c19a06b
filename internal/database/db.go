// Package database opens Postgres: connection pools by purpose, the roles of masked viewers and analysts,
// and the migrations.
package database

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/domain"
	"parley/internal/access"
	"parley/internal/turns"
)

// Querier runs queries over read models on a pool, connection or transaction. Queries name views without a
// schema ("FROM interactions"), so the same query serves clear and masked viewers.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// DB holds the pools of one process, one for each purpose. What many wait for has connections of its own, so that no
// one's searches can delay a sign-in, a delivery or a read model. A pool opens connections only when they are needed.
type DB struct {
	Clear  *pgxpool.Pool // what people read; search_path app, as in the pools below
	Masked *pgxpool.Pool // what masked viewers read; search_path masked, with a role that can read nothing else
	// Access is for short reads that every request and every delivery waits for: sessions, permissions, keys, accounts,
	// and which rows have changed.
	Access    *pgxpool.Pool
	Work      *pgxpool.Pool // work queues, and what commands look up
	Projector *pgxpool.Pool // writes the read models

	// Each user may hold a part of the connections that people read from, so that no one keeps all of them busy.
	clearTurns, maskedTurns *turns.Turns // nil: no limit
}

// For returns the pool for a viewer's own reads, limited to the viewer's part of the connections. What a
// masked viewer may not see never leaves the database.
func (db DB) For(v access.Viewer) Querier {
	if v.Masked {
		return limit(db.Masked, db.maskedTurns, v.User)
	}
	return db.ClearFor(v.User)
}

// ClearFor returns the pool for what the program reads in clear on behalf of a user, limited to the user's
// part of the connections: settings, which hold nothing about customers, and values that the program does not
// show to a masked viewer.
func (db DB) ClearFor(user domain.UserID) Querier { return limit(db.Clear, db.clearTurns, user) }

func limit(pool *pgxpool.Pool, t *turns.Turns, user domain.UserID) Querier {
	if t == nil {
		return pool
	}
	return limited{pool, t, user}
}

// Shared returns the pool for reads that several viewers with the same rights wait for. They count for no one.
func (db DB) Shared(v access.Viewer) Querier {
	if v.Masked {
		return db.Masked
	}
	return db.Clear
}

// Close closes all pools.
func (db DB) Close() {
	for _, pool := range []*pgxpool.Pool{db.Clear, db.Masked, db.Access, db.Work, db.Projector} {
		if pool != nil {
			pool.Close()
		}
	}
}

// Pools sets the number of connections of the pools that people read from. Zero means the defaults, 8 and 4.
type Pools struct {
	Clear, Masked int32
	// MaskedURL is needed only if the program may not create database roles. It signs in the masked pool, as
	// a role that can read the schema masked and nothing else.
	MaskedURL string
}

// The sizes of the other pools.
const (
	accessConnections    = 4
	workConnections      = 6
	projectorConnections = 8
)

// Open connects to migrated read models. It creates the masked pool's role if this database does not have it
// yet.
func Open(ctx context.Context, url string, p Pools) (_ DB, err error) {
	var db DB
	defer func() {
		if err != nil {
			db.Close()
		}
	}()
	for _, one := range []struct {
		pool **pgxpool.Pool
		size int32
	}{
		{&db.Clear, cmp.Or(p.Clear, 8)}, {&db.Access, accessConnections}, {&db.Work, workConnections},
		{&db.Projector, projectorConnections},
	} {
		config, err := pgxpool.ParseConfig(url)
		if err != nil {
			return DB{}, fmt.Errorf("database url: %w", err)
		}
		prepare(config, one.size, "app, public")
		if *one.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
			return DB{}, fmt.Errorf("read models: %w", err)
		}
	}
	if db.Masked, err = openMasked(ctx, url, p, db.Access); err != nil {
		return DB{}, fmt.Errorf("masked read models: %w", err)
	}
	db.clearTurns, db.maskedTurns = partOf(db.Clear), partOf(db.Masked)
	return db, nil
}

// partOf lets one user hold three eighths of a pool's connections.
func partOf(pool *pgxpool.Pool) *turns.Turns {
	return turns.New(turns.Limits{Each: max(1, int(pool.Config().MaxConns)*3/8)})
}

func openMasked(ctx context.Context, url string, p Pools, clear *pgxpool.Pool) (*pgxpool.Pool, error) {
	if p.MaskedURL != "" {
		url = p.MaskedURL
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	prepare(config, cmp.Or(p.Masked, 4), "masked, public")
	if p.MaskedURL == "" {
		if err := signInMasked(ctx, config, clear); err != nil {
			return nil, err
		}
	}
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		ReadUTC(conn)
		return refuseTooMuch(ctx, conn)
	}
	return pgxpool.NewWithConfig(ctx, config)
}

// signInMasked sets the name and password of the masked role. It creates the role again if the server
// refuses them, as after a restore on another server.
func signInMasked(ctx context.Context, config *pgxpool.Config, clear *pgxpool.Pool) error {
	conn, err := clear.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	user := maskedRole.name(config.ConnConfig.Database)
	var password string
	err = conn.QueryRow(ctx, `SELECT password FROM ops.database_roles WHERE role = $1`, user).Scan(&password)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	config.ConnConfig.User, config.ConnConfig.Password = user, password
	if err == nil {
		trial, err := pgx.ConnectConfig(ctx, config.ConnConfig)
		if err == nil {
			return trial.Close(ctx)
		}
		if !deniedSignIn(err) {
			return err
		}
	}
	config.ConnConfig.User, config.ConnConfig.Password, err = maskedRole.ensure(ctx, conn.Conn())
	if Code(err) == "42501" {
		return fmt.Errorf("the database user may not create roles; allow it, or set the URL of a role that reads the schema masked only: %w", err)
	}
	return err
}

// refuseTooMuch returns an error if a connection of the masked pool can read clear values, regardless of who
// created its role.
func refuseTooMuch(ctx context.Context, conn *pgx.Conn) error {
	var tooMuch bool
	err := conn.QueryRow(ctx, `
		SELECT r.rolsuper OR r.rolcreaterole OR EXISTS (
			SELECT FROM pg_namespace n WHERE n.nspname IN ('app', 'app_data', 'ops', 'eventlog') AND has_schema_privilege(n.oid, 'USAGE'))
		FROM pg_roles r WHERE r.rolname = session_user`).Scan(&tooMuch)
	if err != nil {
		return err
	}
	if tooMuch {
		return errors.New("the role for masked viewers could read clear values")
	}
	return nil
}

// prepare applies the settings that all pools share.
func prepare(config *pgxpool.Config, size int32, searchPath string) {
	config.MaxConns = size
	config.ConnConfig.RuntimeParams["search_path"] = searchPath
	config.ConnConfig.RuntimeParams["statement_timeout"] = "5000"
	config.ConnConfig.RuntimeParams["application_name"] = "parley"
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		ReadUTC(conn)
		return nil
	}
}

// ReadUTC makes the connection return times in UTC, as events have them.
func ReadUTC(conn *pgx.Conn) {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
}
