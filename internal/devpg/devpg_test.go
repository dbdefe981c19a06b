package devpg_test

import (
	"context"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/devpg"
	"parley/internal/testwait"
)

func start(t *testing.T, dir string) *devpg.Server {
	t.Helper()
	s, err := devpg.Start(t.Context(), devpg.Config{Dir: dir})
	require.NoError(t, err)
	t.Cleanup(func() { s.Stop() })
	return s
}

func query[T any](t *testing.T, url, sql string, args ...any) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), sql, args...)
	require.NoError(t, err)
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	require.NoError(t, err)
	return v
}

func execute(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), sql)
	require.NoError(t, err)
}

// folder returns a folder that the user Postgres runs as can enter. t.TempDir cannot be entered under some
// umasks.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for at := dir; strings.HasPrefix(at, os.TempDir()+string(filepath.Separator)); at = filepath.Dir(at) {
		require.NoError(t, os.Chmod(at, 0o755))
	}
	return dir
}

func TestAServerKeepsItsDataPasswordAndPortAcrossARestart(t *testing.T) {
	dir := folder(t)
	s := start(t, dir)
	require.NoError(t, s.EnsureDatabase(t.Context(), "parley"))
	require.NoError(t, s.EnsureDatabase(t.Context(), "parley"), "a second time changes nothing")
	execute(t, s.URL("parley"), `CREATE TABLE kept AS SELECT 42 AS n`)
	before := s.URL("parley")
	require.NoError(t, s.Stop())

	s = start(t, dir)
	require.Equal(t, before, s.URL("parley"))
	require.Equal(t, 42, query[int](t, s.URL("parley"), `SELECT n FROM kept`))
	require.Equal(t, "on", query[string](t, s.URL("parley"), `SHOW fsync`))
}

func TestAServerThatDiesIsStartedAgainAtTheSameAddress(t *testing.T) {
	s := start(t, folder(t))
	require.NoError(t, s.EnsureDatabase(t.Context(), "parley"))
	execute(t, s.URL("parley"), `CREATE TABLE kept AS SELECT 42 AS n`)
	url := s.URL("parley")
	ctx, stop := context.WithCancel(t.Context())
	kept := make(chan error, 1)
	go func() { kept <- s.Keep(ctx) }()
	for range 2 {
		pid := postmaster(t, url)
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
		require.Eventually(t, func() bool {
			conn, err := pgx.Connect(t.Context(), url)
			if err != nil {
				return false
			}
			defer conn.Close(context.Background())
			var n int
			return conn.QueryRow(t.Context(), `SELECT n FROM kept`).Scan(&n) == nil && n == 42 && postmaster(t, url) != pid
		}, testwait.Limit, 20*time.Millisecond)
	}
	stop()
	require.NoError(t, <-kept)
}

// postmaster returns the process id of the server's main process.
func postmaster(t *testing.T, url string) int {
	t.Helper()
	dir := query[string](t, url, `SHOW data_directory`)
	written, err := os.ReadFile(filepath.Join(dir, "postmaster.pid"))
	require.NoError(t, err)
	first, _, _ := strings.Cut(string(written), "\n")
	pid, err := strconv.Atoi(first)
	require.NoError(t, err)
	return pid
}

func TestAWrongPasswordIsRefused(t *testing.T) {
	s := start(t, folder(t))
	u, err := url.Parse(s.URL("postgres"))
	require.NoError(t, err)
	u.User = url.UserPassword(u.User.Username(), "guess")
	_, err = pgx.Connect(t.Context(), u.String())
	require.ErrorContains(t, err, "password authentication failed")
}

func TestASecondProgramOnTheSameFolderIsRefused(t *testing.T) {
	dir := folder(t)
	start(t, dir)
	_, err := devpg.Start(t.Context(), devpg.Config{Dir: dir})
	require.ErrorContains(t, err, "already running on the folder "+dir)
}

func TestATakenPortMovesTheServerToAnotherPort(t *testing.T) {
	dir := folder(t)
	s := start(t, dir)
	u, err := url.Parse(s.URL("postgres"))
	require.NoError(t, err)
	require.NoError(t, s.Stop())
	l, err := net.Listen("tcp4", u.Host)
	require.NoError(t, err)
	defer l.Close()

	s = start(t, dir)
	require.NotContains(t, s.URL("postgres"), u.Host)
	require.Equal(t, 1, query[int](t, s.URL("postgres"), `SELECT 1`))
}

