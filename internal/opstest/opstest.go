// Package opstest provides tests with a database that holds the schema ops and no read models.
package opstest

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the database driver for goose
	"github.com/pressly/goose/v3"

	"parley/internal/devpg"
)

// Database returns the URL of a fresh database with all migrations applied, and drops it when the test ends.
func Database(t devpg.T) string {
	t.Helper()
	root, err := moduleRoot()
	if err != nil {
		t.Fatalf("find the migrations: %v", err)
	}
	folder := filepath.Join(root, "internal", "database", "migrations")
	text, err := read(folder)
	if err != nil {
		t.Fatalf("read the migrations: %v", err)
	}
	return devpg.TestTemplate(t, "ops\n"+text, func(url string) error { return migrate(url, folder) })
}

func migrate(url, folder string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer db.Close()
	p, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS(folder))
	if err != nil {
		return err
	}
	_, err = p.Up(context.Background())
	return err
}

// read returns the text of all migrations.
func read(folder string) (string, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.sql"))
	if err != nil {
		return "", err
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		all.Write(text)
	}
	return all.String(), nil
}

// moduleRoot returns the nearest folder with a go.mod, starting at the package under test.
func moduleRoot() (string, error) {
	at, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; at != filepath.Dir(at); at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at, nil
		}
	}
	return "", errors.New("no go.mod above the test's folder")
}
