package disposition

import (
	"slices"

	"parley/domain"
	"parley/domain/setting"
)

// The refusals of a disposition's settings.
var (
	ErrLevel = &domain.Refusal{Kind: domain.Invalid, Code: "LEVEL_INVALID", Message: "Outcomes have three levels; those below the first belong to one above."}
	ErrMoved = &domain.Refusal{Kind: domain.Conflict, Code: "LEVEL_FIXED", Message: "An outcome stays on its level, since others may be below it. Make a new one where you want it, and archive this one."}
	ErrScope = &domain.Refusal{Kind: domain.Invalid, Code: "SCOPE_INVALID", Message: "An outcome is for everything, or for one list, account or queue."}
)

// keep refuses another level.
func keep(before, given Settings) (Settings, error) {
	if given.Level != before.Level {
		return given, ErrMoved
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
	case !slices.Contains([]string{"GLOBAL", "LIST", "ACCOUNT", "QUEUE"}, s.Scope), (s.Scope == "GLOBAL") != (s.ScopeID == ""):
		return s, ErrScope
	}
	s.Label = label
	return s, nil
}
