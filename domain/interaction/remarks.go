package interaction

import (
	"slices"
	"strings"
	"unicode/utf8"

	"parley/domain"
)

// MaxTag is how many characters a tag may have.
const MaxTag = 50

// The refusals of notes, tags and links. All of these are allowed on a closed session too.
var (
	ErrNoteEmpty      = &domain.Refusal{Kind: domain.Invalid, Code: "NOTE_EMPTY", Message: "There is nothing in this note."}
	ErrNoteUnknown    = &domain.Refusal{Kind: domain.NotFound, Code: "NOTE_UNKNOWN", Message: "There is no such note in this interaction."}
	ErrNoteNotYours   = &domain.Refusal{Kind: domain.Forbidden, Code: "NOTE_NOT_YOURS", Message: "Only who wrote a note can delete it."}
	ErrTagEmpty       = &domain.Refusal{Kind: domain.Invalid, Code: "TAG_EMPTY", Message: "A tag needs a name."}
	ErrTagTooLong     = &domain.Refusal{Kind: domain.Invalid, Code: "TAG_TOO_LONG", Message: "A tag has at most 50 characters."}
	ErrContactMissing = &domain.Refusal{Kind: domain.Invalid, Code: "CONTACT_MISSING", Message: "Say which contact the customer is."}
)

func addNote(s State, c AddNote) ([]Event, error) {
	if _, written := s.notes.get(string(c.NoteID)); written {
		return nil, nil
	}
	if strings.TrimSpace(c.Text) == "" {
		return nil, ErrNoteEmpty
	}
	if err := checkLength(c.Text, MaxText); err != nil {
		return nil, err
	}
	return []Event{NoteAdded{NoteID: c.NoteID, By: c.By, AddressID: s.AddressID, Text: c.Text, At: c.At}}, nil
}

func addWhisper(s State, c AddWhisper) ([]Event, error) {
	if _, written := s.notes.get(string(c.NoteID)); written {
		return nil, nil
	}
	if strings.TrimSpace(c.Text) == "" {
		return nil, ErrNoteEmpty
	}
	if err := checkLength(c.Text, MaxText); err != nil {
		return nil, err
	}
	return []Event{WhisperAdded{NoteID: c.NoteID, By: c.By, AddressID: s.AddressID, Text: c.Text, At: c.At}}, nil
}

func revokeNote(s State, c RevokeNote) ([]Event, error) {
	n, ok := s.notes.get(string(c.NoteID))
	switch {
	case !ok:
		return nil, ErrNoteUnknown
	case n.by != c.By:
		return nil, ErrNoteNotYours
	case n.revoked:
		return nil, nil
	}
	return []Event{NoteRevoked{NoteID: c.NoteID, By: c.By, At: c.At}}, nil
}

func spy(s State, c Spy) ([]Event, error) {
	if last, ok := s.facts.get(spyKey(c.By)); ok && !c.At.After(last) {
		return nil, nil
	}
	return []Event{Spied{By: c.By, At: c.At}}, nil
}

func addTag(s State, c AddTag) ([]Event, error) {
	tag := strings.TrimSpace(c.Tag)
	switch {
	case tag == "":
		return nil, ErrTagEmpty
	case utf8.RuneCountInString(tag) > MaxTag:
		return nil, ErrTagTooLong.With("max", MaxTag)
	case domain.OneLine(tag) != nil:
		return nil, domain.ErrUnprintable
	case slices.Contains(s.tags, tag):
		return nil, nil
	}
	return []Event{TagAdded{Tag: tag, By: c.By, At: c.At}}, nil
}

func removeTag(s State, c RemoveTag) ([]Event, error) {
	tag := strings.TrimSpace(c.Tag)
	if !slices.Contains(s.tags, tag) {
		return nil, nil
	}
	return []Event{TagRemoved{Tag: tag, By: c.By, At: c.At}}, nil
}

func linkContact(s State, c LinkContact) ([]Event, error) {
	switch {
	case c.ContactID == "":
		return nil, ErrContactMissing
	case s.ContactID == c.ContactID, c.First && s.ContactID != "":
		return nil, nil
	}
	return []Event{ContactLinked{ContactID: c.ContactID, By: c.By, At: c.At}}, nil
}
