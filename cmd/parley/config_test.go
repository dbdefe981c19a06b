package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/blobs/blobstest"
)

func from(s map[string]string) func(string) string {
	return func(name string) string { return s[name] }
}

func TestConfigurationHasDefaults(t *testing.T) {
	c, err := LoadConfig(from(nil))
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8080", c.Listen)
	require.Equal(t, filepath.Join(".parley", "master.key"), c.MasterKeyFile)
	require.Equal(t, allRoles, c.Roles)
	require.Equal(t, 5*time.Second, c.Drain)
	require.Equal(t, 30*time.Second, c.Grace)
}

func TestAllConfigurationProblemsAreReportedTogether(t *testing.T) {
	_, err := LoadConfig(from(map[string]string{
		"PARLEY_LISTEN": "here", "PARLEY_ROLES": "web, cook", "PARLEY_GRACE": "soon", "PARLEY_DRAIN": "-1s",
		"PARLEY_LOG_LEVEL": "loud", "PARLEY_PPROF": "0.0.0.0:6060",
		"DATABASE_URL": "postgres://a", "DATABASE_URL_FILE": "b",
		"EVENTSTORE_URL_FILE": filepath.Join(t.TempDir(), "nowhere"),
		"PARLEY_S3_ENDPOINT":  "s3.example.org", "PARLEY_S3_ACCESS_KEY": "key",
		"PARLEY_S3_SECRET_KEY_FILE": filepath.Join(t.TempDir(), "nowhere"),
	}))
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 12, "%v", err)
	for _, name := range []string{"PARLEY_LISTEN", "PARLEY_ROLES", "PARLEY_GRACE", "PARLEY_DRAIN", "PARLEY_LOG_LEVEL",
		"PARLEY_PPROF", "DATABASE_URL", "EVENTSTORE_URL_FILE", "PARLEY_S3_ENDPOINT", "PARLEY_S3_BUCKET",
		"PARLEY_S3_SECRET_KEY", "PARLEY_S3_SECRET_KEY_FILE"} {
		require.Contains(t, err.Error(), name+": ")
	}
}

func TestSecretsAreReadFromFilesAndNeverShown(t *testing.T) {
	const password = "correct-horse-7"
	file := filepath.Join(t.TempDir(), "database-url")
	require.NoError(t, os.WriteFile(file, []byte("postgres://parley:"+password+"@db/parley\n"), 0o600))
	c, err := LoadConfig(from(map[string]string{"DATABASE_URL_FILE": file,
		"EVENTSTORE_URL":     "esdb://admin:" + password + "@store:2113",
		"PARLEY_S3_ENDPOINT": "https://s3.example.org", "PARLEY_S3_BUCKET": "files",
		"PARLEY_S3_ACCESS_KEY": "key-" + password, "PARLEY_S3_SECRET_KEY": password}))
	require.NoError(t, err)
	require.Equal(t, "postgres://parley:"+password+"@db/parley", string(c.DatabaseURL))

	encoded, err := json.Marshal(c)
	require.NoError(t, err)
	var logged strings.Builder
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("started", "config", c)
	slog.New(slog.NewTextHandler(&logged, nil)).Info("started", "config", c)
	for _, dump := range []string{fmt.Sprint(c), fmt.Sprintf("%+v %#v %q", c, c, c), string(encoded), logged.String()} {
		require.NotContains(t, dump, password)
	}
}

func TestFilesAreStoredInTheConfiguredBucket(t *testing.T) {
	bucket := blobstest.NewObjects()
	server := httptest.NewServer(bucket)
	defer server.Close()
	for _, named := range []bool{false, true} {
		settings := map[string]string{"PARLEY_DATA_DIR": t.TempDir()}
		if named {
			settings["PARLEY_S3_ENDPOINT"], settings["PARLEY_S3_BUCKET"] = server.URL, "files"
			settings["PARLEY_S3_ACCESS_KEY"], settings["PARLEY_S3_SECRET_KEY"] = "key", "secret"
		}
		c, err := LoadConfig(from(settings))
		require.NoError(t, err)
		c.DatabaseURL = Secret(emptyDatabase(t))
		p, err := build(t.Context(), c, slog.New(slog.DiscardHandler))
		require.NoError(t, err)
		defer p.close()
		b, err := p.blobs.Put(t.Context(), strings.NewReader("a picture"), 100)
		require.NoError(t, err)
		r, err := p.blobs.Open(t.Context(), b.ID, b.Key)
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		require.Equal(t, "a picture", string(content))
		require.Equal(t, named, slices.Contains(bucket.Kept(), b.ID))
	}
}
