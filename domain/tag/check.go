package tag

import (
	"strings"
	"unicode/utf8"

	"parley/domain"
	"parley/domain/setting"
)

// The refusals of a tag's settings.
var (
	ErrTooLong = &domain.Refusal{Kind: domain.Invalid, Code: "TAG_TOO_LONG", Message: "A tag has at most 50 characters."}
	ErrColor   = &domain.Refusal{Kind: domain.Invalid, Code: "COLOR_INVALID", Message: "Choose a colour of the palette."}
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
