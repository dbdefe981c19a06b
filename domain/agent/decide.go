package agent

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/domain"
)

// Decider holds the rules of one agent's presence.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "agent",
	Decide:    Decide,
	Evolve:    Evolve,
}

// Presence is what others see of an agent.
type Presence string

// The presences. An agent both away and paused counts as away.
const (
	SignedOutNow Presence = "SIGNED_OUT"
	AwayNow      Presence = "AWAY"
	PausedNow    Presence = "PAUSED"
	Available    Presence = "AVAILABLE"
)

// The reasons for a sign-out.
const (
	SignedOutSelf         = "SELF"
	SignedOutDisconnected = "DISCONNECTED"
	SignedOutBySupervisor = "SUPERVISOR"
	SignedOutDisabled     = "DISABLED"
)

// State is what the rules of an agent remember.
type State struct {
	SignedIn    bool
	SignedOutAt time.Time // zero while signed in, and before the first sign-in
	AwaySince   time.Time // zero while a browser is connected
	// Reason is why the agent is paused: a chosen reason, MISSED, or empty.
	Reason string
	Due    []domain.InteractionID // interactions with a disposition due
	Missed int                    // offers missed in a row

	missedAt time.Time        // when the last of them was counted
	handled  []domain.OfferID // the latest missed or answered offers
}

// Presence returns what others see.
func (s State) Presence() Presence {
	switch {
	case !s.SignedIn:
		return SignedOutNow
	case !s.AwaySince.IsZero():
		return AwayNow
	case s.Reason != "" || len(s.Due) > 0:
		return PausedNow
	}
	return Available
}

// The refusals of presence.
var (
	ErrNoReason = &domain.Refusal{
		Kind: domain.Invalid, Code: "REASON_MISSING",
		Message: "Enter a reason.",
	}
	ErrDispositionDue = &domain.Refusal{
		Kind: domain.Conflict, Code: "DISPOSITION_DUE",
		Message: "Choose a disposition for the closed interaction first.",
	}
)

// Decide returns the events that follow from a command.
func Decide(s State, cmd Command) ([]Event, error) {
	switch c := cmd.(type) {
	case SignIn:
		return signIn(s, c)
	case Pause:
		return pause(s, c)
	case Resume:
		return resume(s, c)
	case GiveDisposition:
		return giveDisposition(s, c)
	case GoAway:
		if !s.SignedIn || !s.AwaySince.IsZero() {
			return nil, nil
		}
		return []Event{Away{At: c.At}}, nil
	case Return:
		if !s.SignedIn || s.AwaySince.IsZero() {
			return nil, nil
		}
		return []Event{Returned{At: c.At}}, nil
	case SignOut:
		return signOut(s, c)
	case MissOffer:
		return missOffer(s, c)
	case AnswerOffer:
		if s.Missed == 0 || slices.Contains(s.handled, c.OfferID) {
			return nil, nil
		}
		return []Event{OfferAnswered{OfferID: c.OfferID, At: c.At}}, nil
	}
	return nil, fmt.Errorf("agent: unknown command %T", cmd)
}

func signIn(s State, c SignIn) ([]Event, error) {
	switch {
	case !s.SignedIn:
		return []Event{SignedIn{At: c.At}}, nil
	case !s.AwaySince.IsZero():
		return []Event{Returned{At: c.At}}, nil
	}
	return nil, nil
}

func pause(s State, c Pause) ([]Event, error) {
	c.Reason = strings.TrimSpace(c.Reason)
	due := c.Reason == PauseDisposition
	switch {
	case c.Reason == "" || due && c.InteractionID == "":
		return nil, ErrNoReason
	case due && slices.Contains(s.Due, c.InteractionID), !due && s.SignedIn && s.Reason == c.Reason:
		return nil, nil
	case !due && !s.SignedIn:
		return nil, domain.ErrNotSignedIn
	}
	return []Event{Paused{Reason: c.Reason, InteractionID: c.InteractionID, By: c.By, At: c.At}}, nil
}

