package interaction

import (
	"time"

	"parley/domain"
)

// Assigned says that a supervisor gave the interaction to an agent, or that an agent opened it.
type Assigned struct {
	To domain.AgentID `json:"to"`
	By domain.UserID  `json:"by"`
	At time.Time      `json:"at"`
}

func (Assigned) EventType() string   { return "InteractionAssigned" }
func (Assigned) isInteractionEvent() {}

// Released says that the interaction lost its owner and waits again.
type Released struct {
	From   domain.AgentID `json:"from"`
	By     domain.UserID  `json:"by,omitempty"` // empty when a timer did it
	Reason ReleaseReason  `json:"reason"`
	At     time.Time      `json:"at"`
}

func (Released) EventType() string   { return "InteractionReleased" }
func (Released) isInteractionEvent() {}

// SeenByOwner says that the owner has seen everything up to a message.
type SeenByOwner struct {
	By      domain.AgentID   `json:"by"`
	Through domain.MessageID `json:"through"`
	At      time.Time        `json:"at"`
}

func (SeenByOwner) EventType() string   { return "InteractionSeenByOwner" }
func (SeenByOwner) isInteractionEvent() {}

// ReturnedUnread says that the interaction is unread again for its owner.
type ReturnedUnread struct {
	Owner  domain.AgentID `json:"owner"`
	Reason string         `json:"reason"` // TRANSFER_ENDED or MARKED
	At     time.Time      `json:"at"`
}

func (ReturnedUnread) EventType() string   { return "InteractionReturnedUnread" }
func (ReturnedUnread) isInteractionEvent() {}

// Assign gives the interaction to an agent, on behalf of a supervisor.
type Assign struct {
	To domain.AgentID
	By domain.UserID
	At time.Time
}

// Release returns the interaction to its queue. A silent or absent owner loses it only after a time limit.
type Release struct {
	By     domain.UserID
	From   domain.AgentID // if set, only if they are still the owner
	Reason ReleaseReason
	Gone   time.Time     // since when the owner has been signed out, from the agent's stream; zero while signed in
	After  time.Duration // how long the owner may be silent or gone
	At     time.Time
}

// MarkSeen says that the owner has seen everything up to a message; MarkUnread undoes it.
type (
	MarkSeen struct {
		By      domain.AgentID
		Through domain.MessageID
		At      time.Time
	}
	MarkUnread struct {
		By domain.AgentID
		At time.Time
	}
)

func (Assign) isInteractionCommand()     {}
func (Release) isInteractionCommand()    {}
func (MarkSeen) isInteractionCommand()   {}
func (MarkUnread) isInteractionCommand() {}

// ReleaseReason says why an owner lost an interaction.
type ReleaseReason string

// The reasons for a release.
const (
	ReleasedBySupervisor   ReleaseReason = "SUPERVISOR"
	ReleasedOwnerGone      ReleaseReason = "OWNER_GONE"   // away longer than the disconnection timeout
	ReleasedOwnerSilent    ReleaseReason = "OWNER_SILENT" // did not reply within the queue's time limit
	ReleasedOwnerSignedOut ReleaseReason = "OWNER_SIGNED_OUT"
	ReleasedOwnerRemoved   ReleaseReason = "OWNER_REMOVED" // disabled, or no longer an agent
)

// The reasons why an interaction is unread again.
const (
	UnreadTransferEnded = "TRANSFER_ENDED"
	UnreadMarked        = "MARKED"
)

// ErrNobodyOwns refuses marking an interaction that has no owner.
var ErrNobodyOwns = &domain.Refusal{
	Kind: domain.Conflict, Code: "NOBODY_OWNS",
	Message: "No one has taken this interaction yet.",
}

func assign(s State, c Assign) ([]Event, error) {
	switch {
	case s.Status == SessionClosed:
		return nil, ErrClosed
	case c.To == "":
		return nil, ErrAgentMissing
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
	if since, timed := s.absentSince(c); timed {
		switch {
		case s.transfer.id != "":
			return nil, nil // the transfer ends soon
		case since.IsZero():
			return nil, nil // the owner has replied, or is back
		case c.At.Sub(since) < c.After:
			return nil, domain.ErrNotDue.With("dueIn", c.After-c.At.Sub(since))
		}
	}
	return append(s.voidTransfer(c.At), Released{From: s.Owner, By: c.By, Reason: c.Reason, At: c.At}), nil
}

// absentSince returns since when the owner has been silent or gone, and whether the reason has a time limit.
func (s State) absentSince(c Release) (since time.Time, timed bool) {
	switch c.Reason {
	case ReleasedOwnerSilent:
		return s.silentSince, true
	case ReleasedOwnerGone, ReleasedOwnerSignedOut:
		return c.Gone, true
	}
	return time.Time{}, false
}

func markSeen(s State, c MarkSeen) ([]Event, error) {
	seq := s.place(c.Through)
	switch {
	case s.Owner == "":
		return nil, ErrNobodyOwns
	case c.By != s.Owner:
		return nil, ErrNotOwner
	case seq == 0 && len(s.Joined) == 0:
		return nil, ErrNoMessage
	case seq < s.seen, seq == s.seen && !s.unread:
		return nil, nil // the mark never moves back
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

// ownedBy sets the owner. A new owner gets the whole time limit to reply.
func (s State) ownedBy(agent domain.AgentID, at time.Time) State {
	if !s.silentSince.IsZero() {
		s.silentSince = at
	}
	if s.Owner != agent {
		s.seen, s.unread = 0, false
	}
	s.Owner, s.LastOwner, s.WaitingSince, s.offers = agent, agent, time.Time{}, nil
	return s
}
