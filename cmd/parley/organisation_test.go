package main

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain/user"
	"parley/internal/demo"
	"parley/internal/devpg"
	"parley/internal/lookup"
	"parley/internal/process"
	"parley/projections/all"
)

// nowhere is the simulator of an organisation that no test has started yet.
const nowhere = "http://127.0.0.1:9"

// organised is the data folder of a program that has loaded and projected the organisation. The template named
// after it holds its database. Worlds start on copies of both, which is much faster than loading it again.
var organised = sync.OnceValues(func() (folder string, err error) {
	return os.MkdirTemp("", "parley-organisation-"+rand.Text()+"-")
})

// organisedConfig returns the configuration of a program that has the organisation already.
func organisedConfig(t *testing.T) Config {
	t.Helper()
	folder, err := organised()
	require.NoError(t, err)
	cfg := configOf(t, "")
	cfg.DatabaseURL = Secret(devpg.TestTemplate(t, folder, func(url string) error {
		first := configOf(t, folder)
		first.DatabaseURL = Secret(url)
		return organise(first)
	}))
	require.NoError(t, copyFolder(cfg.DataDir, folder))
	return cfg
}

// organise loads the organisation and runs the program until its read models show it.
func organise(cfg Config) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	p, err := build(ctx, cfg, process.NewLog(new(logBook), cfg.LogLevel), nowhere)
	if err != nil {
		return err
	}
	defer p.close()
	if _, err := loadOrganisation(ctx, p, nowhere); err != nil {
		return err
	}
	last, err := p.store.Last(ctx)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(all.Models()))
	for _, m := range all.Models() {
		names = append(names, m.Name)
	}
	return p.run(ctx, func(running context.Context) error {
		defer stop()
		for end := time.Now().Add(patience); time.Now().Before(end) && running.Err() == nil; {
			if p.listener.Await(running, last, names...) {
				return nil
			}
		}
		return errors.New("the read models do not show the organisation")
	})
}

// loadOrganisation loads the demo without history, or moves an organisation that is there already to a new simulator.
func loadOrganisation(ctx context.Context, p *program, simulator string) (demo.Result, error) {
	return loadDemo(ctx, p, simulator, 0)
}

// loadDemo is loadOrganisation with some days of conversations.
func loadDemo(ctx context.Context, p *program, simulator string, days int) (demo.Result, error) {
	secrets, err := demo.OpenSecrets(filepath.Join(p.cfg.DataDir, "demo-secrets.json"))
	if err != nil {
		return demo.Result{}, err
	}
	return demo.Load(ctx, demo.Deps{
		Commands: func(now func() time.Time) (*commands.Commands, error) {
			return p.newCommands(lookup.Reads{DB: p.db}, now)
		},
		SetPassword: func(context.Context, string, string) error { return nil }, // only some tests sign in
		CreateToken: func(ctx context.Context, id, _ string, role user.Role) (string, error) {
			token, _, err := p.auth.CreateToken(ctx, newToken(id, role)) // tests change what users may do
			return token, err
		},
		SimulatorURL: simulator, HistoryDays: days, Now: p.now, Log: p.log,
	}, secrets)
}

// copyFolder copies files and keeps their permissions: the program refuses a master key that others can read.
func copyFolder(to, from string) error {
	return filepath.WalkDir(from, func(file string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, file)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), content, 0o600)
	})
}
