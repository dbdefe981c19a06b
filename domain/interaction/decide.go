package interaction

import (
	"fmt"

	"parley/domain"
)

// Decider answers the commands of one session.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "interaction",
	Decide:    Decide,
	Evolve:    Evolve,
}

// The refusals that many rules share.
var (
	ErrUnknown  = &domain.Refusal{Kind: domain.NotFound, Code: "INTERACTION_UNKNOWN", Message: "There is no such interaction."}
	ErrOpen     = &domain.Refusal{Kind: domain.Conflict, Code: "INTERACTION_EXISTS", Message: "This interaction has been opened already."}
	ErrClosed   = &domain.Refusal{Kind: domain.Conflict, Code: "INTERACTION_CLOSED", Message: "This interaction is closed."}
	ErrNotOwner = &domain.Refusal{Kind: domain.Forbidden, Code: "NOT_OWNER", Message: "This interaction is not yours."}
)

// Decide answers a command with what happens next. The clock and new ids arrive inside the command, so the same inputs
// always give the same answer.
func Decide(s State, cmd Command) ([]Event, error) {
	if c, ok := cmd.(Open); ok {
		return open(s, c)
	}
	if s.Status == SessionNone {
		return nil, ErrUnknown
	}
	switch c := cmd.(type) {
	case Receive:
		return receive(s, c)
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
	case React:
		return react(s, c)
	case StartSending:
		return startSending(s, c)
	case RecordNotTaken:
		return recordNotTaken(s, c)
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
	case Spy:
		return spy(s, c)
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
	}
	return nil, fmt.Errorf("interaction: unknown command %T", cmd)
}

func open(s State, c Open) ([]Event, error) {
	if s.Status != SessionNone {
		return nil, ErrOpen
	}
	if c.Origin == OriginAgent && c.By != "" {
		return []Event{c.Opened, Assigned{To: c.By, By: c.By, At: c.At}}, nil
	}
	return []Event{c.Opened}, nil
}
