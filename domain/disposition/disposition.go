// Package disposition holds the outcomes that agents choose when they close an interaction, in up to three levels.
package disposition

import (
	"slices"

	"parley/domain"
	"parley/domain/setting"
)

// Settings is one disposition.
type Settings struct {
	Label     string               `json:"label"`
	ParentID  domain.DispositionID `json:"parentId,omitempty"`
	Scope     string               `json:"scope"` // GLOBAL, LIST, ACCOUNT, QUEUE
	ScopeID   string               `json:"scopeId,omitempty"`
	Level     int                  `json:"level"` // 1 to 3
	SortOrder int                  `json:"sortOrder,omitempty"`
}

// SettingName names the events: DispositionCreated, DispositionChanged and DispositionArchived.
func (Settings) SettingName() string { return "Disposition" }

// The commands, events and state of a disposition, which is created, changed as a whole, and archived.
type (
	Command  = setting.Command[Settings]
	Create   = setting.Create[Settings]
	Change   = setting.Change[Settings]
	Archive  = setting.Archive[Settings]
	Event    = setting.Event[Settings]
	Created  = setting.Created[Settings]
	Changed  = setting.Changed[Settings]
	Archived = setting.Archived[Settings]
	State    = setting.State[Settings]
)

// Decider holds the rules of one disposition.
var Decider = setting.Rules[Settings]{Check: check, Keep: keep}.Decider()

// The refusals of a disposition's settings.
var (
	ErrLevel = &domain.Refusal{
		Kind: domain.Invalid, Code: "LEVEL_INVALID",
		Message: "Dispositions have three levels; below the first, choose a parent.",
	}
	ErrLevelFixed = &domain.Refusal{
		Kind: domain.Conflict, Code: "LEVEL_FIXED",
		Message: "The level of a disposition cannot change. Create a new disposition and archive this one.",
	}
	ErrScope = &domain.Refusal{
		Kind: domain.Invalid, Code: "SCOPE_INVALID",
		Message: "Choose where the disposition applies: everywhere, or in one list, account or queue.",
	}
)

// AppliesTo reports whether the disposition can be chosen for an interaction with this contact list, account
// and queue, each of which may be empty.
func (s Settings) AppliesTo(list domain.ListID, account domain.AccountID, queue domain.QueueID) bool {
	switch s.Scope {
	case "GLOBAL":
		return true
	case "LIST":
		return s.ScopeID == string(list)
	case "ACCOUNT":
		return s.ScopeID == string(account)
	case "QUEUE":
		return s.ScopeID == string(queue)
	}
	return false
}

// keep refuses to change the level.
func keep(before, given Settings) (Settings, error) {
	if given.Level != before.Level {
		return given, ErrLevelFixed
	}
	return given, nil
}

func check(s Settings) (Settings, error) {
	label, err := setting.Name(s.Label)
	switch {
	case err != nil:
		return s, err
	case !setting.Between(s.Level, 1, 3), (s.Level == 1) != (s.ParentID == ""):
		return s, ErrLevel
	case !slices.Contains([]string{"GLOBAL", "LIST", "ACCOUNT", "QUEUE"}, s.Scope),
		(s.Scope == "GLOBAL") != (s.ScopeID == ""):
		return s, ErrScope
	}
	s.Label = label
	return s, nil
}
