package database

import (
	"context"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Session opens a connection to the pool's database that does not belong to the pool, for locks and notifications, which
// last as long as their connection. name appears in pg_stat_activity. settings are Postgres settings of the session.
//
// TCP keepalives make Postgres notice a lost peer within 11 seconds, and free its locks.
func Session(ctx context.Context, pool *pgxpool.Pool, name string, settings map[string]string) (*pgx.Conn, error) {
	config := pool.Config().ConnConfig
	maps.Copy(config.RuntimeParams, map[string]string{
		"application_name": name, "tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3",
	})
	maps.Copy(config.RuntimeParams, settings)
	config.OnNotification = nil
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	ReadUTC(conn)
	return conn, nil
}

// CloseSession closes a connection without waiting long for Postgres.
func CloseSession(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}
