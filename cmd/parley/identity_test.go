package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/domain/deployment"
	"parley/internal/anchor"
	"parley/internal/process"
)

// tries builds the program on a database and a data folder, and stops it again.
func tries(t *testing.T, database, folder string) error {
	t.Helper()
	cfg := testConfig(t)
	cfg.DatabaseURL, cfg.DataDir, cfg.MasterKeyFile = Secret(database), folder, filepath.Join(folder, "master.key")
	p, err := build(t.Context(), cfg, process.NewLog(&logBook{}, "warn"))
	if err == nil {
		p.close()
	}
	return err
}

func runs(t *testing.T, database, folder string, args ...string) string {
	t.Helper()
	var out, problems strings.Builder
	getenv := func(name string) string {
		return map[string]string{"DATABASE_URL": database, "PARLEY_DATA_DIR": folder}[name]
	}
	require.NoError(t, run(t.Context(), args, getenv, &out, &problems), &problems)
	return out.String()
}

func TestADataFolderOfAnotherDeploymentIsRefused(t *testing.T) {
	t.Parallel()
	folder, first, second := t.TempDir(), emptyDatabase(t), emptyDatabase(t)
	require.NoError(t, tries(t, first, folder))
	require.NoError(t, tries(t, first, folder), "the second start finds the same deployment")

	err := tries(t, second, folder)
	var mismatch *anchor.Mismatch
	require.ErrorAs(t, err, &mismatch)
	require.Equal(t, anchor.CodeOtherDeployment, mismatch.Code)
	require.ErrorContains(t, err, "DEPLOYMENT_MISMATCH: the data folder "+folder)
	require.ErrorContains(t, err, "the database is new")
	require.ErrorContains(t, err, "parley files adopt")
	require.Error(t, tries(t, second, folder), "the refused database is still new")

	require.NoError(t, tries(t, second, t.TempDir()))
	err = tries(t, second, folder)
	require.ErrorAs(t, err, &mismatch)
	require.NotEmpty(t, mismatch.Database, "two known deployments")
}

func TestANewDatabaseRefusesFilesOfAnUnknownDeploymentUntilTheyAreAdopted(t *testing.T) {
	t.Parallel()
	folder, database := t.TempDir(), emptyDatabase(t)
	file := filepath.Join(folder, "files", "ab", "ab"+uuid.NewString()[2:])
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
	require.NoError(t, os.WriteFile(file, []byte("a picture"), 0o600))

	err := tries(t, database, folder)
	require.ErrorContains(t, err, anchor.CodeUnknownDeployment)
	require.NoFileExists(t, filepath.Join(folder, "deployment.json"))

	require.Contains(t, runs(t, database, folder, "files", "adopt"), "now belongs to deployment")
	require.NoError(t, tries(t, database, folder))
	require.FileExists(t, file)
}

func TestAnOperatorPutsQuarantinedFilesBack(t *testing.T) {
	t.Parallel()
	folder, database := t.TempDir(), emptyDatabase(t)
	require.NoError(t, tries(t, database, folder))
	id := uuid.NewString()
	quarantine := filepath.Join(folder, "files", "quarantine")
	require.NoError(t, os.MkdirAll(quarantine, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(quarantine, id), []byte("a picture"), 0o600))
	require.Equal(t, id+"\n", runs(t, database, folder, "files", "quarantined"))
	runs(t, database, folder, "files", "restore", "all")
	require.Empty(t, runs(t, database, folder, "files", "quarantined"))
	require.FileExists(t, filepath.Join(folder, "files", id[:2], id))
}

func TestADatabaseOfAnotherDeploymentThanItsLogIsRefused(t *testing.T) {
	t.Parallel()
	folder, database := t.TempDir(), emptyDatabase(t)
	cfg := testConfig(t)
	cfg.DatabaseURL, cfg.DataDir, cfg.MasterKeyFile = Secret(database), folder, filepath.Join(folder, "master.key")
	p, err := build(t.Context(), cfg, process.NewLog(&logBook{}, "warn"))
	require.NoError(t, err)
	defer p.close()
	cfg.EventStoreURL = Secret(p.storeURL)
	cfg.DatabaseURL, cfg.DataDir = Secret(emptyDatabase(t)), t.TempDir()
	_, err = build(t.Context(), cfg, process.NewLog(&logBook{}, "warn"))
	require.ErrorIs(t, err, deployment.ErrOtherKey)
	require.ErrorContains(t, err, "EVENTSTORE_URL")
	require.NoFileExists(t, filepath.Join(cfg.DataDir, "deployment.json"), "a folder is not marked while log and database disagree")
}
