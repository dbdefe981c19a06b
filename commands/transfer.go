package commands

import (
	"context"
	"errors"
	"slices"
	"time"

	"parley/domain"
	"parley/domain/account"
	"parley/domain/interaction"
	"parley/domain/setting"
	"parley/domain/transfer"
	"parley/eventstore"
	"parley/internal/fault"
)

// TransferTo is the target of a transfer: an agent or a queue.
type TransferTo struct {
	Agent domain.AgentID
	Queue domain.QueueID
	Note  string
}

// ErrTargetNotAvailable refuses a transfer to an agent who is not available.
var ErrTargetNotAvailable = &domain.Refusal{Kind: domain.Conflict, Code: "TARGET_NOT_AVAILABLE",
	Message: "This agent isn't available right now."}

// RequestTransfer asks an agent or the agents of a queue to take over an interaction. If no one is available
// in the queue, the transfer is refused at once.
func (c *Commands) RequestTransfer(
	ctx context.Context, id domain.InteractionID, by domain.AgentID, to TransferTo, meta eventstore.Metadata,
) (domain.TransferID, eventstore.Position, error) {
	transferID := c.transferID(id, meta.CommandID)
	settings, err := c.accountOf(ctx, id)
	if err != nil {
		return "", eventstore.Position{}, err
	}
	offered, refused := c.transferTargets(ctx, settings, by, to)
	if refused != nil { // a repeated request succeeds, even if its target is no longer available
		requested, err := query(ctx, c.transfers, string(transferID),
			func(s transfer.State) bool { return s.Status != transfer.StatusNone })
		if err != nil || !requested {
			return "", eventstore.Position{}, refused
		}
	}
	now := c.now()
	started, err := c.interactions.handle(ctx, string(id), meta, interaction.StartTransfer{
		TransferID: transferID, By: by, ToAgent: to.Agent, ToQueue: to.Queue, At: now,
		Allowed: to.Agent != "" && settings.TransferToAgent || to.Queue != "" && settings.TransferToQueue,
	})
	if err != nil {
		return "", eventstore.Position{}, err
	}
	_ = fault.Hit("transfer.started")
	session, err := query(ctx, c.interactions, string(id), func(s interaction.State) interaction.State { return s })
	if err != nil {
		return transferID, started.Position, err
	}
	requested, err := c.transfers.handle(ctx, string(transferID), meta, transfer.Request{Requested: transfer.Requested{
		InteractionID: id, AccountID: session.AccountID, By: by, ToAgent: to.Agent, ToQueue: to.Queue, OfferedTo: offered,
		Note: to.Note, AddressID: session.AddressID,
		ExpiresAt: now.Add(time.Duration(settings.TransferTimeout) * time.Second), At: now,
	}})
	if err != nil {
		return transferID, started.Position, err
	}
	if len(offered) == 0 {
		at, err := c.ReconcileTransfer(ctx, transferID)
		return transferID, later(requested.Position, at), err
	}
	return transferID, requested.Position, nil
}

// transferID derives a transfer's id from the command that requests it. It is in the interaction's shard.
func (c *Commands) transferID(id domain.InteractionID, commandID string) domain.TransferID {
	return domain.TransferID(c.ids.UUIDInShard(id.Shard(), "transfer", string(id), commandID))
}

// transferTargets returns who is asked: the agent if available, or all available agents of the queue except the
// sender. It refuses targets that do not share the interaction's account.
func (c *Commands) transferTargets(
	ctx context.Context, s account.Settings, by domain.AgentID, to TransferTo,
) ([]domain.AgentID, error) {
	switch {
	case transfer.TooLong(to.Note):
		return nil, transfer.ErrNoteTooLong.With("max", transfer.MaxNote)
	case to.Agent != "":
		return c.transferAgent(ctx, s, to.Agent)
	case to.Queue == "":
		return nil, nil
	case !slices.Contains(s.AllQueues(), to.Queue):
		return nil, setting.ErrUnknown
	}
	members, err := c.members(ctx, to.Queue)
	if err != nil {
		return nil, err
	}
	available, err := c.availableOf(ctx, members)
	if err != nil {
		return nil, err
	}
	others := available[:0]
	for _, a := range available {
		if a != by {
			others = append(others, a)
		}
	}
	return others, nil
}

// transferAgent returns the agent if they are available and a member of one of the account's queues.
func (c *Commands) transferAgent(
	ctx context.Context, s account.Settings, agent domain.AgentID,
) ([]domain.AgentID, error) {
	for _, queue := range s.AllQueues() {
		members, err := c.members(ctx, queue)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(members, agent) {
			continue
		}
		available, err := c.availableOf(ctx, []domain.AgentID{agent})
		if err != nil || len(available) > 0 {
			return available, err
		}
		break
	}
	return nil, ErrTargetNotAvailable
}

// AcceptTransfer accepts a transfer and makes the agent the owner. It reserves the transfer first; the
// interaction then decides.
func (c *Commands) AcceptTransfer(
	ctx context.Context, id domain.TransferID, by domain.AgentID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	presence, err := c.presence(ctx, by)
	if err != nil {
		return eventstore.Position{}, err
	}
	target, err := query(ctx, c.transfers, string(id), func(s transfer.State) domain.QueueID { return s.ToQueue })
	if err != nil {
		return eventstore.Position{}, err
	}
	gone, err := c.leftQueue(ctx, target, by)
	if err != nil {
		return eventstore.Position{}, err
	}
	accepted, err := c.transfers.handle(ctx, string(id), meta,
		transfer.Accept{By: by, SignedOut: presence == interaction.SignedOut, LeftQueue: gone, At: c.now()})
	if err != nil {
		return eventstore.Position{}, err
	}
	_ = fault.Hit("transfer.accepted")
	at, err := c.ReconcileTransfer(ctx, id)
	if err != nil {
		return eventstore.Position{}, err
	}
	voided, err := query(ctx, c.transfers, string(id),
		func(s transfer.State) bool { return s.Status == transfer.StatusVoided })
	if err == nil && voided {
		err = transfer.ErrOver.With("outcome", string(transfer.StatusVoided))
	}
	return later(accepted.Position, at), err
}

