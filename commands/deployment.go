package commands

import (
	"context"
	"time"

	"parley/domain/deployment"
	"parley/eventstore"
)

// deploymentID is the id of the one deployment.
var deploymentID = DerivedID("deployment")

// Initialize records the id key's fingerprint in a new log. It fails with KEY_MISMATCH if the log has another one.
func (c *Commands) Initialize(ctx context.Context, fingerprint string) error {
	meta := SystemMetadata("parley", DerivedID("initialize", fingerprint))
	_, err := c.deployments.handle(ctx, deploymentID, meta, deployment.Initialize{Fingerprint: fingerprint, At: c.now()})
	return err
}

// Deployment returns the state of the deployment as the log has it now.
func (c *Commands) Deployment(ctx context.Context) (deployment.State, error) {
	return query(ctx, c.deployments, deploymentID, func(s deployment.State) deployment.State { return s })
}

// LogID returns the identity of the log, or "" if the log is empty. Positions are valid only in the log with
// the same identity, which is derived from the id of the first event and the time at which the store wrote
// it. So a copy in another store has another identity, although its events are the same. A log restored from
// the store's own backup keeps its identity and its positions.
func (c *Commands) LogID(ctx context.Context) (string, error) {
	h, err := c.deployments.store.Read(ctx, deployment.Decider.Stream(deploymentID), 0)
	if err != nil || len(h.Events) == 0 {
		return "", err
	}
	first := h.Events[0]
	return DerivedID("log", first.ID.String(), first.Created.UTC().Format(time.RFC3339Nano)), nil
}

// RecordRestored records that the log is an older copy: an event that was last seen at the given time is missing. From
// then on nothing is sent to customers until someone releases it.
func (c *Commands) RecordRestored(ctx context.Context, lastSeen time.Time) error {
	_, err := c.deployments.handle(ctx, deploymentID, SystemMetadata("parley", NewID()),
		deployment.RecordRestored{Restored: deployment.Restored{LastSeenAt: &lastSeen, At: c.now()}})
	return err
}

// DeclareRestored records an operator's word that the log was restored from a backup.
func (c *Commands) DeclareRestored(ctx context.Context, operator string) error {
	_, err := c.deployments.handle(ctx, deploymentID, SystemMetadata("operator", NewID()),
		deployment.RecordRestored{Restored: deployment.Restored{Operator: operator, At: c.now()}})
	return err
}

// HoldOutbound stops sending to customers, for a reason that every desktop shows.
func (c *Commands) HoldOutbound(ctx context.Context, note, operator string) error {
	_, err := c.deployments.handle(ctx, deploymentID, SystemMetadata("operator", NewID()),
		deployment.HoldOutbound{Note: note, Operator: operator, At: c.now()})
	return err
}

// ReleaseOutbound lets messages be sent again, on the word of an administrator or an operator.
func (c *Commands) ReleaseOutbound(
	ctx context.Context, released deployment.OutboundReleased, meta eventstore.Metadata,
) (eventstore.Position, error) {
	released.At = c.now()
	r, err := c.deployments.handle(ctx, deploymentID, meta, deployment.ReleaseOutbound{OutboundReleased: released})
	return r.Position, err
}
