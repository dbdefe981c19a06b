// Package tag holds the tags that agents put on interactions and contacts.
package tag

import (
	"strings"
	"unicode/utf8"

	"parley/domain"
	"parley/domain/setting"
)

// Settings is one tag.
type Settings struct {
	Name  string `json:"name"`
	Color string `json:"color"` // a name from the palette
}

// SettingName names the events: TagCreated, TagChanged and TagArchived.
func (Settings) SettingName() string { return "Tag" }

// The commands, events and state of a tag, which is created, changed as a whole, and archived.
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

// Decider holds the rules of one tag.
var Decider = setting.Rules[Settings]{Check: check}.Decider()

// The refusals of a tag's settings.
var (
	ErrTooLong = &domain.Refusal{
		Kind: domain.Invalid, Code: "TAG_TOO_LONG",
		Message: "A tag has at most 50 characters.",
	}
	ErrColor = &domain.Refusal{
		Kind: domain.Invalid, Code: "COLOR_INVALID",
		Message: "Choose a color from the palette.",
	}
)

func check(s Settings) (Settings, error) {
	name, err := setting.Name(s.Name)
	switch {
	case err != nil:
		return s, err
	case utf8.RuneCountInString(name) > 50:
		return s, ErrTooLong
	case s.Color == "" || len(s.Color) > 20 || strings.Trim(s.Color, "abcdefghijklmnopqrstuvwxyz") != "":
		return s, ErrColor
	}
	s.Name = name
	return s, nil
}