// RejectTransfer declines a transfer for one agent.
func (c *Commands) RejectTransfer(
	ctx context.Context, id domain.TransferID, by domain.AgentID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	return c.endTransfer(ctx, id, meta, transfer.Reject{By: by, At: c.now()})
}

// CancelTransfer cancels the agent's own transfer or, as a supervisor, anyone's.
func (c *Commands) CancelTransfer(
	ctx context.Context, id domain.TransferID, by domain.AgentID, supervisor bool, meta eventstore.Metadata,
) (eventstore.Position, error) {
	return c.endTransfer(ctx, id, meta, transfer.Cancel{By: by, Supervisor: supervisor, At: c.now()})
}

// ExpireTransfer ends an overdue transfer.
func (c *Commands) ExpireTransfer(ctx context.Context, id domain.TransferID) error {
	_, err := c.endTransfer(ctx, id, SystemMetadata("deadlines", DerivedID("expire", string(id))), transfer.Expire{At: c.now()})
	return err
}

func (c *Commands) endTransfer(
	ctx context.Context, id domain.TransferID, meta eventstore.Metadata, cmd transfer.Command,
) (eventstore.Position, error) {
	ended, err := c.transfers.handle(ctx, string(id), meta, cmd)
	if err != nil {
		return eventstore.Position{}, err
	}
	_ = fault.Hit("transfer.ended")
	at, err := c.ReconcileTransfer(ctx, id)
	return later(ended.Position, at), err
}

// ReconcileTransfer completes whatever step of a transfer was interrupted, so that the transfer and its
// interaction agree. Repeating it changes nothing.
func (c *Commands) ReconcileTransfer(ctx context.Context, id domain.TransferID) (eventstore.Position, error) {
	s, err := query(ctx, c.transfers, string(id), func(s transfer.State) transfer.State { return s })
	if err != nil {
		return eventstore.Position{}, err
	}
	outcomes := map[transfer.Status]string{
		transfer.StatusExpired: interaction.TransferExpired, transfer.StatusCancelled: interaction.TransferCancelled,
		transfer.StatusRefused: interaction.TransferRefused, transfer.StatusVoided: interaction.TransferVoided,
	}
	switch {
	case s.Status == transfer.StatusAccepted:
		return c.completeTransfer(ctx, id, s)
	case outcomes[s.Status] != "":
		meta := SystemMetadata("transfers", DerivedID("ended", string(id)))
		r, err := c.interactions.handle(ctx, string(s.InteractionID), meta,
			interaction.EndTransfer{TransferID: id, Outcome: outcomes[s.Status], At: c.now()})
		return r.Position, err
	case s.Status == transfer.StatusPending:
		running, err := query(ctx, c.interactions, string(s.InteractionID),
			func(s interaction.State) domain.TransferID { return s.TransferInProgress() })
		if err != nil || running == id {
			return eventstore.Position{}, err
		}
		return c.voidTransfer(ctx, id, "INTERACTION_MOVED_ON")
	}
	return eventstore.Position{}, nil
}

func (c *Commands) completeTransfer(
	ctx context.Context, id domain.TransferID, s transfer.State,
) (eventstore.Position, error) {
	meta := SystemMetadata("transfers", DerivedID("owner", string(id)))
	changed, err := c.interactions.handle(ctx, string(s.InteractionID), meta,
		interaction.ChangeOwner{TransferID: id, To: s.AcceptedBy, At: c.now()})
	if errors.Is(err, interaction.ErrTransferVoid) || errors.Is(err, interaction.ErrClosed) {
		return c.voidTransfer(ctx, id, "INTERACTION_MOVED_ON")
	}
	if err != nil {
		return eventstore.Position{}, err
	}
	_ = fault.Hit("transfer.owner_changed")
	completed, err := c.transfers.handle(ctx, string(id), SystemMetadata("transfers",
		DerivedID("completed", string(id))), transfer.Complete{At: c.now()})
	return later(changed.Position, completed.Position), err
}

func (c *Commands) voidTransfer(ctx context.Context, id domain.TransferID, reason string) (eventstore.Position, error) {
	r, err := c.transfers.handle(ctx, string(id), SystemMetadata("transfers", DerivedID("void", string(id))),
		transfer.Void{Reason: reason, At: c.now()})
	return r.Position, err
}

// AbandonTransfer ends a transfer that was started on the interaction but never requested, because the
// process stopped in between.
func (c *Commands) AbandonTransfer(ctx context.Context, id domain.InteractionID, transferID domain.TransferID) error {
	known, err := query(ctx, c.transfers, string(transferID),
		func(s transfer.State) bool { return s.Status != transfer.StatusNone })
	if err != nil {
		return err
	}
	if known {
		_, err = c.ReconcileTransfer(ctx, transferID)
		return err
	}
	meta := SystemMetadata("transfers", DerivedID("abandoned", string(transferID)))
	_, err = c.interactions.handle(ctx, string(id), meta, interaction.EndTransfer{TransferID: transferID,
		Outcome: interaction.TransferVoided, At: c.now()})
	return err
}

func later(a, b eventstore.Position) eventstore.Position {
	if b.After(a) {
		return b
	}
	return a
}
