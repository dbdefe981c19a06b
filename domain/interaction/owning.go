package interaction

import (
	"time"

	"parley/domain"
)

func assign(s State, c Assign) ([]Event, error) {
	switch {
	case s.Status == SessionClosed:
		return nil, ErrClosed
	case c.To == "":
		return nil, ErrNobody
	case s.Owner == c.To:
		return nil, nil
	}
	return append(s.voidTransfer(c.At), Assigned{To: c.To, By: c.By, At: c.At}), nil
}

func release(s State, c Release) ([]Event, error) {
	switch {
	case s.Status == SessionClosed:
		return nil, ErrClosed
	case s.Owner == "", c.From != "" && c.From != s.Owner:
		return nil, nil
	}
	if since, timed := s.noSign(c); timed {
		switch {
		case s.transfer.id != "":
			return nil, nil // that ends by itself soon
		case since.IsZero():
			return nil, nil // he has answered, or is back
		case c.At.Sub(since) < c.After:
			return nil, domain.ErrNotDue.With("dueIn", c.After-c.At.Sub(since))
		}
	}
	return append(s.voidTransfer(c.At), Released{From: s.Owner, By: c.By, Reason: c.Reason, At: c.At}), nil
}

// noSign is since when the owner has given no sign of himself, and whether that is what he is to lose the interaction for.
func (s State) noSign(c Release) (since time.Time, timed bool) {
	switch c.Reason {
	case ReleasedOwnerSilent:
		return s.silentSince, true
	case ReleasedOwnerGone, ReleasedOwnerSignedOut:
		return c.Gone, true
	}
	return time.Time{}, false
}

// ErrNobodyOwns says that there is no owner who could have seen anything.
var ErrNobodyOwns = &domain.Refusal{Kind: domain.Conflict, Code: "NOBODY_OWNS", Message: "Nobody has taken this interaction yet."}

func markSeen(s State, c MarkSeen) ([]Event, error) {
	m, ok := s.message(c.Through)
	switch {
	case s.Owner == "":
		return nil, ErrNobodyOwns
	case c.By != s.Owner:
		return nil, ErrNotOwner
	case !ok:
		return nil, ErrNoMessage
	case m.seq < s.seen, m.seq == s.seen && !s.unread:
		return nil, nil // forwards only
	}
	return []Event{SeenByOwner{By: c.By, Through: c.Through, At: c.At}}, nil
}

func markUnread(s State, c MarkUnread) ([]Event, error) {
	switch {
	case s.Owner == "":
		return nil, ErrNobodyOwns
	case c.By != s.Owner:
		return nil, ErrNotOwner
	case s.unread:
		return nil, nil
	}
	return []Event{ReturnedUnread{Owner: s.Owner, Reason: UnreadMarked, At: c.At}}, nil
}

// The reasons an interaction is unread again.
const (
	UnreadTransferEnded = "TRANSFER_ENDED"
	UnreadMarked        = "MARKED"
)
