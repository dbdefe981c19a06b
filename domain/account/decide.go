package account

import (
	"maps"
	"time"

	"parley/domain"
	"parley/domain/setting"
)

// The commands and events of an account: it is created, changed as a whole, and archived.
type (
	Command  = setting.Command[Settings]
	Create   = setting.Create[Settings]
	Change   = setting.Change[Settings]
	Archive  = setting.Archive[Settings]
	Event    = setting.Event[Settings]
	Created  = setting.Created[Settings]
	Changed  = setting.Changed[Settings]
	Archived = setting.Archived[Settings]
)

// ReplaceSecret records that a secret was replaced. It does not carry the secret itself.
type ReplaceSecret struct {
	setting.OwnCommand[Settings]
	Name  string // as the provider declares it
	Last4 string
	By    domain.UserID
	At    time.Time
}

// State holds an account's current settings and the last replacement of each secret.
type State struct {
	setting.State[Settings]
	secrets    map[string]SecretReplaced
	lastNotice string
}

// SecretName returns the name under which an account's secret is stored outside the log.
func SecretName(id domain.AccountID, name string) string { return "account/" + string(id) + "/" + name }

// HasSecret reports whether a secret was ever given.
func (s State) HasSecret(name string) bool {
	_, ok := s.secrets[name]
	return ok
}

// Decider returns the rules of an account at one of these providers.
func Decider(providers Providers) domain.Decider[State, Command, Event] {
	rules := setting.Rules[Settings]{Check: providers.check, Keep: providers.keep}
	return domain.Decider[State, Command, Event]{Aggregate: "account", Evolve: Evolve,
		Decide: func(s State, cmd Command) ([]Event, error) {
			switch c := cmd.(type) {
			case ReplaceSecret:
				return providers.replaceSecret(s, c)
			case RecordNotice:
				return recordNotice(s, c)
			}
			return rules.Decide(s.State, cmd)
		},
	}
}

func (all Providers) replaceSecret(s State, c ReplaceSecret) ([]Event, error) {
	provider, _ := all.Named(s.Value.Provider)
	secret, _ := provider.Setting(c.Name)
	e := SecretReplaced{Name: c.Name, Last4: c.Last4, By: c.By, At: c.At}
	switch {
	case !s.Exists:
		return nil, setting.ErrUnknown
	case secret.Kind != Secret, len(c.Last4) > 4:
		return nil, ErrSettingUnknown.With("setting", c.Name)
	case s.secrets[c.Name] == e:
		return nil, nil
	case s.Archived:
		return nil, setting.ErrArchived
	}
	return []Event{e}, nil
}

// Evolve applies an event to the state.
func Evolve(s State, e Event) State {
	if n, ok := e.(Noticed); ok {
		s.lastNotice = n.NoticeID
		return s
	}
	r, ok := e.(SecretReplaced)
	if !ok {
		s.State = setting.Evolve(s.State, e)
		return s
	}
	s.secrets = maps.Clone(s.secrets)
	if s.secrets == nil {
		s.secrets = make(map[string]SecretReplaced, 1)
	}
	s.secrets[r.Name] = r
	return s
}
