package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"parley/commands"
	"parley/domain/audit"
	"parley/eventstore"
	"parley/internal/anchor"
	"parley/internal/backup"
	"parley/internal/database"
	"parley/internal/process"
	"parley/internal/seal"
	"parley/projections/engine"
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
	if err := p.fillReadModels(ctx); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "The backup of %s is restored: %d events and %d rows.\n",
		made.MadeAt.UTC().Format(time.RFC3339), made.Events, made.Rows)
	return p.printOutbound(ctx, e.stdout)
}

// refill writes a backup into an empty database and event store. The deployment's own row comes last, so that nothing
// can start before everything is there and messages are held. An interrupted call can be repeated.
func (p *program) refill(ctx context.Context, file io.ReadSeeker, made backup.Contents, operator string) error {
	if err := p.openPlaces(ctx); err != nil {
		return err
	}
	if err := p.openEmpty(ctx, made); err != nil {
		return err
	}
	if err := p.openEvents(ctx); err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := answers(limited, p.store); err != nil {
		return fmt.Errorf("the event store does not answer: %w", err)
	}
	rewound := func() error { _, err := file.Seek(0, io.SeekStart); return err }
	if err := rewound(); err != nil {
		return err
	}
	if err := backup.Fill(ctx, file, p.store); err != nil {
		return err
	}
	log, err := commands.New(commands.Config{Store: p.store, Now: p.now, Log: p.log})
	if err != nil {
		return err
	}
	if err := log.DeclareRestored(ctx, operator); err != nil {
		return err
	}
	if err := rewound(); err != nil {
		return err
	}
	return backup.RestoreTables(ctx, file, p.db.Clear)
}

// openEmpty opens the database of a restore. It must be new, and the master key and the places must belong to the backup.
func (p *program) openEmpty(ctx context.Context, made backup.Contents) (err error) {
	if p.master, err = seal.LoadMasterKey(p.cfg.MasterKeyFile); err != nil {
		return fmt.Errorf("a restore needs the deployment's master key (PARLEY_MASTER_KEY_FILE): %w", err)
	}
	if _, err := seal.OpenDeployment(p.master, made.WrappedIDKey, made.Fingerprint); err != nil {
		return err
	}
	for _, place := range p.places {
		limited, cancel := context.WithTimeout(ctx, placeLimit)
		err := anchor.Check(limited, made.Fingerprint, place, func() (bool, error) { return false, nil })
		cancel()
		if err != nil {
			return err
		}
	}
	url := string(p.cfg.DatabaseURL)
	if err := database.Migrate(ctx, url); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	if p.db, err = database.Open(ctx, url, database.Pools{}); err != nil {
		return err
	}
	there, err := seal.Fingerprint(ctx, p.db.Clear)
	if err == nil && there != "" {
		err = fmt.Errorf("the database is in use by deployment %s; restore into a new one", there)
	}
	p.keyring = seal.NewKeyring(p.db.Clear, p.master, 1)
	return err
}

// fillReadModels builds the read models and returns when they show the whole log.
func (p *program) fillReadModels(ctx context.Context) error {
	end, err := p.store.Last(ctx)
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- engine.Run(running, p.projectorConfig()) }()
	for filled := false; !filled && err == nil; {
		select {
		case <-time.After(100 * time.Millisecond):
			filled, err = p.readModelsShow(ctx, end)
		case err = <-done:
			stop()
			return errors.Join(err, ctx.Err())
		}
	}
	stop()
	return errors.Join(err, <-done)
}

// readModelsShow reports whether all read models show the log up to a position. One that stops is an error.
func (p *program) readModelsShow(ctx context.Context, end eventstore.Position) (bool, error) {
	models, err := engine.List(ctx, p.db.Clear)
	if err != nil {
		return false, err
	}
	shown := true
	for _, m := range models {
		if m.Stuck() && m.ProblemPosition != 0 {
			return false, fmt.Errorf("the read model %s has stopped (%s); see parley projections list", m.Name, m.Problem)
		}
		shown = shown && m.State == engine.Running && !end.After(m.Position)
	}
	return shown, nil
}
