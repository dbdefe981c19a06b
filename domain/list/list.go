// Package list holds the contact lists and their custom fields.
package list

import (
	"slices"
	"strings"

	"parley/domain"
	"parley/domain/setting"
)

// Field is a custom field of the contacts in a list.
type Field struct {
	Key      string   `json:"key"`
	Label    string   `json:"label"`
	Type     string   `json:"type"` // TEXT, SELECT, NUMBER, SWITCH, DATETIME, URL
	Required bool     `json:"required,omitempty"`
	Options  []string `json:"options,omitempty"`
}

// Settings holds the settings of a list.
type Settings struct {
	Name        string  `json:"name"`
	Description string  `json:"description,omitempty"`
	DialPrefix  string  `json:"dialPrefix,omitempty"`
	Fields      []Field `json:"fields,omitempty"`
}

// SettingName names the events: ListCreated, ListChanged and ListArchived.
func (Settings) SettingName() string { return "List" }

// The commands, events and state of a list, which is created, changed as a whole, and archived.
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

// Decider holds the rules of one list.
var Decider = setting.Rules[Settings]{Check: check}.Decider()

// The refusals of a list's settings.
var (
	ErrDialPrefix = &domain.Refusal{
		Kind: domain.Invalid, Code: "DIAL_PREFIX_INVALID",
		Message: "Enter a country code of up to 5 digits.",
	}
	ErrField = &domain.Refusal{
		Kind: domain.Invalid, Code: "FIELD_INVALID",
		Message: "A field needs a label and a unique key of letters, digits and underscores.",
	}
	ErrFieldType = &domain.Refusal{
		Kind: domain.Invalid, Code: "FIELD_TYPE_INVALID",
		Message: "Choose a field type; a selection also needs options.",
	}
)

const keyLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

func check(s Settings) (Settings, error) {
	name, err := setting.Name(s.Name)
	if err != nil {
		return s, err
	}
	s.Name, s.Description, s.DialPrefix = name, strings.TrimSpace(s.Description), strings.TrimSpace(s.DialPrefix)
	if len(s.DialPrefix) > 5 || strings.Trim(s.DialPrefix, "0123456789") != "" {
		return s, ErrDialPrefix
	}
	var fields []Field
	for _, f := range s.Fields {
		f.Key, f.Label, f.Options = strings.TrimSpace(f.Key), strings.TrimSpace(f.Label), setting.Distinct(f.Options)
		taken := slices.ContainsFunc(fields, func(other Field) bool { return other.Key == f.Key })
		switch {
		case f.Key == "" || len(f.Key) > 50 || strings.Trim(f.Key, keyLetters) != "" || f.Label == "" || taken:
			return s, ErrField.With("key", f.Key)
		case !slices.Contains([]string{"TEXT", "SELECT", "NUMBER", "SWITCH", "DATETIME", "URL"}, f.Type),
			(f.Type == "SELECT") != (len(f.Options) > 0):
			return s, ErrFieldType.With("key", f.Key)
		}
		if err := domain.OneLine(append([]string{f.Label}, f.Options...)...); err != nil {
			return s, err
		}
		fields = append(fields, f)
	}
	s.Fields = fields
	return s, nil
}
