package cannedanswer

import (
	"strings"
	"unicode/utf8"

	"parley/domain"
	"parley/domain/setting"
)

// The refusals of a canned answer's settings.
var (
	ErrShortcut = &domain.Refusal{Kind: domain.Invalid, Code: "SHORTCUT_INVALID", Message: "A shortcut has 1 to 30 characters, without spaces and slashes."}
	ErrCaption  = &domain.Refusal{Kind: domain.Invalid, Code: "TEXT_TOO_LONG", Message: "With a file, a canned answer has a text of up to 1024 characters."}
	ErrText     = &domain.Refusal{Kind: domain.Invalid, Code: "TEXT_INVALID", Message: "A canned answer has a text of up to 4096 characters, or a file."}
)

func check(s Settings) (Settings, error) {
	title, err := setting.Name(s.Title)
	if err != nil {
		return s, err
	}
	s.Title, s.Shortcut = title, strings.TrimPrefix(strings.TrimSpace(s.Shortcut), "/")
	empty := strings.TrimSpace(s.Text) == "" && s.BlobID == ""
	switch {
	case s.Shortcut == "" || utf8.RuneCountInString(s.Shortcut) > 30 || strings.ContainsAny(s.Shortcut, " /") || domain.OneLine(s.Shortcut) != nil:
		return s, ErrShortcut
	case empty || utf8.RuneCountInString(s.Text) > 4096:
		return s, ErrText
	case s.BlobID != "" && utf8.RuneCountInString(s.Text) > 1024:
		return s, ErrCaption
	}
	return s, checkVariables(s.Text)
}
