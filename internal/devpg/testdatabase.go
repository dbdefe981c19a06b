package devpg

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// T is the part of testing.TB used here, so that programs other than tests need not import testing.
type T interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// TestDatabase returns the URL of a fresh, empty database and drops it when the test ends. The server is the
// one in TEST_POSTGRES_URL, whose user must be allowed to create databases, or else a private one shared by
// all test programs.
func TestDatabase(t T) string {
	t.Helper()
	return testDatabase(t, func(ctx context.Context, admin string, conn *pgx.Conn, name string) error {
		_, err := conn.Exec(ctx, `CREATE DATABASE `+name)
		return err
	})
}

// TestTemplate returns the URL of a fresh database on which migrate has run. The first test to use key runs
// migrate on a template, and every test gets a copy of that. A template is shared by the tests of one test
// program and rebuilt when the program changes.
func TestTemplate(t T, key string, migrate func(url string) error) string {
	t.Helper()
	return testDatabase(t, func(ctx context.Context, admin string, conn *pgx.Conn, name string) error {
		for again := true; ; again = false {
			template, err := ensureTemplate(ctx, admin, conn, key, migrate)
			if err != nil {
				return err
			}
			// Copying files takes half the time of writing every page to the WAL, which is the default.
			_, err = conn.Exec(ctx, `CREATE DATABASE `+name+` TEMPLATE `+template+` STRATEGY FILE_COPY`)
			if missing := new(pgconn.PgError); again && errors.As(err, &missing) && missing.Code == "3D000" {
				continue // another program dropped it as an old one
			}
			return err
		}
	})
}

// TestCopy returns the URL of a copy of a test's database, as a backup would restore it. It ends all connections to the
// original.
func TestCopy(t T, original string) string {
	t.Helper()
	return testDatabase(t, func(ctx context.Context, _ string, conn *pgx.Conn, name string) error {
		from, err := pgx.ParseConfig(original)
		if err != nil {
			return err
		}
		for {
			_, err = conn.Exec(ctx, `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1`,
				from.Database)
			if err != nil {
				return err
			}
			_, err = conn.Exec(ctx, `CREATE DATABASE `+name+` TEMPLATE `+from.Database+` STRATEGY FILE_COPY`)
			if busy := new(pgconn.PgError); !errors.As(err, &busy) || busy.Code != "55006" {
				return err // otherwise a program has connected again in between
			}
		}
	})
}

func testDatabase(t T, create func(ctx context.Context, admin string, conn *pgx.Conn, name string) error) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	admin := os.Getenv("TEST_POSTGRES_URL")
	if admin == "" {
		s, err := testServer(ctx)
		if err != nil {
			t.Fatalf("postgres for tests: %v", err)
			return ""
		}
		admin = s.URL("postgres")
	}
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		t.Fatalf("reach the tests' postgres: %v", err)
		return ""
	}
	defer conn.Close(ctx)
	name := "test_" + strings.ToLower(rand.Text())
	err = create(ctx, admin, conn, name)
	if wide := os.Getenv("PARLEY_TEST_POSITIONS"); err == nil && wide != "" {
		_, err = conn.Exec(ctx, `ALTER DATABASE `+name+` SET eventlog.positions = `+quoted(wide))
	}
	if err != nil {
		t.Fatalf("create a test database: %v", err)
		return ""
	}
	t.Cleanup(func() { drop(t, admin, name) })
	address, err := withDatabase(admin, name)
	if err != nil {
		t.Fatalf("TEST_POSTGRES_URL: %v", err)
	}
	return address
}

func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func drop(t T, admin, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		t.Fatalf("reach the tests' postgres: %v", err)
		return
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
		t.Fatalf("drop the test database: %v", err)
	}
}

// ensureTemplate builds the template once. It is built under another name and then renamed, so that an
// unfinished one is never used.
func ensureTemplate(
	ctx context.Context, admin string, conn *pgx.Conn, key string, migrate func(url string) error,
) (string, error) {
	program, err := programHash()
	if err != nil {
		return "", fmt.Errorf("hash the test program: %w", err)
	}
	sum := sha256.Sum256(append(program, key...))
	name := "parley_template_" + hex.EncodeToString(sum[:10])
	lock := int64(binary.BigEndian.Uint64(sum[:8]))
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, lock); err != nil {
		return "", err
	}
	defer conn.Exec(ctx, `SELECT pg_advisory_unlock($1)`, lock)
	var exists bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`,
		name).Scan(&exists); err != nil || exists {
		return name, err
	}
	if err := dropOldTemplates(ctx, conn); err != nil {
		return "", err
	}
	half := name + "_half"
	if _, err := conn.Exec(ctx, `DROP DATABASE IF EXISTS `+half+` WITH (FORCE)`); err != nil {
		return "", err
	}
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+half); err != nil {
		return "", err
	}
	address, err := withDatabase(admin, half)
	if err != nil {
		return "", err
	}
	if err := migrate(address); err != nil {
		return "", fmt.Errorf("migrate the template: %w", err)
	}
	// Connections closed by the migration may still be ending, and a database with connections cannot be
	// renamed.
	if _, err := conn.Exec(ctx,
		`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1`, half); err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, `ALTER DATABASE `+half+` RENAME TO `+name)
	return name, err
}

// dropOldTemplates removes the templates that earlier builds of test programs left behind.
func dropOldTemplates(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `
		SELECT datname FROM pg_database d
		WHERE datname LIKE 'parley\_template\_%' AND datname NOT LIKE '%half'
			AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)
			AND (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - interval '1 hour'`)
	if err != nil {
		return err
	}
	old, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range old {
		if _, err := conn.Exec(ctx, `DROP DATABASE IF EXISTS `+name); err != nil {
			return err
		}
	}
	return nil
}

// programHash identifies one build of a test program. The linker writes a hash of the whole program near its
// start.
func programHash() ([]byte, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.CopyN(h, f, 64<<10); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return h.Sum(nil), nil
}

func withDatabase(address, name string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}
