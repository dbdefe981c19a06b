package account

import (
	"maps"
	"time"

	"parley/domain"
	"parley/domain/setting"
)

// The commands of an account: it is created, changed as a whole, and archived.
type (
	Command = setting.Command[Settings]
	Create  = setting.Create[Settings]
	Change  = setting.Change[Settings]
	Archive = setting.Archive[Settings]
)

// ReplaceSecret says a credential was replaced. The secret itself never comes here.
type ReplaceSecret struct {
	setting.Extra[Settings]
	Name  string // appSecret, verifyToken or accessToken
	Last4 string
	By    domain.UserID
	At    time.Time
}

// The names of an account's secrets.
const (
	AppSecret   = "appSecret"
	VerifyToken = "verifyToken"
	AccessToken = "accessToken"
)

// State is an account's present settings, and when each secret was replaced last.
type State struct {
	setting.State[Settings]
	secrets map[string]SecretReplaced
}

// Secret says the last four characters of a secret and when it was replaced; false when there is none.
func (s State) Secret(name string) (last4 string, at time.Time, ok bool) {
	r, ok := s.secrets[name]
	return r.Last4, r.At, ok
}

// Decider answers the commands of one account.
var Decider = domain.Decider[State, Command, Event]{Aggregate: "account", Decide: Decide, Evolve: Evolve}

var rules = setting.Rules[Settings, Event]{
	Aggregate: "account",
	Check:     check,
	Keep:      keep,
	Created:   func(v Settings, by domain.UserID, at time.Time) Event { return Created{Settings: v, By: by, At: at} },
	Changed:   func(v Settings, by domain.UserID, at time.Time) Event { return Changed{Settings: v, By: by, At: at} },
	Archived:  func(by domain.UserID, at time.Time) Event { return Archived{By: by, At: at} },
	Read: func(e Event) setting.Fact[Settings] {
		switch e := e.(type) {
		case Created:
			return setting.Is(e.Settings)
		case Changed:
			return setting.Is(e.Settings)
		}
		return setting.Gone[Settings]()
	},
}

// Decide answers a command with what happens next.
func Decide(s State, cmd Command) ([]Event, error) {
	if c, ok := cmd.(ReplaceSecret); ok {
		return replaceSecret(s, c)
	}
	return rules.Decide(s.State, cmd)
}

func replaceSecret(s State, c ReplaceSecret) ([]Event, error) {
	e := SecretReplaced{Name: c.Name, Last4: c.Last4, By: c.By, At: c.At}
	switch {
	case !s.Exists:
		return nil, setting.ErrUnknown
	case c.Name != AppSecret && c.Name != VerifyToken && c.Name != AccessToken, len(c.Last4) > 4:
		return nil, ErrSecret
	case s.secrets[c.Name] == e:
		return nil, nil
	case s.Archived:
		return nil, setting.ErrArchived
	}
	return []Event{e}, nil
}

// Evolve records what happened.
func Evolve(s State, e Event) State {
	r, ok := e.(SecretReplaced)
	if !ok {
		s.State = rules.Evolve(s.State, e)
		return s
	}
	s.secrets = maps.Clone(s.secrets)
	if s.secrets == nil {
		s.secrets = make(map[string]SecretReplaced, 1)
	}
	s.secrets[r.Name] = r
	return s
}
