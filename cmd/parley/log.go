package main

import (
	"context"
	"errors"
	"fmt"

	"parley/domain/deployment"
	"parley/projections/all"
	"parley/projections/engine"
)

// openLog refuses a log of another deployment, and a log that the database was not filled from. It binds a
// new database to its log.
func (p *program) openLog(ctx context.Context) error {
	known, err := engine.LogOf(ctx, p.db.Projector)
	if err != nil {
		return err
	}
	if p.logID, err = p.commands.LogID(ctx); err != nil {
		return fmt.Errorf("read the start of the log: %w", err)
	}
	if p.logID == "" && known != "" { // write nothing, so that a move can still copy the events there
		return p.otherLog(ctx, known)
	}
	if err := p.commands.Initialize(ctx, p.deployment.Fingerprint); err != nil {
		if errors.Is(err, deployment.ErrOtherKey) {
			return fmt.Errorf("the event log and the database (%s) belong to different deployments: correct "+
				"EVENTSTORE_URL or DATABASE_URL, or restore the schema ops from its backup: %w",
				p.deployment.Fingerprint, err)
		}
		return fmt.Errorf("initialize the log: %w", err)
	}
	if p.logID, err = p.commands.LogID(ctx); err != nil {
		return fmt.Errorf("read the start of the log: %w", err)
	}
	err = engine.BindLog(ctx, p.db.Projector, p.logID)
	switch {
	case errors.Is(err, engine.ErrOtherLog) && p.adoptLog:
		return p.adoptThisLog(ctx)
	case errors.Is(err, engine.ErrOtherLog):
		return p.otherLog(ctx, known)
	}
	return err
}

// otherLog returns an error that says what to do when EVENTSTORE_URL leads to another log than the known one.
func (p *program) otherLog(ctx context.Context, known string) error {
	if url, err := p.secrets.Get(ctx, movedSecret(known)); err == nil {
		return fmt.Errorf("LOG_MISMATCH: this deployment was moved to another event store: %s", settingFor(url))
	}
	return errOtherLog
}

var errOtherLog = errors.New("LOG_MISMATCH: the event store holds another log than the one this database was filled " +
	"from. To move to this event store, set EVENTSTORE_URL back to what it was and run: parley move --to URL. If the " +
	"other log is lost and this one is complete, run: parley projections rebuild")

// adoptThisLog empties the read models, so that the projector fills them from the log that is there.
func (p *program) adoptThisLog(ctx context.Context) error {
	p.adopted = true
	if err := engine.Reset(ctx, p.db.Projector, p.logID); err != nil {
		return err
	}
	return engine.Prepare(ctx, p.db.Projector, all.Models())
}
