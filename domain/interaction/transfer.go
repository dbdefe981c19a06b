package interaction

import (
	"slices"
	"time"

	"parley/domain"
)

// The outcomes of a transfer without a new owner.
const (
	TransferExpired   = "EXPIRED"
	TransferCancelled = "CANCELLED"
	TransferRefused   = "REFUSED"
	TransferVoided    = "VOIDED"
)

// The refusals of handing over.
var (
	ErrTransferRunning    = &domain.Refusal{Kind: domain.Conflict, Code: "TRANSFER_IN_PROGRESS", Message: "This interaction is being transferred already."}
	ErrTransferNotAllowed = &domain.Refusal{Kind: domain.Forbidden, Code: "TRANSFER_NOT_ALLOWED", Message: "Transfers of this kind are not allowed on this account."}
	ErrTransferTarget     = &domain.Refusal{Kind: domain.Invalid, Code: "TRANSFER_TARGET", Message: "Choose one other agent or one queue to transfer to."}
	ErrTransferNoInbound  = &domain.Refusal{Kind: domain.Conflict, Code: "TRANSFER_NO_INBOUND", Message: "The customer has not written yet, so there is nothing to transfer."}
	ErrTransferVoid       = &domain.Refusal{Kind: domain.Conflict, Code: "TRANSFER_VOID", Message: "This transfer is over."}
	ErrTransferOutcome    = &domain.Refusal{Kind: domain.Invalid, Code: "TRANSFER_OUTCOME", Message: "A transfer cannot end like that."}
)

func startTransfer(s State, c StartTransfer) ([]Event, error) {
	switch {
	case s.hasFact(string(c.TransferID)):
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
	return []Event{TransferStarted{TransferID: c.TransferID, By: c.By, ToAgent: c.ToAgent, ToQueue: c.ToQueue, At: c.At}}, nil
}

func changeOwner(s State, c ChangeOwner) ([]Event, error) {
	switch {
	case slices.Contains(s.handed, handover{id: c.TransferID, to: c.To}):
		return nil, nil // also when it has moved on since: this transfer did what it was for
	case c.To == "":
		return nil, ErrNobody
	case s.Status == SessionClosed, s.transfer.id == "", s.transfer.id != c.TransferID, s.transfer.by != s.Owner:
		return nil, ErrTransferVoid
	}
	return []Event{OwnerChanged{TransferID: c.TransferID, From: s.Owner, To: c.To, QueueID: s.transfer.toQueue, At: c.At}}, nil
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

// voidTransfer ends a transfer in progress because its interaction leaves the one who asked for it.
func (s State) voidTransfer(at time.Time) []Event { return s.stopTransfer(TransferVoided, at) }

func (s State) stopTransfer(outcome string, at time.Time) []Event {
	if s.transfer.id == "" {
		return nil
	}
	return []Event{TransferEnded{TransferID: s.transfer.id, Outcome: outcome, At: at}}
}
