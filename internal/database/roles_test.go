package database_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"parley/internal/access"
	"parley/internal/database"
	"parley/projections/projectionstest"
)

// openBoxes returns a database with a masked table of boxes, and a table of things that has no masked view.
func openBoxes(t *testing.T) database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), projectionstest.Database(t), database.Pools{})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	_, err = db.Clear.Exec(t.Context(), `
		CREATE TABLE app_data.boxes_v1_g1 AS SELECT 'a' AS id, 'Annabel' AS last;
		CREATE VIEW app.boxes AS SELECT id, last FROM app_data.boxes_v1_g1;
		CREATE VIEW masked.boxes AS SELECT id, masked.mask_name(last, 'PARTIAL', 2) AS last FROM app_data.boxes_v1_g1;
		CREATE VIEW app.things AS SELECT id FROM app_data.boxes_v1_g1;
		ANALYZE app_data.boxes_v1_g1`)
	require.NoError(t, err)
	return db
}

func TestTheSameQueryServesClearAndMaskedViewers(t *testing.T) {
	db := openBoxes(t)
	for masked, want := range map[bool]string{false: "Annabel", true: "•••el"} {
		var last string
		err := db.For(access.Viewer{Masked: masked}).QueryRow(t.Context(), `SELECT last FROM boxes`).Scan(&last)
		require.NoError(t, err)
		require.Equal(t, want, last)
	}
}

func TestTheMaskedRoleReadsOnlyMaskedViews(t *testing.T) {
	db := openBoxes(t)
	// a copied database does not have its template's privileges
	require.NoError(t, database.Migrate(t.Context(), db.Clear.Config().ConnString()))
	for _, sql := range []string{
		`SELECT last FROM app.boxes`,
		`SELECT last FROM app_data.boxes_v1_g1`,
		`SELECT * FROM app_data.changes`,
		`SELECT * FROM app_data.progress`,
		`SELECT * FROM ops.database_roles`,
		`SELECT * FROM ops.subject_keys`,
		`SELECT * FROM pg_authid`,
		`SELECT * FROM things`, // has no masked view
		`SELECT pg_read_file('/etc/passwd')`,
		`SELECT pg_advisory_lock(1)`,
		`SELECT pg_try_advisory_lock(hashtextextended('parley projector', 0))`,
		`SELECT pg_notify('changes', '0,1,1')`,
		`SELECT set_config('role', 'parley', false)`,
		`SET SESSION AUTHORIZATION parley`,
		`SET ROLE parley`,
		`CREATE TABLE public.loot (a int)`,
		`CREATE TEMPORARY TABLE loot (a int)`,
		`CREATE FUNCTION masked.leak(text) RETURNS text LANGUAGE sql RETURN $1`,
		`COPY (SELECT 1) TO '/tmp/loot'`,
		`ALTER ROLE parley SUPERUSER`,
		`UPDATE masked.boxes SET id = 'b'`,
	} {
		_, err := db.Masked.Exec(t.Context(), `SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE`)
		require.NoError(t, err)
		_, err = db.Masked.Exec(t.Context(), sql)
		var pg *pgconn.PgError
		require.ErrorAs(t, err, &pg, sql)
		require.Contains(t, []string{"42501", "42P01"}, pg.Code, "%s: %s", sql, pg.Message)
	}
	var plans string // the planner's statistics must not reveal more than the views
	require.NoError(t, db.Masked.QueryRow(t.Context(),
		`SELECT count(*)::text FROM pg_stats WHERE schemaname = 'app_data'`).Scan(&plans))
	require.Equal(t, "0", plans)
}

func TestAMaskedPoolWithTooManyRightsIsRefused(t *testing.T) {
	url := projectionstest.Database(t)
	db, err := database.Open(t.Context(), url, database.Pools{MaskedURL: url})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	var one int
	require.ErrorContains(t, db.For(access.Viewer{Masked: true}).QueryRow(t.Context(), `SELECT 1`).Scan(&one),
		"could read clear values")
}

