// Package setting holds what all configuration has in common: it is created, changed as a whole, and archived.
package setting

import (
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"parley/domain"
)

// Command is a wish about one thing that is configured with a V.
type Command[V any] interface{ isCommandFor(V) }

// Create sets it up. Creating it again with the same value changes nothing.
type Create[V any] struct {
	Value V
	By    domain.UserID
	At    time.Time
}

// Change gives it a new value as a whole; the same value changes nothing.
type Change[V any] struct {
	Value V
	By    domain.UserID
	At    time.Time
}

// Archive takes it out of use for good.
type Archive[V any] struct {
	By domain.UserID
	At time.Time
}

// Extra is embedded by the commands that one kind of configuration has beside these.
type Extra[V any] struct{}

func (Create[V]) isCommandFor(V)  {}
func (Change[V]) isCommandFor(V)  {}
func (Archive[V]) isCommandFor(V) {}
func (Extra[V]) isCommandFor(V)   {}

// State is its present value.
type State[V any] struct {
	Exists   bool
	Archived bool
	Value    V
}

// The refusals all configuration shares.
var (
	ErrUnknown  = &domain.Refusal{Kind: domain.NotFound, Code: "SETTING_UNKNOWN", Message: "There is no such setting."}
	ErrExists   = &domain.Refusal{Kind: domain.Conflict, Code: "SETTING_EXISTS", Message: "This has been set up already, in another way."}
	ErrArchived = &domain.Refusal{Kind: domain.Conflict, Code: "SETTING_ARCHIVED", Message: "This was archived and cannot be changed."}
	ErrName     = &domain.Refusal{Kind: domain.Invalid, Code: "NAME_INVALID", Message: "A name has 1 to 100 characters."}
)

// Rules says how one kind of configuration differs from the others.
type Rules[V, E any] struct {
	Aggregate string
	Check     func(V) (V, error) // brings a value into shape, or refuses it
	// Keep says, where it is given, what a change does not touch: it puts that back from before, or refuses.
	Keep     func(before, given V) (V, error)
	Created  func(V, domain.UserID, time.Time) E
	Changed  func(V, domain.UserID, time.Time) E
	Archived func(domain.UserID, time.Time) E
	Read     func(E) Fact[V]
}

// Fact is what one event says about the value.
type Fact[V any] struct {
	value    V
	is, gone bool
}

// Is says the value is this one now.
func Is[V any](value V) Fact[V] { return Fact[V]{value: value, is: true} }

// Gone says it was archived.
func Gone[V any]() Fact[V] { return Fact[V]{gone: true} }

// Decider answers the commands of this kind.
func (r Rules[V, E]) Decider() domain.Decider[State[V], Command[V], E] {
	return domain.Decider[State[V], Command[V], E]{Aggregate: r.Aggregate, Decide: r.Decide, Evolve: r.Evolve}
}

// Decide answers a command with what happens next.
func (r Rules[V, E]) Decide(s State[V], cmd Command[V]) ([]E, error) {
	switch c := cmd.(type) {
	case Create[V]:
		return r.create(s, c)
	case Change[V]:
		return r.change(s, c)
	case Archive[V]:
		switch {
		case !s.Exists:
			return nil, ErrUnknown
		case s.Archived:
			return nil, nil
		}
		return []E{r.Archived(c.By, c.At)}, nil
	}
	return nil, fmt.Errorf("%s: unknown command %T", r.Aggregate, cmd)
}

func (r Rules[V, E]) create(s State[V], c Create[V]) ([]E, error) {
	value, err := r.Check(c.Value)
	switch {
	case err != nil:
		return nil, err
	case s.Exists && reflect.DeepEqual(s.Value, value):
		return nil, nil
	case s.Exists:
		return nil, ErrExists
	}
	return []E{r.Created(value, c.By, c.At)}, nil
}

func (r Rules[V, E]) change(s State[V], c Change[V]) ([]E, error) {
	if !s.Exists {
		return nil, ErrUnknown
	}
	value, err := c.Value, error(nil)
	if r.Keep != nil {
		value, err = r.Keep(s.Value, value)
	}
	if err == nil {
		value, err = r.Check(value)
	}
	switch {
	case err != nil:
		return nil, err
	case reflect.DeepEqual(s.Value, value):
		return nil, nil
	case s.Archived:
		return nil, ErrArchived
	}
	return []E{r.Changed(value, c.By, c.At)}, nil
}

// Evolve records what happened.
func (r Rules[V, E]) Evolve(s State[V], e E) State[V] {
	f := r.Read(e)
	if f.is {
		s.Exists, s.Value = true, f.value
	}
	if f.gone {
		s.Archived = true
	}
	return s
}

// Name tidies a name and refuses none, too long ones, and what nobody could read.
func Name(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > 100 {
		return "", ErrName
	}
	return name, domain.OneLine(name)
}

// Distinct drops what is empty or there twice, and is nil when nothing is left, so that equal values are equal.
func Distinct[T ~string](all []T) []T {
	var left []T
	seen := make(map[T]bool, len(all))
	for _, x := range all {
		x = T(strings.TrimSpace(string(x)))
		if x != "" && !seen[x] {
			seen[x] = true
			left = append(left, x)
		}
	}
	return left
}

// Between says whether n lies from low to high, both included.
func Between(n, low, high int) bool { return low <= n && n <= high }
