package database

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// ErrNewerSchema reports that a newer version of the program has changed the database.
var ErrNewerSchema = errors.New("a newer version of Parley has used this database")

// Migrate updates the database to the current schema and creates the roles of masked viewers and analysts.
// Two processes may call it at the same time. It changes nothing if everything is up to date, or if a newer version
// of the program has used the database; that is ErrNewerSchema.
func Migrate(ctx context.Context, url string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("database url: %w", err)
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	if err := migrateSchema(ctx, db); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := restrict(ctx, conn); err != nil {
		return fmt.Errorf("migrate privileges: %w", err)
	}
	return nil
}

func migrateSchema(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return err
	}
	current, known, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > known {
		return fmt.Errorf("%w: it has version %d of the tables, and this program knows %d. Start the version that ran last, "+
			"or restore a backup from before the upgrade", ErrNewerSchema, current, known)
	}
	return nil
}