func TestAnInterruptedFirstStartIsRepeated(t *testing.T) {
	dir := folder(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := devpg.Start(ctx, devpg.Config{Dir: dir})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, 1, query[int](t, start(t, dir).URL("postgres"), `SELECT 1`))
}

func TestAStalePidFileDoesNotPreventAStart(t *testing.T) {
	dir := folder(t)
	s := start(t, dir)
	data := query[string](t, s.URL("postgres"), `SHOW data_directory`)
	require.NoError(t, s.Stop())
	stale := strconv.Itoa(os.Getpid()) + "\n" + data + "\n1\n5432\n\n127.0.0.1\n"
	require.NoError(t, os.WriteFile(filepath.Join(data, "postmaster.pid"), []byte(stale), 0o644))
	require.Equal(t, 1, query[int](t, start(t, dir).URL("postgres"), `SELECT 1`))
}

func TestDataOfADeletedTemporaryFolderIsRemoved(t *testing.T) {
	dir := filepath.Join(folder(t), "closed")
	require.NoError(t, os.Mkdir(dir, 0o700))
	s := start(t, dir)
	home := filepath.Dir(query[string](t, s.URL("postgres"), `SHOW data_directory`))
	if os.Geteuid() != 0 {
		require.Equal(t, dir, home, "only root keeps data in another folder")
		return
	}
	require.NotEqual(t, dir, home)
	require.NoError(t, s.Stop())
	require.NoError(t, os.RemoveAll(dir))

	next := filepath.Join(folder(t), "closed")
	require.NoError(t, os.Mkdir(next, 0o700))
	start(t, next)
	require.NoDirExists(t, home)
}

func TestTheErrorNamesAFolderThatCannotBeCreated(t *testing.T) {
	file := filepath.Join(folder(t), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	_, err := devpg.Start(t.Context(), devpg.Config{Dir: filepath.Join(file, "below")})
	require.ErrorContains(t, err, file)
}

func TestAMissingPostgresIsReportedWithWhatToInstall(t *testing.T) {
	if _, err := os.Stat("/usr/lib/postgresql"); err == nil {
		t.Setenv("PATH", "/nowhere") // the folder of the system's package is searched all the same
		p, err := devpg.FindPrograms(t.Context())
		require.NoError(t, err)
		require.GreaterOrEqual(t, p.Major, 15)
		return
	}
	t.Setenv("PATH", "/nowhere")
	_, err := devpg.FindPrograms(t.Context())
	require.ErrorContains(t, err, "apt install postgresql")
}

func TestTestDatabasesAreEmptyAndSeparate(t *testing.T) {
	one, two := devpg.TestDatabase(t), devpg.TestDatabase(t)
	require.NotEqual(t, one, two)
	require.Equal(t, 0, query[int](t, one, `SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public'`))
}

func TestATemplateIsMigratedOnceAndThenCopied(t *testing.T) {
	var mu sync.Mutex
	migrations := 0
	migrate := func(url string) error {
		mu.Lock()
		migrations++
		mu.Unlock()
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			return err
		}
		defer conn.Close(t.Context())
		_, err = conn.Exec(t.Context(), `CREATE TABLE t (n int); INSERT INTO t VALUES (7)`)
		return err
	}
	key := t.Name() + strconv.FormatInt(time.Now().UnixNano(), 36)
	t.Run("copies of one template", func(t *testing.T) {
		for i := range 4 {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				url := devpg.TestTemplate(t, key, migrate)
				require.Equal(t, 7, query[int](t, url, `UPDATE t SET n = n RETURNING n`))
			})
		}
	})
	require.Equal(t, 1, migrations)
}

func TestATestDatabaseIsDroppedAfterItsTest(t *testing.T) {
	var address string
	t.Run("a test with a database", func(t *testing.T) { address = devpg.TestDatabase(t) })
	_, err := pgx.Connect(t.Context(), address)
	require.ErrorContains(t, err, "does not exist")
}

func TestAServerLeftRunningByAKillIsAdopted(t *testing.T) {
	dir := folder(t)
	child := runHelper(t, dir)
	pid := query[int](t, child.url, `SELECT pg_backend_pid()`)
	require.NotZero(t, pid)
	require.NoError(t, child.cmd.Process.Signal(syscall.SIGKILL))
	child.cmd.Wait()

	s := start(t, dir)
	require.Equal(t, child.url, s.URL("postgres"))
	require.NoError(t, s.Stop())
	_, err := pgx.Connect(t.Context(), child.url)
	require.Error(t, err, "an adopted server can be stopped too")
}