func resume(s State, c Resume) ([]Event, error) {
	switch {
	case !s.SignedIn:
		return nil, domain.ErrNotSignedIn
	case len(s.Due) > 0:
		return nil, ErrDispositionDue.With("interactionId", string(s.Due[0]))
	case s.Reason == "":
		return nil, nil
	}
	return []Event{Resumed{By: c.By, At: c.At}}, nil
}

// giveDisposition ends the whole pause and then pauses again for what remains: other dispositions, and the
// pause the agent chose.
func giveDisposition(s State, c GiveDisposition) ([]Event, error) {
	if !slices.Contains(s.Due, c.InteractionID) {
		return nil, nil
	}
	events := []Event{Resumed{At: c.At}}
	for _, id := range s.Due {
		if id != c.InteractionID {
			events = append(events, Paused{Reason: PauseDisposition, InteractionID: id, At: c.At})
		}
	}
	if s.Reason != "" {
		events = append(events, Paused{Reason: s.Reason, At: c.At})
	}
	return events, nil
}

func signOut(s State, c SignOut) ([]Event, error) {
	switch {
	case !slices.Contains([]string{SignedOutSelf, SignedOutDisconnected, SignedOutBySupervisor,
		SignedOutDisabled}, c.Reason):
		return nil, ErrNoReason
	case !s.SignedIn:
		return nil, nil
	case c.Reason == SignedOutDisconnected && s.AwaySince.IsZero():
		return nil, nil // the agent came back in time
	case c.Reason == SignedOutDisconnected && c.At.Sub(s.AwaySince) < c.After:
		return nil, domain.ErrNotDue.With("dueIn", c.After-c.At.Sub(s.AwaySince))
	}
	return []Event{SignedOut{Reason: c.Reason, By: c.By, At: c.At}}, nil
}

func missOffer(s State, c MissOffer) ([]Event, error) {
	if slices.Contains(s.handled, c.OfferID) {
		return nil, nil
	}
	if c.OfferedAt.Before(s.missedAt) {
		// The agent was away from the screen once, however many offers were on it.
		return []Event{OfferMissed{OfferID: c.OfferID, InARow: s.Missed, At: c.At}}, nil
	}
	events := []Event{OfferMissed{OfferID: c.OfferID, InARow: s.Missed + 1, At: c.At}}
	if c.Limit > 0 && s.Missed+1 >= c.Limit && s.SignedIn && s.Reason == "" {
		events = append(events, Paused{Reason: PauseMissed, At: c.At})
	}
	return events, nil
}

const handledKept = 64 // offers

// Evolve applies an event to the state. It never refuses one.
func Evolve(s State, e Event) State {
	switch e := e.(type) {
	case SignedIn:
		s.SignedIn, s.SignedOutAt, s.AwaySince, s.Missed = true, time.Time{}, time.Time{}, 0
	case Paused:
		if e.Reason == PauseDisposition {
			s.Due = append(slices.Clone(s.Due), e.InteractionID)
		} else {
			s.Reason = e.Reason
		}
	case Resumed:
		s.Reason, s.Due, s.Missed = "", nil, 0
	case Away:
		s.AwaySince = e.At
	case Returned:
		s.AwaySince = time.Time{}
	case SignedOut:
		s.SignedIn, s.SignedOutAt, s.AwaySince, s.Reason = false, e.At, time.Time{}, ""
	case OfferMissed:
		if e.InARow > s.Missed {
			s.missedAt = e.At
		}
		s.Missed = e.InARow
		s.handled = remember(s.handled, e.OfferID)
	case OfferAnswered:
		s.Missed = 0
		s.handled = remember(s.handled, e.OfferID)
	}
	return s
}

func remember(ids []domain.OfferID, id domain.OfferID) []domain.OfferID {
	return append(slices.Clone(ids[max(0, len(ids)-handledKept+1):]), id)
}
