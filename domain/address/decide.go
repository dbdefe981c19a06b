package address

import (
	"fmt"
	"slices"
	"time"

	"parley/domain"
)

// Command is a request about one alias, or about the address that has the same id.
type Command interface{ isAddressCommand() }

// Name gives an alias its address. The first command wins; later ones are refused with the winning address.
type Name struct {
	Canonical domain.AddressID
	User      domain.AddressID // for a number: the alias of the user id it came with, if any
	Since     time.Time        // by the provider's clock, with User
	At        time.Time
}

// Identify records the user id of a number's holder. It is refused if From does not hold the number at that time, or
// has another user id.
type Identify struct {
	From      domain.AddressID
	Canonical domain.AddressID // the address of the user id
	User      domain.AddressID
	Since     time.Time
	At        time.Time
}

// Move gives a number to another customer from a moment on. It is refused if From does not hold it at that time.
type Move struct {
	From      domain.AddressID
	Canonical domain.AddressID
	User      domain.AddressID // if a user id came with it
	Since     time.Time
	At        time.Time
}

// Link makes an address lead to another one, because both are one customer.
type Link struct {
	Canonical domain.AddressID
	Reason    string // SeenTogether, NumberChanged or UserIDChanged
	At        time.Time
}

// Unlink undoes a link, for good.
type Unlink struct {
	Canonical domain.AddressID
	By        domain.UserID
	At        time.Time
}

// Join records that another address leads to this one, after its link; Part, that it no longer does.
type (
	Join struct {
		From domain.AddressID
		At   time.Time
	}
	Part struct {
		From domain.AddressID
		At   time.Time
	}
)

func (Name) isAddressCommand()     {}
func (Identify) isAddressCommand() {}
func (Move) isAddressCommand()     {}
func (Link) isAddressCommand()     {}
func (Unlink) isAddressCommand()   {}
func (Join) isAddressCommand()     {}
func (Part) isAddressCommand()     {}

// The reasons for a link.
const (
	SeenTogether  = "SEEN_TOGETHER"
	NumberChanged = "NUMBER_CHANGED"
	UserIDChanged = "USER_ID_CHANGED"
)

// State is what the rules of an alias and its address remember. It is never changed in place.
type State struct {
	Named    domain.AddressID   // the alias's first address; empty if the alias was never seen
	Linked   domain.AddressID   // where the address of the same id leads; empty if nowhere else
	Unlinked []domain.AddressID // where the address led before someone undid it
	Joined   []domain.AddressID // what leads to the address of the same id
	Joining  *AliasIdentified   // the first time a number's holder was identified
	holders  []Holder           // identified ones, by time
}

// Holder is who holds a number from a moment on.
type Holder struct {
	Address domain.AddressID
	User    domain.AddressID // the alias of the user id; empty if none was seen
	Since   time.Time
}

// Holder returns who holds the alias at a time. The first identified holder also counts as the holder of all earlier times.
func (s State) Holder(at time.Time) Holder {
	if len(s.holders) == 0 {
		return Holder{Address: s.Named}
	}
	held := s.holders[0]
	for _, h := range s.holders[1:] {
		if h.Since.After(at) {
			break
		}
		held = h
	}
	return held
}

// Present returns who holds the alias now.
func (s State) Present() Holder {
	if len(s.holders) == 0 {
		return Holder{Address: s.Named}
	}
	return s.holders[len(s.holders)-1]
}

// Held returns every address that holds the alias or has held it.
func (s State) Held() []domain.AddressID {
	var all []domain.AddressID
	if s.Named != "" {
		all = append(all, s.Named)
	}
	for _, h := range s.holders {
		if !slices.Contains(all, h.Address) {
			all = append(all, h.Address)
		}
	}
	return all
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
	ErrHeld = &domain.Refusal{
		Kind: domain.Conflict, Code: "NUMBER_HELD",
		Message: "This number belongs to another customer.",
	}
	ErrLinked = &domain.Refusal{
		Kind: domain.Conflict, Code: "ADDRESS_LINKED",
		Message: "This address leads to another one already.",
	}
	ErrUnlinked = &domain.Refusal{
		Kind: domain.Conflict, Code: "ADDRESSES_SEPARATED",
		Message: "Someone has separated these addresses.",
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
		return name(s, c)
	case Identify:
		return identify(s, c)
	case Move:
		return move(s, c)
	case Link:
		return link(s, c)
	case Unlink:
		if s.Linked == "" || s.Linked != c.Canonical {
			return nil, nil
		}
		return []Event{AliasUnlinked{Canonical: c.Canonical, By: c.By, At: c.At}}, nil
	case Join:
		if slices.Contains(s.Joined, c.From) {
			return nil, nil
		}
		return []Event{Joined(c)}, nil
	case Part:
		if !slices.Contains(s.Joined, c.From) {
			return nil, nil
		}
		return []Event{Parted(c)}, nil
	}
	return nil, fmt.Errorf("address: unknown command %T", cmd)
}

