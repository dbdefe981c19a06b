package list

import (
	"slices"
	"strings"

	"parley/domain"
	"parley/domain/setting"
)

// The refusals of a list's settings.
var (
	ErrDialPrefix = &domain.Refusal{Kind: domain.Invalid, Code: "DIAL_PREFIX_INVALID", Message: "A dial prefix is a country code of up to 5 digits."}
	ErrField      = &domain.Refusal{Kind: domain.Invalid, Code: "FIELD_INVALID", Message: "A field needs a key of its own in letters, digits and underscores, and a label."}
	ErrFieldType  = &domain.Refusal{Kind: domain.Invalid, Code: "FIELD_TYPE_INVALID", Message: "A field is a text, a selection with its options, a number, a switch, a time or a link."}
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
