package interaction

import (
	"slices"
	"time"

	"parley/domain"
)

// Accepted says that an agent took the interaction, from an offer or from the list.
type Accepted struct {
	OfferID domain.OfferID `json:"offerId,omitempty"` // empty when taken from the list
	By      domain.AgentID `json:"by"`
	At      time.Time      `json:"at"`
}

func (Accepted) EventType() string   { return "InteractionAccepted" }
func (Accepted) isInteractionEvent() {}

// Accept accepts an offer.
type Accept struct {
	OfferID   domain.OfferID
	By        domain.AgentID
	ByName    string // told to agents who accept too late
	Presence  Presence
	LeftQueue bool // no longer a member of the queue
	At        time.Time
}

// Take takes a waiting interaction from the list.
type Take struct {
	By       domain.AgentID
	Presence Presence
	Member   bool // of its queue
	Allowed  bool // the queue's setting
	At       time.Time
}

func (Accept) isInteractionCommand() {}
func (Take) isInteractionCommand()   {}

// Presence is the agent's presence, from the agent's own stream.
type Presence string

// The presences of an agent.
const (
	Available Presence = "AVAILABLE"
	PausedNow Presence = "PAUSED"
	AwayNow   Presence = "AWAY"
	SignedOut Presence = "SIGNED_OUT"
)

// The refusals of accepting and taking.
var (
	ErrAlreadyAccepted = &domain.Refusal{
		Kind: domain.Conflict, Code: "ALREADY_ACCEPTED",
		Message: "Someone else has taken this interaction.",
	}
	ErrTakeNotAllowed = &domain.Refusal{
		Kind: domain.Forbidden, Code: "TAKE_NOT_ALLOWED",
		Message: "This queue doesn't allow picking.",
	}
)

func accept(s State, c Accept) ([]Event, error) {
	if done, err := s.checkTake(c.By, c.Presence); done || err != nil {
		return nil, err
	}
	o, ok := s.offer(c.OfferID)
	switch {
	case !ok:
		return nil, ErrOfferExpired // made before a release, or ended long ago
	case !slices.Contains(o.agents, c.By):
		return nil, ErrOfferNotYours
	case slices.Contains(o.rejected, c.By):
		return nil, ErrOfferRejected
	case !o.pending(c.At):
		return nil, ErrOfferExpired
	case c.LeftQueue:
		return nil, domain.ErrNotMember
	}
	return []Event{Accepted{OfferID: c.OfferID, By: c.By, At: c.At}}, nil
}

func take(s State, c Take) ([]Event, error) {
	done, err := s.checkTake(c.By, c.Presence)
	switch {
	case done || err != nil:
		return nil, err
	case !c.Member:
		return nil, domain.ErrNotMember
	case !c.Allowed:
		return nil, ErrTakeNotAllowed
	}
	return []Event{Accepted{By: c.By, At: c.At}}, nil
}

// checkTake holds the checks that accepting and taking share. It returns done if the agent is the owner already.
func (s State) checkTake(by domain.AgentID, presence Presence) (done bool, err error) {
	switch {
	case s.Owner == by && by != "":
		return true, nil
	case s.Status == SessionClosed:
		return false, ErrClosed
	case s.Owner != "":
		return false, ErrAlreadyAccepted.With("by", string(s.Owner))
	case by == "":
		return false, ErrAgentMissing
	case presence == SignedOut:
		return false, domain.ErrNotSignedIn
	}
	return false, nil
}