func name(s State, c Name) ([]Event, error) {
	switch s.Named {
	case c.Canonical:
		if c.Canonical == "" {
			return nil, ErrInvalid
		}
		return nil, nil
	case "":
		events := []Event{AliasNamed{Canonical: c.Canonical, At: c.At}}
		if c.User != "" {
			events = append(events, AliasIdentified{From: c.Canonical, Canonical: c.Canonical, User: c.User, Since: c.Since, At: c.At})
		}
		return events, nil
	}
	return nil, ErrNamed.With("canonical", string(s.Named))
}

func identify(s State, c Identify) ([]Event, error) {
	held := s.Holder(c.Since)
	switch {
	case s.Named == "":
		return nil, ErrUnknown
	case c.Canonical == "" || c.User == "":
		return nil, ErrInvalid
	case held.User == c.User && held.Address == c.Canonical:
		return nil, nil
	case held.User != "" || held.Address != c.From:
		return nil, ErrHeld
	}
	return []Event{AliasIdentified(c)}, nil
}

func move(s State, c Move) ([]Event, error) {
	held := s.Holder(c.Since)
	repeated := slices.ContainsFunc(s.holders, func(h Holder) bool {
		return h.Address == c.Canonical && h.User == c.User && h.Since.Equal(c.Since)
	})
	switch {
	case s.Named == "":
		return nil, ErrUnknown
	case c.Canonical == "":
		return nil, ErrInvalid
	case held.Address == c.Canonical || repeated:
		return nil, nil
	case held.Address != c.From:
		return nil, ErrHeld
	}
	return []Event{AliasMoved(c)}, nil
}

func link(s State, c Link) ([]Event, error) {
	switch {
	case s.Named == "":
		return nil, ErrUnknown
	case c.Canonical == "" || !slices.Contains([]string{SeenTogether, NumberChanged, UserIDChanged}, c.Reason):
		return nil, ErrInvalid
	case s.Leads() == c.Canonical:
		return nil, nil
	case slices.Contains(s.Unlinked, c.Canonical):
		return nil, ErrUnlinked
	case s.Linked != "":
		return nil, ErrLinked.With("canonical", string(s.Linked))
	}
	return []Event{AliasLinked{From: s.Leads(), Canonical: c.Canonical, Reason: c.Reason, At: c.At}}, nil
}

// Leads returns where the address of the same id leads: to itself, unless it was linked.
func (s State) Leads() domain.AddressID {
	if s.Linked != "" {
		return s.Linked
	}
	return s.Named
}

// Evolve applies an event to the state.
func Evolve(s State, e Event) State {
	switch e := e.(type) {
	case AliasNamed:
		s.Named = e.Canonical
	case AliasIdentified:
		if s.Joining == nil {
			s.Joining = &e
		}
		return s.heldBy(Holder{Address: e.Canonical, User: e.User, Since: e.Since})
	case AliasMoved:
		return s.heldBy(Holder{Address: e.Canonical, User: e.User, Since: e.Since})
	case AliasLinked:
		s.Linked = e.Canonical
	case AliasUnlinked:
		s.Linked = ""
		s.Unlinked = append(slices.Clip(s.Unlinked), e.Canonical)
	case Joined:
		s.Joined = append(slices.Clip(s.Joined), e.From)
	case Parted:
		s.Joined = slices.DeleteFunc(slices.Clone(s.Joined), func(a domain.AddressID) bool { return a == e.From })
	}
	return s
}

// heldBy inserts a holder after the ones of the same time.
func (s State) heldBy(h Holder) State {
	at := slices.IndexFunc(s.holders, func(other Holder) bool { return other.Since.After(h.Since) })
	if at < 0 {
		at = len(s.holders)
	}
	s.holders = slices.Insert(slices.Clone(s.holders), at, h)
	return s
}
