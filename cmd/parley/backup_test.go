package main

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/backup"
	"parley/internal/seal"
	"parley/projections/all"
)

// unpacked returns what a backup holds.
func unpacked(t *testing.T, name string) string {
	t.Helper()
	file, err := os.Open(name)
	require.NoError(t, err)
	defer file.Close()
	packed, err := gzip.NewReader(file)
	require.NoError(t, err)
	content, err := io.ReadAll(packed)
	require.NoError(t, err)
	return string(content)
}

// clearValues returns every text in a masked column of the read models: names, numbers, email addresses and texts of
// customers.
func (w *world) clearValues(t *testing.T) map[string]bool {
	t.Helper()
	values := make(map[string]bool)
	var collect func(v any)
	collect = func(v any) {
		switch v := v.(type) {
		case string:
			_, notATime := time.Parse(time.RFC3339, v)
			if len(v) > 5 && notATime != nil && uuidText.FindString(v) != v { // ids are pseudonyms
				values[v] = true
			}
		case []any:
			for _, one := range v {
				collect(one)
			}
		case map[string]any:
			for _, one := range v {
				collect(one)
			}
		}
	}
	for _, m := range all.Models() {
		for _, table := range m.Tables {
			for _, d := range table.Declarations() {
				if !d.Masked() {
					continue
				}
				rows, err := w.p.db.Clear.Query(t.Context(), "SELECT to_jsonb(t."+d.Name+")::text FROM app."+
					table.ViewName()+" t WHERE t."+d.Name+" IS NOT NULL")
				require.NoError(t, err)
				texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
				require.NoError(t, err)
				for _, text := range texts {
					var v any
					require.NoError(t, json.Unmarshal([]byte(text), &v))
					collect(v)
				}
			}
		}
	}
	return values
}

// restoredConfig returns the configuration of a new database and a new data folder with only the master key in it.
func restoredConfig(t *testing.T, from Config) Config {
	t.Helper()
	cfg := testConfig(t)
	key, err := os.ReadFile(from.MasterKeyFile)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(cfg.MasterKeyFile, key, 0o600))
	return cfg
}

func operateOn(t *testing.T, cfg Config, args ...string) (string, error) {
	t.Helper()
	settings := map[string]string{"DATABASE_URL": string(cfg.DatabaseURL), "PARLEY_DATA_DIR": cfg.DataDir,
		"EVENTSTORE_URL": string(cfg.EventStoreURL), "PARLEY_LOG_LEVEL": "error"}
	var out, problems strings.Builder
	err := run(t.Context(), args, func(name string) string { return settings[name] }, &out, &problems)
	return out.String(), err
}

func TestABackupHoldsNothingInClearAndRestoresEverything(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	_, err := loadDemo(t.Context(), w.p, w.simURL, 2)
	require.NoError(t, err)
	maria := w.customer("Maria Verdi", "393471112233", 0)
	maria.writes(t, "Good morning, where is my parcel?")
	anna := w.works(t, "anna")
	id := anna.accepts(t, "Good morning, where is my parcel?")
	anna.sends(t, id, "It left yesterday")
	anna.until(t, id, func(i *interactionShown) bool {
		return i.LastMessageStatus != nil && *i.LastMessageStatus == "READ" ||
			i.LastMessageStatus != nil && *i.LastMessageStatus == "DELIVERED"
	})
	require.NoError(t, w.p.commands.HoldOutbound(t.Context(), "A drill", "test"))
	anna.sends(t, id, "It arrives tomorrow")
	w.settle(t)
	counts := func(cfg Config) map[string]int64 {
		all := make(map[string]int64)
		for _, view := range []string{"interactions", "messages", "contacts", "users", "queues", "accounts", "outbox"} {
			all[view] = value[int64](t, string(cfg.DatabaseURL), "SELECT count(*) FROM app."+view)
		}
		return all
	}
	before := counts(w.p.cfg)

	file := filepath.Join(t.TempDir(), "parley.backup")
	_, err = w.operate(t, nil, "backup", file)
	require.NoError(t, err)
	_, err = w.operate(t, nil, "backup", file)
	require.ErrorIs(t, err, os.ErrExist, "a backup was overwritten")
	content := unpacked(t, file)
	values := w.clearValues(t)
	for _, known := range []string{"Maria Verdi", "393471112233", "Good morning, where is my parcel?", "It arrives tomorrow"} {
		require.True(t, values[known] || values["+"+known], "%s is not among the values searched for", known)
	}
	require.Greater(t, len(values), 100)
	for value := range values {
		if strings.Contains(content, value) {
			at := strings.Index(content, value)
			t.Errorf("%q is in the backup in clear: %s", value, content[max(0, at-200):at])
		}
	}

	cfg := restoredConfig(t, w.p.cfg)
	output, err := operateOn(t, cfg, "restore", file)
	require.NoError(t, err)
	require.Contains(t, output, "Nothing has been sent since")
	output, err = operateOn(t, cfg, "verify")
	require.NoError(t, err, output)
	w.settle(t)
	after := counts(w.p.cfg) // the program has given more of the demo's customers a contact meanwhile
	for view, n := range counts(cfg) {
		require.LessOrEqual(t, before[view], n, view)
		require.LessOrEqual(t, n, after[view], view)
	}
	_, err = operateOn(t, cfg, "restore", file)
	require.ErrorContains(t, err, "the database is in use by deployment")

	require.NoError(t, copyFile(filepath.Join(cfg.DataDir, "demo-secrets.json"),
		filepath.Join(w.p.cfg.DataDir, "demo-secrets.json")))
	there := startWorldOn(t, cfg)
	there.users = w.users // tokens are restored too
	again := desk{client: there.as(t, "anna"), w: there}
	require.Equal(t, anna.sees(t, id).texts(), again.sees(t, id).texts())
	there.customer("Maria Verdi", "393471112233", 0).writes(t, "Thank you!")
	again.until(t, id, func(i *interactionShown) bool { return slices.Contains(i.texts(), "CUSTOMER: Thank you!") })
	require.Empty(t, there.sentTexts(), "a queued message was sent before the release")
	released := there.as(t, "admin").do(t, "releaseOutbound", "ReleaseOutboundInput", "outbound{held}", vars{"commandId": newID()})
	require.Empty(t, released.code(), released.raw)
	require.Eventually(t, func() bool { return len(there.sentTexts()) > 0 }, patience, 20*time.Millisecond)
	require.Contains(t, there.sentTexts(), "It arrives tomorrow")
	require.NotContains(t, there.sentTexts(), "It left yesterday")
}

