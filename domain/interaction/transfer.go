package interaction

import (
	"slices"
	"time"

	"parley/domain"
)

// TransferStarted says that the owner asked to hand over the interaction. They keep it until someone accepts.
type TransferStarted struct {
	TransferID domain.TransferID `json:"transferId"`
	By         domain.AgentID    `json:"by"`
	ToAgent    domain.AgentID    `json:"toAgent,omitempty"`
	ToQueue    domain.QueueID    `json:"toQueue,omitempty"`
	At         time.Time         `json:"at"`
}

func (TransferStarted) EventType() string   { return "InteractionTransferStarted" }
func (TransferStarted) isInteractionEvent() {}

// OwnerChanged says that a transfer was accepted and the interaction has a new owner.
type OwnerChanged struct {
	TransferID domain.TransferID `json:"transferId"`
	From       domain.AgentID    `json:"from"`
	To         domain.AgentID    `json:"to"`
	QueueID    domain.QueueID    `json:"queueId,omitempty"` // empty unless it was transferred to a queue
	At         time.Time         `json:"at"`
}

func (OwnerChanged) EventType() string   { return "InteractionOwnerChanged" }
func (OwnerChanged) isInteractionEvent() {}

// TransferEnded says that a transfer ended without a new owner.
type TransferEnded struct {
	TransferID domain.TransferID `json:"transferId"`
	Outcome    string            `json:"outcome"` // EXPIRED, CANCELLED, REFUSED, VOIDED
	At         time.Time         `json:"at"`
}

func (TransferEnded) EventType() string   { return "InteractionTransferEnded" }
func (TransferEnded) isInteractionEvent() {}

// StartTransfer starts a transfer.
type StartTransfer struct {
	TransferID domain.TransferID
	By         domain.AgentID
	ToAgent    domain.AgentID
	ToQueue    domain.QueueID
	Allowed    bool // the account's setting for this kind of target
	At         time.Time
}

// ChangeOwner completes an accepted transfer.
type ChangeOwner struct {
	TransferID domain.TransferID
	To         domain.AgentID
	At         time.Time
}

// EndTransfer ends a transfer without a new owner.
type EndTransfer struct {
	TransferID domain.TransferID
	Outcome    string
	At         time.Time
}

func (StartTransfer) isInteractionCommand() {}
func (ChangeOwner) isInteractionCommand()   {}
func (EndTransfer) isInteractionCommand()   {}

// The outcomes of a transfer without a new owner.
const (
	TransferExpired   = "EXPIRED"
	TransferCancelled = "CANCELLED"
	TransferRefused   = "REFUSED"
	TransferVoided    = "VOIDED"
)

// The refusals of handing over.
var (
	ErrTransferRunning = &domain.Refusal{
		Kind: domain.Conflict, Code: "TRANSFER_IN_PROGRESS",
		Message: "This interaction is already being transferred.",
	}
	ErrTransferNotAllowed = &domain.Refusal{
		Kind: domain.Forbidden, Code: "TRANSFER_NOT_ALLOWED",
		Message: "Transfers of this kind are not allowed on this account.",
	}
	ErrTransferTarget = &domain.Refusal{
		Kind: domain.Invalid, Code: "TRANSFER_TARGET",
		Message: "Choose another agent or a queue.",
	}
	ErrTransferNoInbound = &domain.Refusal{
		Kind: domain.Conflict, Code: "TRANSFER_NO_INBOUND",
		Message: "The customer has not written yet, so there is nothing to transfer.",
	}
	ErrTransferVoid = &domain.Refusal{
		Kind: domain.Conflict, Code: "TRANSFER_VOID",
		Message: "This transfer has ended.",
	}
	ErrTransferOutcome = &domain.Refusal{
		Kind: domain.Invalid, Code: "TRANSFER_OUTCOME",
		Message: "This is not an outcome of a transfer.",
	}
)

func startTransfer(s State, c StartTransfer) ([]Event, error) {
	switch {
	case s.isRecorded(string(c.TransferID)):
		return nil, nil
	case s.Status == SessionClosed:
		return nil, ErrClosed
	case c.By == "" || c.By != s.Owner:
		return nil, ErrNotOwner
	case s.transfer.id != "":
		return nil, ErrTransferRunning.With("transferId", string(s.transfer.id))
	case !c.Allowed:
		return nil, ErrTransferNotAllowed
	case c.TransferID == "" || (c.ToAgent == "") == (c.ToQueue == "") || c.ToAgent == s.Owner:
		return nil, ErrTransferTarget
	case !s.HasInbound:
		return nil, ErrTransferNoInbound
	}
	return []Event{TransferStarted{TransferID: c.TransferID, By: c.By, ToAgent: c.ToAgent, ToQueue: c.ToQueue,
		At: c.At}}, nil
}

func changeOwner(s State, c ChangeOwner) ([]Event, error) {
	switch {
	case slices.Contains(s.handovers, handover{id: c.TransferID, to: c.To}):
		return nil, nil // already done, even if the owner has changed again
	case c.To == "":
		return nil, ErrAgentMissing
	case s.Status == SessionClosed, s.transfer.id == "", s.transfer.id != c.TransferID, s.transfer.by != s.Owner:
		return nil, ErrTransferVoid
	}
	return []Event{OwnerChanged{TransferID: c.TransferID, From: s.Owner, To: c.To,
		QueueID: s.transfer.toQueue, At: c.At}}, nil
}

func endTransfer(s State, c EndTransfer) ([]Event, error) {
	switch {
	case s.transfer.id == "" || s.transfer.id != c.TransferID:
		return nil, nil
	case !slices.Contains([]string{TransferExpired, TransferCancelled, TransferRefused, TransferVoided}, c.Outcome):
		return nil, ErrTransferOutcome
	}
	return []Event{
		TransferEnded{TransferID: c.TransferID, Outcome: c.Outcome, At: c.At},
		ReturnedUnread{Owner: s.Owner, Reason: UnreadTransferEnded, At: c.At},
	}, nil
}

// TransferInProgress returns the running transfer, or "".
func (s State) TransferInProgress() domain.TransferID { return s.transfer.id }

// voidTransfer ends a running transfer because the interaction leaves its sender.
func (s State) voidTransfer(at time.Time) []Event { return s.stopTransfer(TransferVoided, at) }

func (s State) stopTransfer(outcome string, at time.Time) []Event {
	if s.transfer.id == "" {
		return nil
	}
	return []Event{TransferEnded{TransferID: s.transfer.id, Outcome: outcome, At: at}}
}

type transfer struct {
	id      domain.TransferID // empty: none in progress
	by      domain.AgentID
	toQueue domain.QueueID
}

// handover is a transfer that changed the owner.
type handover struct {
	id domain.TransferID
	to domain.AgentID
}
