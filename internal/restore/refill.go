package restore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"parley/commands"
	"parley/eventstore"
	"parley/internal/anchor"
	"parley/internal/backup"
	"parley/internal/database"
	"parley/internal/seal"
	"parley/projections/engine"
)

// Target is the deployment that a backup is restored into: a new database and, if that is separate, a new event store.
type Target struct {
	DatabaseURL string
	Master      seal.MasterKey // must be the one of the backup
	Places      anchor.Places  // must belong to the deployment of the backup, or to none
	// OpenStore opens the event store with the keys of the database, which is open by then. The caller closes both.
	OpenStore func(context.Context, database.DB) (*eventstore.Store, error)
	Operator  string // who restores
	Now       func() time.Time
	Log       *slog.Logger
}

// Refill writes a backup that backup.Check has accepted into an empty database and event store. The deployment's own row
// comes last, so that nothing can start before everything is there and messages are held. An interrupted call can be
// repeated.
func Refill(ctx context.Context, file io.ReadSeeker, made backup.Contents, t Target) error {
	if _, err := seal.OpenDeployment(t.Master, made.WrappedIDKey, made.Fingerprint); err != nil {
		return err
	}
	if err := t.Places.CheckStrictly(ctx, made.Fingerprint); err != nil {
		return err
	}
	db, err := openEmpty(ctx, t.DatabaseURL)
	if err != nil {
		return err
	}
	store, err := t.OpenStore(ctx, db)
	if err != nil {
		return err
	}
	rewound := func() error { _, err := file.Seek(0, io.SeekStart); return err }
	if err := rewound(); err != nil {
		return err
	}
	if err := backup.Fill(ctx, file, store); err != nil {
		return err
	}
	log, err := commands.New(commands.Config{Store: store, Now: t.Now, Log: t.Log})
	if err != nil {
		return err
	}
	if err := log.DeclareRestored(ctx, t.Operator); err != nil {
		return err
	}
	if err := rewound(); err != nil {
		return err
	}
	return backup.RestoreTables(ctx, file, db.Clear)
}

// openEmpty opens a database and creates its tables. It must not be in use by a deployment.
func openEmpty(ctx context.Context, url string) (database.DB, error) {
	if err := database.Migrate(ctx, url); err != nil {
		return database.DB{}, fmt.Errorf("migrate the database: %w", err)
	}
	db, err := database.Open(ctx, url, database.Pools{})
	if err != nil {
		return db, err
	}
	there, err := seal.Fingerprint(ctx, db.Clear)
	if err == nil && there != "" {
		err = fmt.Errorf("the database is in use by deployment %s; restore into a new one", there)
	}
	if err != nil {
		db.Close()
		return database.DB{}, err
	}
	return db, nil
}

// FillReadModels runs a projector until the read models show the whole log.
func FillReadModels(ctx context.Context, c engine.Config) error {
	end, err := c.Store.Last(ctx)
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- engine.Run(running, c) }()
	for filled := false; !filled && err == nil; {
		select {
		case <-time.After(100 * time.Millisecond):
			filled, err = readModelsShow(ctx, c, end)
		case err = <-done:
			stop()
			return errors.Join(err, ctx.Err())
		}
	}
	stop()
	return errors.Join(err, <-done)
}

// readModelsShow reports whether all read models show the log up to a position. One that stops is an error.
func readModelsShow(ctx context.Context, c engine.Config, end eventstore.Position) (bool, error) {
	models, err := engine.List(ctx, c.Pool)
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
