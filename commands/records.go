package commands

import (
	"context"

	"parley/domain"
	"parley/domain/audit"
	"parley/domain/deployment"
	"parley/domain/projection"
	"parley/eventstore"
)

// auditStream is what one user read on one day.
func (c *Commands) auditStream(by domain.UserID) string {
	return DerivedID("audit", string(by), c.now().UTC().Format("2006-01-02"))
}

// RecordHistoryRead leaves a trace that somebody read raw events. Without the trace there is no read.
func (c *Commands) RecordHistoryRead(ctx context.Context, by domain.UserID, stream string) error {
	_, err := c.audits.handle(ctx, c.auditStream(by), Ours(string(by), NewID()), audit.RecordHistoryRead{
		HistoryRead: audit.HistoryRead{By: by, Stream: stream, At: c.now()},
	})
	return err
}

// RecordRevealed leaves a trace that a masked viewer matched a clear value.
func (c *Commands) RecordRevealed(ctx context.Context, revealed audit.Revealed) error {
	revealed.At = c.now()
	_, err := c.audits.handle(ctx, c.auditStream(revealed.By), Ours(string(revealed.By), NewID()), audit.RecordRevealed{Revealed: revealed})
	return err
}

// RecordExported leaves a trace that data left as a file.
func (c *Commands) RecordExported(ctx context.Context, exported audit.Exported) error {
	exported.At = c.now()
	_, err := c.audits.handle(ctx, c.auditStream(exported.By), Ours(string(exported.By), NewID()), audit.RecordExported{Exported: exported})
	return err
}

// RecordSkipped records that an operator told a read model to go past an event.
func (c *Commands) RecordSkipped(ctx context.Context, skipped projection.Skipped) (eventstore.Position, error) {
	skipped.At = c.now()
	r, err := c.projections.handle(ctx, DerivedID("projection", skipped.Name), Ours(string(skipped.By), NewID()), projection.Skip{Skipped: skipped})
	return r.Position, err
}

// RecordRebuilt records that a read model was rebuilt and switched.
func (c *Commands) RecordRebuilt(ctx context.Context, rebuilt projection.Rebuilt) error {
	rebuilt.At = c.now()
	_, err := c.projections.handle(ctx, DerivedID("projection", rebuilt.Name), Ours("operator", NewID()), projection.RecordRebuilt{Rebuilt: rebuilt})
	return err
}

// Initialize begins the log with the id key's fingerprint, or refuses to go on with another key (KEY_MISMATCH).
func (c *Commands) Initialize(ctx context.Context, fingerprint string) error {
	meta := Ours("parley", DerivedID("initialize", fingerprint))
	_, err := c.deployments.handle(ctx, DerivedID("deployment"), meta, deployment.Initialize{Fingerprint: fingerprint, At: c.now()})
	return err
}
