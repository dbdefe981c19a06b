package commands

import (
	"context"
	"errors"
	"time"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/eventstore"
	"parley/internal/fault"
)

// TransferTo is where an interaction is to go: one agent, or one queue.
type TransferTo struct {
	Agent domain.AgentID
	Queue domain.QueueID
	Note  string
}

// ErrTargetOffline says that an agent is not there to be asked (R70).
var ErrTargetOffline = &domain.Refusal{Kind: domain.Conflict, Code: "TARGET_NOT_AVAILABLE", Message: "This agent is not available at the moment."}

// RequestTransfer asks an agent or a queue to take an interaction over. With nobody there it comes back at once.
func (c *Commands) RequestTransfer(ctx context.Context, id domain.InteractionID, by domain.AgentID, to TransferTo, meta eventstore.Metadata) (domain.TransferID, eventstore.Position, error) {
	transferID := domain.TransferID(meta.CommandID)
	settings, err := c.accountOf(ctx, id)
	if err != nil {
		return "", eventstore.Position{}, err
	}
	offered, err := c.offeredTo(ctx, by, to)
	if errors.Is(err, ErrTargetOffline) { // unless he was asked already: then this is the same click once more
		asked, readErr := query(ctx, c.transfers, string(transferID), func(s transfer.State) bool { return s.Status != transfer.StatusNone })
		if readErr != nil {
			return "", eventstore.Position{}, readErr
		}
		if !asked {
			return "", eventstore.Position{}, err
		}
	} else if err != nil {
		return "", eventstore.Position{}, err
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
	address, err := query(ctx, c.interactions, string(id), func(s interaction.State) domain.AddressID { return s.AddressID })
	if err != nil {
		return transferID, started.Position, err
	}
	requested, err := c.transfers.handle(ctx, string(transferID), meta, transfer.Request{Requested: transfer.Requested{
		InteractionID: id, By: by, ToAgent: to.Agent, ToQueue: to.Queue, OfferedTo: offered, Note: to.Note, AddressID: address,
		ExpiresAt: now.Add(time.Duration(settings.TransferTimeout) * time.Second), At: now,
	}})
	if err != nil {
		return transferID, started.Position, err
	}
	if len(offered) == 0 {
		at, err := c.SettleTransfer(ctx, transferID)
		return transferID, later(requested.Position, at), err
	}
	return transferID, requested.Position, nil
}

// offeredTo is who is asked: the agent if he is available, or everybody of the queue who is, without the sender (A14).
func (c *Commands) offeredTo(ctx context.Context, by domain.AgentID, to TransferTo) ([]domain.AgentID, error) {
	if to.Agent != "" {
		available, err := c.availableOf(ctx, []domain.AgentID{to.Agent})
		if err == nil && len(available) == 0 {
			err = ErrTargetOffline
		}
		return available, err
	}
	if to.Queue == "" {
		return nil, nil
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

// AcceptTransfer takes an interaction over: reserved on the transfer, decided on the interaction.
func (c *Commands) AcceptTransfer(ctx context.Context, id domain.TransferID, by domain.AgentID, meta eventstore.Metadata) (eventstore.Position, error) {
	presence, err := c.presence(ctx, by)
	if err != nil {
		return eventstore.Position{}, err
	}
	target, err := query(ctx, c.transfers, string(id), func(s transfer.State) domain.QueueID { return s.ToQueue })
	if err != nil {
		return eventstore.Position{}, err
	}
	left, err := c.left(ctx, target, by)
	if err != nil {
		return eventstore.Position{}, err
	}
	accepted, err := c.transfers.handle(ctx, string(id), meta, transfer.Accept{By: by, SignedOut: presence == interaction.SignedOut, Left: left, At: c.now()})
	if err != nil {
		return eventstore.Position{}, err
	}
	_ = fault.Hit("transfer.accepted")
	at, err := c.SettleTransfer(ctx, id)
	if err != nil {
		return eventstore.Position{}, err
	}
	voided, err := query(ctx, c.transfers, string(id), func(s transfer.State) bool { return s.Status == transfer.StatusVoided })
	if err == nil && voided {
		err = transfer.ErrOver.With("outcome", string(transfer.StatusVoided))
	}
	return later(accepted.Position, at), err
}

// RejectTransfer refuses a transfer on behalf of one agent.
func (c *Commands) RejectTransfer(ctx context.Context, id domain.TransferID, by domain.AgentID, meta eventstore.Metadata) (eventstore.Position, error) {
	return c.endTransfer(ctx, id, meta, transfer.Reject{By: by, At: c.now()})
}

// CancelTransfer takes a transfer back: one's own, or as a supervisor anybody's.
func (c *Commands) CancelTransfer(ctx context.Context, id domain.TransferID, by domain.AgentID, supervisor bool, meta eventstore.Metadata) (eventstore.Position, error) {
	return c.endTransfer(ctx, id, meta, transfer.Cancel{By: by, Supervisor: supervisor, At: c.now()})
}

// ExpireTransfer ends a transfer whose time has run out.
func (c *Commands) ExpireTransfer(ctx context.Context, id domain.TransferID) error {
	_, err := c.endTransfer(ctx, id, Ours("deadlines", DerivedID("expire", string(id))), transfer.Expire{At: c.now()})
	return err
}

func (c *Commands) endTransfer(ctx context.Context, id domain.TransferID, meta eventstore.Metadata, cmd transfer.Command) (eventstore.Position, error) {
	ended, err := c.transfers.handle(ctx, string(id), meta, cmd)
	if err != nil {
		return eventstore.Position{}, err
	}
	_ = fault.Hit("transfer.ended")
	at, err := c.SettleTransfer(ctx, id)
	return later(ended.Position, at), err
}

// SettleTransfer brings a transfer and its interaction to agree, from wherever they were left. Doing it again changes nothing.
func (c *Commands) SettleTransfer(ctx context.Context, id domain.TransferID) (eventstore.Position, error) {
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
		meta := Ours("transfers", DerivedID("ended", string(id)))
		r, err := c.interactions.handle(ctx, string(s.InteractionID), meta, interaction.EndTransfer{TransferID: id, Outcome: outcomes[s.Status], At: c.now()})
		return r.Position, err
	case s.Status == transfer.StatusPending:
		running, err := query(ctx, c.interactions, string(s.InteractionID), func(s interaction.State) domain.TransferID { return s.TransferInProgress() })
		if err != nil || running == id {
			return eventstore.Position{}, err
		}
		return c.voidTransfer(ctx, id, "INTERACTION_MOVED_ON")
	}
	return eventstore.Position{}, nil
}

func (c *Commands) completeTransfer(ctx context.Context, id domain.TransferID, s transfer.State) (eventstore.Position, error) {
	meta := Ours("transfers", DerivedID("owner", string(id)))
	changed, err := c.interactions.handle(ctx, string(s.InteractionID), meta, interaction.ChangeOwner{TransferID: id, To: s.AcceptedBy, At: c.now()})
	if errors.Is(err, interaction.ErrTransferVoid) || errors.Is(err, interaction.ErrClosed) {
		return c.voidTransfer(ctx, id, "INTERACTION_MOVED_ON")
	}
	if err != nil {
		return eventstore.Position{}, err
	}
	_ = fault.Hit("transfer.owner_changed")
	completed, err := c.transfers.handle(ctx, string(id), Ours("transfers", DerivedID("completed", string(id))), transfer.Complete{At: c.now()})
	return later(changed.Position, completed.Position), err
}

func (c *Commands) voidTransfer(ctx context.Context, id domain.TransferID, reason string) (eventstore.Position, error) {
	r, err := c.transfers.handle(ctx, string(id), Ours("transfers", DerivedID("void", string(id))), transfer.Void{Reason: reason, At: c.now()})
	return r.Position, err
}

// AbandonTransfer ends a transfer on the interaction that was started there but never requested: its asker broke off between the two.
func (c *Commands) AbandonTransfer(ctx context.Context, id domain.InteractionID, transferID domain.TransferID) error {
	known, err := query(ctx, c.transfers, string(transferID), func(s transfer.State) bool { return s.Status != transfer.StatusNone })
	if err != nil {
		return err
	}
	if known {
		_, err = c.SettleTransfer(ctx, transferID)
		return err
	}
	meta := Ours("transfers", DerivedID("abandoned", string(transferID)))
	_, err = c.interactions.handle(ctx, string(id), meta, interaction.EndTransfer{TransferID: transferID, Outcome: interaction.TransferVoided, At: c.now()})
	return err
}

func later(a, b eventstore.Position) eventstore.Position {
	if b.After(a) {
		return b
	}
	return a
}
