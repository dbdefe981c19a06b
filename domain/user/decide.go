package user

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/domain"
	"parley/domain/setting"
)

// Value holds all settings of a user.
type Value struct {
	UserID   domain.UserID
	Profile  Profile
	Settings Settings

	ended string // the session that was ended last
}

// SettingName names the events: UserCreated, UserChanged and UserArchived.
func (Value) SettingName() string { return "User" }

// The commands, events and state of a user, who is created, changed as a whole, and archived.
type (
	Command  = setting.Command[Value]
	Create   = setting.Create[Value]
	Change   = setting.Change[Value]
	Archive  = setting.Archive[Value]
	Event    = setting.Event[Value]
	Archived = setting.Archived[Value]
	State    = setting.State[Value]
)

// GrantLists grants exactly these contact lists. Everything else stays unchanged.
type GrantLists struct {
	setting.OwnCommand[Value]
	Lists []domain.ListID
	By    domain.UserID
	At    time.Time
}

// EndSession records that someone ended one of the user's browser sessions.
type EndSession struct {
	setting.OwnCommand[Value]
	SessionID string
	By        domain.UserID
	At        time.Time
}

// Decider holds the rules of one user.
var Decider = domain.Decider[State, Command, Event]{Aggregate: "user", Decide: Decide, Evolve: Evolve}

var rules = setting.Rules[Value]{Check: check, Keep: keep}

// Decide returns the events of a command, or a refusal.
func Decide(s State, cmd Command) ([]Event, error) {
	switch c := cmd.(type) {
	case GrantLists:
		return grantLists(s, c)
	case EndSession:
		switch {
		case !s.Exists:
			return nil, setting.ErrUnknown
		case s.Value.ended == c.SessionID:
			return nil, nil
		}
		return []Event{SessionEnded{SessionID: c.SessionID, By: c.By, At: c.At}}, nil
	}
	if err := keepsAdministrator(s, cmd); err != nil {
		return nil, err
	}
	events, err := rules.Decide(s, cmd)
	for i, e := range events {
		events[i] = own(e)
	}
	return events, err
}

// Evolve applies an event to the state.
func Evolve(s State, e Event) State {
	if e, ok := e.(SessionEnded); ok {
		s.Value.ended = e.SessionID
		return s
	}
	ended := s.Value.ended
	s = setting.Evolve(s, common(e))
	s.Value.ended = ended
	return s
}

// own converts a shared setting event into the user's own event, which seals the profile.
func own(e Event) Event {
	switch e := e.(type) {
	case setting.Created[Value]:
		v := e.Settings
		return Created{UserID: v.UserID, Profile: v.Profile, Settings: v.Settings, By: e.By, At: e.At}
	case setting.Changed[Value]:
		v := e.Settings
		return Changed{UserID: v.UserID, Profile: v.Profile, Settings: v.Settings, By: e.By, At: e.At}
	}
	return e
}

// common converts a user's own event back into the shared one.
func common(e Event) Event {
	switch e := e.(type) {
	case Created:
		v := Value{UserID: e.UserID, Profile: e.Profile, Settings: e.Settings}
		return setting.Created[Value]{Settings: v, By: e.By, At: e.At}
	case Changed:
		v := Value{UserID: e.UserID, Profile: e.Profile, Settings: e.Settings}
		return setting.Changed[Value]{Settings: v, By: e.By, At: e.At}
	}
	return e
}

// keepsAdministrator stops administrators from removing their own rights, so the last one cannot remove themselves.
func keepsAdministrator(s State, cmd Command) error {
	administers := func(s Settings) bool {
		return !s.Disabled && (s.Role == Admin || slices.Contains(s.Permissions, "ADMINISTER"))
	}
	own := func(by domain.UserID) bool { return by != "" && by == s.Value.UserID && administers(s.Value.Settings) }
	switch c := cmd.(type) {
	case Change:
		if own(c.By) && !administers(c.Value.Settings) {
			return ErrOwnRights
		}
	case Archive:
		if own(c.By) {
			return ErrOwnRights
		}
	}
	return nil
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
	return []Event{Changed{UserID: v.UserID, Profile: v.Profile, Settings: v.Settings, By: c.By, At: c.At}}, nil
}

// keep restores the id, the login it derives from, and the lists set by GrantLists.
func keep(before, given Value) (Value, error) {
	given.UserID, given.Profile.Login, given.Settings.Lists = before.UserID, before.Profile.Login, before.Settings.Lists
	given.ended = before.ended
	return given, nil
}

// The refusals of a user's settings.
var (
	ErrList = &domain.Refusal{
		Kind: domain.Forbidden, Code: "LIST_NOT_GRANTED",
		Message: "You don't have access to this contact list.",
	}
	ErrOwnRights = &domain.Refusal{
		Kind: domain.Forbidden, Code: "OWN_RIGHTS",
		Message: "You can't remove your own administrator rights. Ask another administrator.",
	}
	ErrLogin = &domain.Refusal{
		Kind: domain.Invalid, Code: "LOGIN_INVALID",
		Message: "A login has 1 to 64 letters, digits, dots, dashes, underscores or an @.",
	}
	ErrRole = &domain.Refusal{
		Kind: domain.Invalid, Code: "ROLE_UNKNOWN",
		Message: "Choose a role: admin, supervisor, agent, auditor or analyst.",
	}
	ErrEmail = &domain.Refusal{
		Kind: domain.Invalid, Code: "EMAIL_INVALID",
		Message: "Enter a valid email address.",
	}
	ErrCapacity = &domain.Refusal{
		Kind: domain.Invalid, Code: "CAPACITY_INVALID",
		Message: "Enter a number from 0 to 1000; 0 means no limit.",
	}
	ErrID = &domain.Refusal{
		Kind: domain.Invalid, Code: "USER_ID_MISSING",
		Message: "A user needs an id.",
	}
)

const loginLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@"

func check(v Value) (Value, error) {
	p, s := v.Profile, v.Settings
	name, err := setting.Name(p.Name)
	p.Login, p.Alias, p.Email = strings.TrimSpace(p.Login), strings.TrimSpace(p.Alias), strings.TrimSpace(p.Email)
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
	case p.Email != "" && (strings.Count(p.Email, "@") != 1 || strings.HasPrefix(p.Email, "@") ||
		strings.HasSuffix(p.Email, "@") || strings.ContainsAny(p.Email, " <>") || domain.OneLine(p.Email) != nil):
		return v, ErrEmail
	case !slices.Contains([]Role{Admin, Supervisor, Agent, Auditor, Analyst}, s.Role):
		return v, ErrRole
	case !setting.Between(s.Capacity, 0, 1000):
		return v, ErrCapacity
	}
	p.Name = name
	s.Permissions, s.Lists, s.Queues = setting.Distinct(s.Permissions), setting.Distinct(s.Lists), setting.Distinct(s.Queues)
	v.Profile, v.Settings = p, s
	return v, nil
}
