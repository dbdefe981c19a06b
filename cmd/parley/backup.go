package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"parley/domain/audit"
	"parley/eventstore"
	"parley/internal/backup"
	"parley/internal/database"
	"parley/internal/process"
	"parley/internal/restore"
	"parley/internal/seal"
)

// backUp writes what cannot be rebuilt to a new file, with nothing about customers in clear.
func backUp(ctx context.Context, e environment) (err error) {
	if len(e.args) != 1 {
		return errors.New("backup FILE (- for the standard output)")
	}
	p, err := operator(ctx, e)
	if err != nil {
		return err
	}
	defer p.close()
	exported := audit.Exported{Operator: operatorName(e.getenv), Kind: "backup"}
	if err := p.commands.RecordExported(ctx, exported); err != nil {
		return err
	}
	name := e.args[0]
	if name == "-" {
		_, err := p.writeBackup(ctx, e.stdout)
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	made, err := p.writeBackup(ctx, file)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), name); err != nil { // a link, unlike a rename, replaces no other backup
		return err
	}
	fmt.Fprintf(e.stdout, "%d events and %d rows are in %s. Keep the master key in another place, and back up the files "+
		"in the data folder or the bucket too.\n", made.Events, made.Rows, name)
	return nil
}

func (p *program) writeBackup(ctx context.Context, w io.Writer) (backup.Contents, error) {
	return backup.Write(ctx, w, p.store, p.db.Clear, p.deployment.Fingerprint, p.now())
}

// restoreBackup fills a new database, and a new event store if it is a separate one, from a backup.
func restoreBackup(ctx context.Context, e environment) error {
	if len(e.args) != 1 {
		return errors.New("restore FILE")
	}
	cfg, err := LoadConfig(e.getenv)
	if err == nil && cfg.DatabaseURL == "" {
		err = errors.New("DATABASE_URL is required")
	}
	if err != nil {
		return err
	}
	cfg.Roles, cfg.NodeListen = nil, anyPort
	file, err := os.Open(e.args[0])
	if err != nil {
		return err
	}
	defer file.Close()
	made, err := backup.Check(file)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	empty := newProgram(cfg, process.NewLog(e.stderr, cfg.LogLevel))
	err = empty.refill(ctx, file, made, operatorName(e.getenv))
	empty.close()
	if err != nil {
		return err
	}
	p, err := operator(ctx, e)
	if err != nil {
		return err
	}
	defer p.close()
	if err := restore.FillReadModels(ctx, p.projectorConfig()); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "The backup of %s is restored: %d events and %d rows.\n",
		made.MadeAt.UTC().Format(time.RFC3339), made.Events, made.Rows)
	return p.printOutbound(ctx, e.stdout)
}

// refill restores a backup into this program's database and event store.
func (p *program) refill(ctx context.Context, file io.ReadSeeker, made backup.Contents, operator string) (err error) {
	if err := p.openPlaces(ctx); err != nil {
		return err
	}
	if p.master, err = seal.LoadMasterKey(p.cfg.MasterKeyFile); err != nil {
		return fmt.Errorf("a restore needs the deployment's master key (PARLEY_MASTER_KEY_FILE): %w", err)
	}
	return restore.Refill(ctx, file, made, restore.Target{
		DatabaseURL: string(p.cfg.DatabaseURL), Master: p.master, Places: p.places, Operator: operator, Now: p.now, Log: p.log,
		OpenStore: func(ctx context.Context, db database.DB) (*eventstore.Store, error) {
			p.db, p.keyring = db, seal.NewKeyring(db.Clear, p.master, 1)
			if err := p.openEvents(ctx); err != nil {
				return nil, err
			}
			limited, cancel := context.WithTimeout(ctx, 10*time.Second)
			defer cancel()
			if err := answers(limited, p.store); err != nil {
				return nil, fmt.Errorf("the event store does not answer: %w", err)
			}
			return p.store, nil
		},
	})
}
