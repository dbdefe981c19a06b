package interaction

import (
	"strings"
	"time"

	"parley/domain"
)

// NoteAdded says that a user wrote an internal note. It is never sent to a channel.
type NoteAdded struct {
	NoteID    domain.NoteID    `json:"noteId"`
	By        domain.UserID    `json:"by"`
	AddressID domain.AddressID `json:"addressId"`
	Text      string           `json:"text" seal:"true"`
	At        time.Time        `json:"at"`
}

func (NoteAdded) EventType() string   { return "InteractionNoteAdded" }
func (NoteAdded) isInteractionEvent() {}
func (e NoteAdded) SealedFor() string { return string(e.AddressID) }

// WhisperAdded says that a supervisor wrote a note that only the owner sees.
type WhisperAdded struct {
	NoteID    domain.NoteID    `json:"noteId"`
	By        domain.UserID    `json:"by"`
	AddressID domain.AddressID `json:"addressId"`
	Text      string           `json:"text" seal:"true"`
	At        time.Time        `json:"at"`
}

func (WhisperAdded) EventType() string   { return "InteractionWhisperAdded" }
func (WhisperAdded) isInteractionEvent() {}
func (e WhisperAdded) SealedFor() string { return string(e.AddressID) }

// NoteRevoked says that the author deleted a note or whisper.
type NoteRevoked struct {
	NoteID domain.NoteID `json:"noteId"`
	By     domain.UserID `json:"by"`
	At     time.Time     `json:"at"`
}

func (NoteRevoked) EventType() string   { return "InteractionNoteRevoked" }
func (NoteRevoked) isInteractionEvent() {}

// Monitored says that a supervisor monitored the interaction.
type Monitored struct {
	By domain.UserID `json:"by"`
	At time.Time     `json:"at"`
}

func (Monitored) EventType() string   { return "InteractionMonitored" }
func (Monitored) isInteractionEvent() {}

// AddNote, AddWhisper, RevokeNote and Monitor are internal; the customer never sees them.
type (
	AddNote struct {
		NoteID domain.NoteID
		By     domain.UserID
		Text   string
		At     time.Time
	}
	AddWhisper struct {
		NoteID domain.NoteID
		By     domain.UserID
		Text   string
		At     time.Time
	}
	RevokeNote struct {
		NoteID domain.NoteID
		By     domain.UserID
		At     time.Time
	}
	Monitor struct {
		By domain.UserID
		At time.Time
	}
)

func (AddNote) isInteractionCommand()    {}
func (AddWhisper) isInteractionCommand() {}
func (RevokeNote) isInteractionCommand() {}
func (Monitor) isInteractionCommand()    {}

// The refusals of notes. A closed session can still get notes.
var (
	ErrNoteEmpty    = &domain.Refusal{Kind: domain.Invalid, Code: "NOTE_EMPTY", Message: "The note is empty."}
	ErrNoteUnknown  = &domain.Refusal{Kind: domain.NotFound, Code: "NOTE_UNKNOWN", Message: "Note not found."}
	ErrNoteNotYours = &domain.Refusal{
		Kind: domain.Forbidden, Code: "NOTE_NOT_YOURS",
		Message: "Only the author can delete a note.",
	}
)

func addNote(s State, c AddNote) ([]Event, error) {
	if _, written := s.notes.Get(string(c.NoteID)); written {
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
	if _, written := s.notes.Get(string(c.NoteID)); written {
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
	n, ok := s.notes.Get(string(c.NoteID))
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

func monitor(s State, c Monitor) ([]Event, error) {
	if last, ok := s.recorded.Get(monitorKey(c.By)); ok && !c.At.After(last) {
		return nil, nil
	}
	return []Event{Monitored{By: c.By, At: c.At}}, nil
}

type note struct {
	by      domain.UserID
	revoked bool
}

func monitorKey(by domain.UserID) string { return "monitor " + string(by) }
