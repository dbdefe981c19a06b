package address

import (
	"fmt"
	"slices"
	"time"

	"parley/domain"
)

// Command is a request about one alias.
type Command interface{ isAddressCommand() }

// Name gives an alias its address. The first command wins; later ones are refused with the winning address.
type Name struct {
	Canonical domain.AddressID
	At        time.Time
}

// Link moves an alias to another address, because both are one customer.
type Link struct {
	Canonical domain.AddressID
	Reason    string // SeenTogether, NumberChanged or UserIDChanged
	At        time.Time
}

func (Name) isAddressCommand() {}
func (Link) isAddressCommand() {}

// The reasons for a link.
const (
	SeenTogether  = "SEEN_TOGETHER"
	NumberChanged = "NUMBER_CHANGED"
	UserIDChanged = "USER_ID_CHANGED"
)

// State is what the rules of an alias remember.
type State struct {
	Canonical domain.AddressID   // empty if never seen
	Former    []domain.AddressID // earlier addresses, before a link
}

// The refusals of an alias.
var (
	ErrNamed = &domain.Refusal{
		Kind: domain.Conflict, Code: "ALIAS_NAMED",
		Message: "This alias belongs to another address.",
	}
	ErrUnknown = &domain.Refusal{Kind: domain.NotFound, Code: "ALIAS_UNKNOWN", Message: "Alias not found."}
	ErrInvalid = &domain.Refusal{
		Kind: domain.Invalid, Code: "ALIAS_INVALID",
		Message: "An alias needs an address, and a link needs a reason.",
	}
)

// Decider holds the rules of one alias.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "address",
	Decide:    Decide,
	Evolve:    Evolve,
}

// Decide returns the events that follow from a command.
func Decide(s State, cmd Command) ([]Event, error) {
	switch c := cmd.(type) {
	case Name:
		switch s.Canonical {
		case c.Canonical:
			if c.Canonical == "" {
				return nil, ErrInvalid
			}
			return nil, nil
		case "":
			return []Event{AliasNamed{Canonical: c.Canonical, At: c.At}}, nil
		}
		return nil, ErrNamed.With("canonical", string(s.Canonical))
	case Link:
		switch {
		case s.Canonical == "":
			return nil, ErrUnknown
		case c.Canonical == "" || !slices.Contains([]string{SeenTogether, NumberChanged, UserIDChanged}, c.Reason):
			return nil, ErrInvalid
		case s.Canonical == c.Canonical:
			return nil, nil
		}
		return []Event{AliasLinked{From: s.Canonical, Canonical: c.Canonical, Reason: c.Reason, At: c.At}}, nil
	}
	return nil, fmt.Errorf("address: unknown command %T", cmd)
}

// Evolve applies an event to the state.
func Evolve(s State, e Event) State {
	switch e := e.(type) {
	case AliasNamed:
		s.Canonical = e.Canonical
	case AliasLinked:
		s.Canonical = e.Canonical
		s.Former = append(slices.Clip(s.Former), e.From)
	}
	return s
}
