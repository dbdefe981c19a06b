// Package cannedanswer holds texts that agents send often.
package cannedanswer

import (
	"strings"
	"unicode/utf8"

	"parley/domain"
	"parley/domain/setting"
)

// Settings is one canned answer.
type Settings struct {
	Shortcut  string           `json:"shortcut"` // typed after a slash
	Title     string           `json:"title"`
	Text      string           `json:"text"`                // may hold variables such as {{contact.firstName}}
	AccountID domain.AccountID `json:"accountId,omitempty"` // empty for all accounts
	BlobID    domain.BlobID    `json:"blobId,omitempty"`
	File      *File            `json:"file,omitempty"` // describes BlobID
}

// File describes the attached file. The key that decrypts it is not in the log.
type File struct {
	MimeType string `json:"mimeType"` // detected from the content
	FileName string `json:"fileName"`
	Size     int64  `json:"size"` // bytes
	Animated bool   `json:"animated,omitempty"`
}

// SettingName names the events: CannedAnswerCreated, CannedAnswerChanged and CannedAnswerArchived.
func (Settings) SettingName() string { return "CannedAnswer" }

// The commands, events and state of a canned answer, which is created, changed as a whole, and archived.
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

// Decider holds the rules of one canned answer.
var Decider = setting.Rules[Settings]{Check: check}.Decider()

// The refusals of a canned answer's settings.
var (
	ErrShortcut = &domain.Refusal{
		Kind: domain.Invalid, Code: "SHORTCUT_INVALID",
		Message: "A shortcut has 1 to 30 characters, without spaces or slashes.",
	}
	ErrCaption = &domain.Refusal{
		Kind: domain.Invalid, Code: "TEXT_TOO_LONG",
		Message: "With a file, the text can be up to 1024 characters.",
	}
	ErrText = &domain.Refusal{
		Kind: domain.Invalid, Code: "TEXT_INVALID",
		Message: "Enter a text of up to 4096 characters, or attach a file.",
	}
)

func check(s Settings) (Settings, error) {
	title, err := setting.Name(s.Title)
	if err != nil {
		return s, err
	}
	s.Title, s.Shortcut = title, strings.TrimPrefix(strings.TrimSpace(s.Shortcut), "/")
	empty := strings.TrimSpace(s.Text) == "" && s.BlobID == ""
	switch {
	case s.Shortcut == "" || utf8.RuneCountInString(s.Shortcut) > 30 ||
		strings.ContainsAny(s.Shortcut, " /") || domain.OneLine(s.Shortcut) != nil:
		return s, ErrShortcut
	case empty || utf8.RuneCountInString(s.Text) > 4096:
		return s, ErrText
	case s.BlobID != "" && utf8.RuneCountInString(s.Text) > 1024:
		return s, ErrCaption
	}
	return s, checkVariables(s.Text)
}
