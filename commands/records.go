package commands

import (
	"context"

	"parley/domain"
	"parley/domain/audit"
	"parley/domain/projection"
	"parley/eventstore"
)

// RecordHistoryRead records that someone read raw events. If recording fails, the caller must not show them.
func (c *Commands) RecordHistoryRead(ctx context.Context, read audit.HistoryRead) error {
	read.At = c.now()
	return c.record(ctx, read.By, read.Operator, audit.RecordHistoryRead{HistoryRead: read})
}

// RecordRevealed records that a masked viewer matched a clear value.
func (c *Commands) RecordRevealed(ctx context.Context, revealed audit.Revealed) error {
	revealed.At = c.now()
	return c.record(ctx, revealed.By, "", audit.RecordRevealed{Revealed: revealed})
}

// RecordExported records that data was exported as a file. If recording fails, the caller must not export it.
func (c *Commands) RecordExported(ctx context.Context, exported audit.Exported) error {
	exported.At = c.now()
	return c.record(ctx, exported.By, exported.Operator, audit.RecordExported{Exported: exported})
}

// record records a read by a user or an operator, in the stream of their reads of the day.
func (c *Commands) record(ctx context.Context, by domain.UserID, operator string, read audit.Command) error {
	actor := string(by)
	if by == "" {
		actor = "operator"
	}
	stream := DerivedID("audit", string(by)+operator, c.now().UTC().Format("2006-01-02"))
	_, err := c.audits.handle(ctx, stream, SystemMetadata(actor, NewID()), read)
	return err
}

// RecordSkipped records that an operator made a read model skip an event.
func (c *Commands) RecordSkipped(ctx context.Context, skipped projection.Skipped) (eventstore.Position, error) {
	skipped.At = c.now()
	r, err := c.projections.handle(ctx, DerivedID("projection", skipped.Name),
		SystemMetadata(string(skipped.By), NewID()), projection.Skip{Skipped: skipped})
	return r.Position, err
}

// RecordRebuilt records that a read model was rebuilt and is live.
func (c *Commands) RecordRebuilt(ctx context.Context, rebuilt projection.Rebuilt) error {
	rebuilt.At = c.now()
	_, err := c.projections.handle(ctx, DerivedID("projection", rebuilt.Name), SystemMetadata("operator", NewID()),
		projection.RecordRebuilt{Rebuilt: rebuilt})
	return err
}
