package user

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/domain"
	"parley/domain/setting"
)

// Value is all that is set about a user.
type Value struct {
	UserID   domain.UserID
	Profile  Profile
	Settings Settings
}

// The commands and the state of a user: created, changed as a whole, and archived.
type (
	Command = setting.Command[Value]
	Create  = setting.Create[Value]
	Change  = setting.Change[Value]
	Archive = setting.Archive[Value]
	State   = setting.State[Value]
)

// GrantLists grants exactly these contact lists (R7). All else stays as it is when this is decided.
type GrantLists struct {
	setting.Extra[Value]
	Lists []domain.ListID
	By    domain.UserID
	At    time.Time
}

// Decider answers the commands of one user.
var Decider = domain.Decider[State, Command, Event]{Aggregate: "user", Decide: Decide, Evolve: rules.Evolve}

var rules = setting.Rules[Value, Event]{
	Aggregate: "user",
	Check:     check,
	Keep:      keep,
	Created: func(v Value, by domain.UserID, at time.Time) Event {
		return Created{UserID: v.UserID, Profile: v.Profile, Settings: v.Settings, By: by, At: at}
	},
	Changed: func(v Value, by domain.UserID, at time.Time) Event {
		return Changed{UserID: v.UserID, Profile: v.Profile, Settings: v.Settings, By: by, At: at}
	},
	Archived: func(by domain.UserID, at time.Time) Event { return Archived{By: by, At: at} },
	Read: func(e Event) setting.Fact[Value] {
		switch e := e.(type) {
		case Created:
			return setting.Is(Value{UserID: e.UserID, Profile: e.Profile, Settings: e.Settings})
		case Changed:
			return setting.Is(Value{UserID: e.UserID, Profile: e.Profile, Settings: e.Settings})
		}
		return setting.Gone[Value]()
	},
}

// Decide answers a command with what happens next.
func Decide(s State, cmd Command) ([]Event, error) {
	if c, ok := cmd.(GrantLists); ok {
		return grantLists(s, c)
	}
	return rules.Decide(s, cmd)
}

func grantLists(s State, c GrantLists) ([]Event, error) {
	v := s.Value
	v.Settings.Lists = setting.Distinct(c.Lists)
	switch {
	case !s.Exists:
		return nil, setting.ErrUnknown
	case slices.Equal(v.Settings.Lists, s.Value.Settings.Lists):
		return nil, nil
	case s.Archived:
		return nil, setting.ErrArchived
	}
	return []Event{rules.Changed(v, c.By, c.At)}, nil
}

// keep leaves a user his id and his login, which the id derives from, and what GrantLists granted.
func keep(before, given Value) (Value, error) {
	given.UserID, given.Profile.Login, given.Settings.Lists = before.UserID, before.Profile.Login, before.Settings.Lists
	return given, nil
}

// The refusals of a user's settings.
var (
	ErrLogin    = &domain.Refusal{Kind: domain.Invalid, Code: "LOGIN_INVALID", Message: "A login has 1 to 64 letters, digits, dots, dashes, underscores or an @."}
	ErrRole     = &domain.Refusal{Kind: domain.Invalid, Code: "ROLE_UNKNOWN", Message: "Choose a role: admin, supervisor, agent, auditor or analyst."}
	ErrMail     = &domain.Refusal{Kind: domain.Invalid, Code: "MAIL_INVALID", Message: "This is not a mail address."}
	ErrCapacity = &domain.Refusal{Kind: domain.Invalid, Code: "CAPACITY_INVALID", Message: "An agent gets up to 1000 interactions; 0 means no limit."}
	ErrID       = &domain.Refusal{Kind: domain.Invalid, Code: "USER_ID_MISSING", Message: "A user needs an id."}
)

const loginLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@"

func check(v Value) (Value, error) {
	p, s := v.Profile, v.Settings
	name, err := setting.Name(p.Name)
	p.Login, p.Alias, p.Mail = strings.TrimSpace(p.Login), strings.TrimSpace(p.Alias), strings.TrimSpace(p.Mail)
	switch {
	case v.UserID == "":
		return v, ErrID
	case err != nil:
		return v, err
	case p.Login == "" || len(p.Login) > 64 || strings.Trim(p.Login, loginLetters) != "":
		return v, ErrLogin
	case utf8.RuneCountInString(p.Alias) > 100:
		return v, setting.ErrName
	case domain.OneLine(p.Alias) != nil:
		return v, domain.ErrUnprintable
	case p.Mail != "" && (strings.Count(p.Mail, "@") != 1 || strings.HasPrefix(p.Mail, "@") || strings.HasSuffix(p.Mail, "@") || strings.ContainsAny(p.Mail, " <>") || domain.OneLine(p.Mail) != nil):
		return v, ErrMail
	case !slices.Contains([]Role{Admin, Supervisor, Agent, Auditor, Analyst}, s.Role):
		return v, ErrRole
	case !setting.Between(s.Capacity, 0, 1000):
		return v, ErrCapacity
	}
	p.Name = name
	s.Permissions, s.Lists, s.Queues = setting.Distinct(s.Permissions), setting.Distinct(s.Lists), setting.Distinct(s.Queues)
	return Value{UserID: v.UserID, Profile: p, Settings: s}, nil
}
