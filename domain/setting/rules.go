package setting

import (
	"fmt"
	"reflect"
	"strings"

	"parley/domain"
)

// Refusals that all settings share.
var (
	ErrUnknown = &domain.Refusal{
		Kind: domain.NotFound, Code: "SETTING_UNKNOWN",
		Message: "Setting not found.",
	}
	ErrExists = &domain.Refusal{
		Kind: domain.Conflict, Code: "SETTING_EXISTS",
		Message: "This already exists with other settings.",
	}
	ErrArchived = &domain.Refusal{
		Kind: domain.Conflict, Code: "SETTING_ARCHIVED",
		Message: "This is archived and cannot be changed.",
	}
)

// Rules holds the checks of one kind of setting.
type Rules[V Named] struct {
	// Check normalizes a value or refuses it.
	Check func(V) (V, error)
	// Keep restores the parts that must not change, or refuses the change. It may be nil.
	Keep func(before, given V) (V, error)
	// Default returns the value of a setting that exists without being created. It may be nil.
	Default func() V
}

// Decider returns the decider for one setting.
func (r Rules[V]) Decider() domain.Decider[State[V], Command[V], Event[V]] {
	d := domain.Decider[State[V], Command[V], Event[V]]{
		Aggregate: strings.ToLower(name[V]()), Decide: r.Decide, Evolve: Evolve[V],
	}
	if r.Default != nil {
		d.Initial = State[V]{Exists: true, Value: r.Default()}
	}
	return d
}

// Decide returns the events of a command, or a refusal.
func (r Rules[V]) Decide(s State[V], cmd Command[V]) ([]Event[V], error) {
	switch c := cmd.(type) {
	case Create[V]:
		return r.create(s, c)
	case Change[V]:
		return r.change(s, c)
	case Archive[V]:
		return archive(s, c)
	}
	return nil, fmt.Errorf("%s: unknown command %T", name[V](), cmd)
}

func (r Rules[V]) create(s State[V], c Create[V]) ([]Event[V], error) {
	value, err := r.Check(c.Value)
	switch {
	case err != nil:
		return nil, err
	case s.Exists && reflect.DeepEqual(s.Value, value):
		return nil, nil
	case s.Exists:
		return nil, ErrExists
	}
	return []Event[V]{Created[V]{Settings: value, By: c.By, At: c.At}}, nil
}

func (r Rules[V]) change(s State[V], c Change[V]) ([]Event[V], error) {
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
	return []Event[V]{Changed[V]{Settings: value, By: c.By, At: c.At}}, nil
}

func archive[V Named](s State[V], c Archive[V]) ([]Event[V], error) {
	switch {
	case !s.Exists:
		return nil, ErrUnknown
	case s.Archived:
		return nil, nil
	}
	return []Event[V]{Archived[V]{By: c.By, At: c.At}}, nil
}

// Evolve applies an event to the state.
func Evolve[V Named](s State[V], e Event[V]) State[V] {
	switch e := e.(type) {
	case Created[V]:
		s.Exists, s.Value = true, e.Settings
	case Changed[V]:
		s.Exists, s.Value = true, e.Settings
	case Archived[V]:
		s.Archived = true
	}
	return s
}