func copyFile(to, from string) error {
	content, err := os.ReadFile(from)
	return errors.Join(err, os.WriteFile(to, content, 0o600))
}

func TestARestoreRefusesADamagedFileAndAnotherMasterKeyBeforeItWritesAnything(t *testing.T) {
	t.Parallel()
	from := testConfig(t)
	file := filepath.Join(t.TempDir(), "parley.backup")
	_, err := operateOn(t, from, "backup", file)
	require.NoError(t, err)
	content, err := os.ReadFile(file)
	require.NoError(t, err)

	cfg := restoredConfig(t, from)
	damaged := filepath.Join(t.TempDir(), "damaged")
	changed := append([]byte(nil), content...)
	changed[len(changed)/2] ^= 1
	for name, bad := range map[string][]byte{"cut short": content[:len(content)/2], "changed": changed, "no backup": []byte("hello")} {
		require.NoError(t, os.WriteFile(damaged, bad, 0o600))
		_, err = operateOn(t, cfg, "restore", damaged)
		require.ErrorIs(t, err, backup.ErrDamaged, name)
	}
	other := cfg
	other.DataDir = t.TempDir()
	_, err = operateOn(t, other, "restore", file)
	require.ErrorContains(t, err, "PARLEY_MASTER_KEY_FILE")
	_, err = seal.EnsureMasterKey(filepath.Join(other.DataDir, "master.key"))
	require.NoError(t, err)
	_, err = operateOn(t, other, "restore", file)
	require.ErrorIs(t, err, seal.ErrMasterKey)

	_, err = operateOn(t, cfg, "restore", file)
	require.NoError(t, err, "the database is still new")
}

func TestABackupOfASeparateEventStoreRestoresIntoASeparateEventStore(t *testing.T) {
	t.Parallel()
	from := testConfig(t)
	node := func() Secret {
		c := startChild(t, "main", nil, "node", "--insecure", "--listen", "127.0.0.1:0", "--database-url", emptyDatabase(t))
		line, err := c.stdout.ReadString('\n')
		require.NoError(t, err, c.errors.String())
		return Secret(strings.TrimSpace(line))
	}
	from.EventStoreURL = node()
	_, err := operateOn(t, from, "user", "create", "first", "First Admin", "admin")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "parley.backup")
	_, err = operateOn(t, from, "backup", file)
	require.NoError(t, err)

	cfg := restoredConfig(t, from)
	cfg.EventStoreURL = from.EventStoreURL
	occupied := cfg
	occupied.EventStoreURL = node()
	_, err = operateOn(t, restoredConfigOf(t, occupied), "outbound", "status") // another deployment's log
	require.NoError(t, err)
	_, err = operateOn(t, occupied, "restore", file)
	require.ErrorContains(t, err, "the event store holds other events")

	cfg.EventStoreURL = node()
	_, err = operateOn(t, cfg, "restore", file)
	require.NoError(t, err)
	output, err := operateOn(t, cfg, "verify")
	require.NoError(t, err, output)
	require.Equal(t, "first", value[string](t, string(cfg.DatabaseURL), "SELECT login FROM app.users"))
}

// restoredConfigOf returns a new deployment on the same event store.
func restoredConfigOf(t *testing.T, cfg Config) Config {
	t.Helper()
	fresh := testConfig(t)
	fresh.EventStoreURL = cfg.EventStoreURL
	return fresh
}

func TestABackupNamesEveryTableThatCannotBeRebuilt(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	tables := make(map[string]bool)
	for _, name := range backup.Tables {
		tables[name] = true
	}
	for name := range backup.LeftOut {
		tables[name] = true
	}
	for name := range maps.Clone(tables) {
		require.Equal(t, int64(1), value[int64](t, string(cfg.DatabaseURL),
			`SELECT count(*) FROM pg_tables WHERE schemaname = 'ops' AND tablename = $1`, name), name)
	}
	require.Equal(t, int64(len(tables)), value[int64](t, string(cfg.DatabaseURL),
		`SELECT count(*) FROM pg_tables WHERE schemaname = 'ops'`), "a table is neither in Tables nor in LeftOut")
}
