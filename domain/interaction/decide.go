// Package interaction holds the rules of one session with one customer, from open to close.
package interaction

import (
	"fmt"

	"parley/domain"
)

// Event is something that happened in an interaction. The stream's id is the interaction's. Messages and notes
// are sealed under the customer's address.
type Event interface {
	domain.Event
	isInteractionEvent()
}

// Command is a request about one interaction. It carries the current time and new ids.
type Command interface{ isInteractionCommand() }

// Decider holds the rules of one session.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "interaction",
	Decide:    Decide,
	Evolve:    Evolve,
}

// The refusals that many rules share.
var (
	ErrUnknown = &domain.Refusal{
		Kind: domain.NotFound, Code: "INTERACTION_UNKNOWN",
		Message: "Interaction not found.",
	}
	ErrClosed = &domain.Refusal{
		Kind: domain.Conflict, Code: "INTERACTION_CLOSED",
		Message: "This interaction is closed.",
	}
	ErrNotOwner = &domain.Refusal{
		Kind: domain.Forbidden, Code: "NOT_OWNER",
		Message: "You do not own this interaction.",
	}
	ErrAgentMissing = &domain.Refusal{
		Kind: domain.Invalid, Code: "AGENT_MISSING",
		Message: "Choose an agent for the interaction.",
	}
)

// Decide returns the events that follow from a command. The same inputs always give the same answer.
func Decide(s State, cmd Command) ([]Event, error) {
	if c, ok := cmd.(Open); ok {
		return open(s, c)
	}
	if s.Status == SessionNone {
		return nil, ErrUnknown
	}
	if s.Survivor != "" && refusedOnceJoined(cmd) {
		return nil, ErrJoined.With("survivor", string(s.Survivor))
	}
	switch c := cmd.(type) {
	case Receive:
		return receive(s, c)
	case Observe:
		return observe(s, c)
	case ReceiveEdit:
		return receiveEdit(s, c)
	case ReceiveRevoke:
		return receiveRevoke(s, c)
	case ReceiveReaction:
		return receiveReaction(s, c)
	case StoreMedia:
		return storeMedia(s, c)
	case FailMedia:
		return failMedia(s, c)
	case Send:
		return send(s, c)
	case Settle:
		return settle(s, c)
	case RetryUnknown:
		return retryUnknown(s, c)
	case React:
		return react(s, c)
	case StartSending:
		return startSending(s, c)
	case RecordNotAccepted:
		return recordNotAccepted(s, c)
	case RecordAccepted:
		return recordAccepted(s, c)
	case RecordFailed:
		return recordFailed(s, c)
	case RecordUnknown:
		return recordUnknown(s, c)
	case RecordStatus:
		return recordStatus(s, c)
	case Offer:
		return makeOffer(s, c)
	case Reject:
		return reject(s, c)
	case ExpireOffer:
		return expireOffer(s, c)
	case Accept:
		return accept(s, c)
	case Take:
		return take(s, c)
	case Assign:
		return assign(s, c)
	case Release:
		return release(s, c)
	case StartTransfer:
		return startTransfer(s, c)
	case ChangeOwner:
		return changeOwner(s, c)
	case EndTransfer:
		return endTransfer(s, c)
	case AddNote:
		return addNote(s, c)
	case AddWhisper:
		return addWhisper(s, c)
	case RevokeNote:
		return revokeNote(s, c)
	case Monitor:
		return monitor(s, c)
	case AddTag:
		return addTag(s, c)
	case RemoveTag:
		return removeTag(s, c)
	case MarkSeen:
		return markSeen(s, c)
	case MarkUnread:
		return markUnread(s, c)
	case LinkContact:
		return linkContact(s, c)
	case Close:
		return closeSession(s, c)
	case Dispose:
		return dispose(s, c)
	case JoinInto:
		return joinInto(s, c)
	case Join:
		return join(s, c)
	case Separate:
		return separate(s, c)
	case Restore:
		return restore(s, c)
	}
	return nil, fmt.Errorf("interaction: unknown command %T", cmd)
}