func TestTheMaskedRoleIsCreatedAgainAfterARestoreElsewhere(t *testing.T) {
	url := projectionstest.Database(t)
	db, err := database.Open(t.Context(), url, database.Pools{})
	require.NoError(t, err)
	db.Close()
	admin, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = admin.Close(context.Background()) })
	var role string
	require.NoError(t, admin.QueryRow(t.Context(), `SELECT 'parley_masked_' || current_database()`).Scan(&role))
	_, err = admin.Exec(t.Context(), `ALTER ROLE `+role+` PASSWORD 'another'`)
	require.NoError(t, err)

	db, err = database.Open(t.Context(), url, database.Pools{})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	var who string
	require.NoError(t, db.Masked.QueryRow(t.Context(), `SELECT session_user`).Scan(&who))
	require.Equal(t, role, who)
}

func TestMigratingAgainChangesNothing(t *testing.T) {
	url := projectionstest.Database(t)
	errs := make(chan error, 3)
	for range cap(errs) {
		go func() { errs <- database.Migrate(context.Background(), url) }()
	}
	for range cap(errs) {
		require.NoError(t, <-errs)
	}
}

func TestAnOlderProgramRefusesANewerDatabase(t *testing.T) {
	url := projectionstest.Database(t)
	pool, err := pgxpool.New(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	_, err = pool.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
	require.NoError(t, err)
	err = database.Migrate(t.Context(), url)
	require.ErrorIs(t, err, database.ErrNewerSchema)
	require.ErrorContains(t, err, "9999")
}

func TestMaskFunctionsFollowThePolicy(t *testing.T) {
	pool, err := pgxpool.New(t.Context(), projectionstest.Database(t))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	for _, c := range []struct{ call, want string }{
		{`masked.mask_phone('+39 333 1234567', 'NONE', 3)`, "+39 333 1234567"},
		{`masked.mask_phone('+39 333 1234567', 'PARTIAL', 3)`, "•••567"},
		{`masked.mask_phone('+39 333 1234567', 'FULL', 3)`, "•••"},
		{`masked.mask_phone('+39 333 1234567', NULL, 3)`, "•••"},
		{`masked.mask_phone('1234', 'PARTIAL', 9)`, "•••34"},
		{`masked.mask_phone('1234', 'PARTIAL', -1)`, "•••"},
		{`masked.mask_phone('', 'FULL', 0)`, ""},
		{`masked.mask_name('Ann Lee', 'PARTIAL', 2)`, "•••ee"},
		{`masked.mask_name('A', 'PARTIAL', 2)`, "•••"},
		{`masked.mask_email('ann.lee@example.org', 'PARTIAL', 3)`, "•••lee@•••"},
		{`masked.mask_email('ann.lee@example.org', 'FULL', 3)`, "•••"},
		{`masked.mask_text('call +39 (333) 123-45.67 or 12345 now', 'FULL', 0)`, "call ••• or 12345 now"},
		{`masked.mask_text('write ann.lee+x@mail.example.org, please', 'PARTIAL', 4)`, "write •••, please"},
		{`masked.mask_text('ann @ example.org', 'FULL', 0)`, "•••"},
		{`masked.mask_text('٠١٢٣٤٥٦٧٨', 'FULL', 0)`, "•••"},
		{"masked.mask_text(E'3\\u200b3\\u200b3\\u200b1\\u200b2\\u200b3\\u200b4', 'FULL', 0)", "•••"},
		{`masked.mask_text('+39 333 1234567', 'NONE', 0)`, "+39 333 1234567"},
		{`masked.mask_text('a@b.org 1234567', 'NONE', 'FULL')`, "••• 1234567"},
		{`masked.mask_text('a@b.org 1234567', 'PARTIAL', 'NONE')`, "a@b.org •••"},
		{`masked.mask_text('a@b.org 1234567', NULL, NULL::text)`, "••• •••"},
	} {
		var got string
		require.NoError(t, pool.QueryRow(t.Context(), `SELECT `+c.call).Scan(&got), c.call)
		require.Equal(t, c.want, got, c.call)
	}
}
