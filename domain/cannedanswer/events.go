// Package cannedanswer holds texts that agents send often.
package cannedanswer

import (
	"time"

	"parley/domain"
)

// Event is something that happened to this setting. Its own id is the stream's.
type Event interface {
	domain.Event
	isCannedAnswerEvent()
}

// Settings is one canned answer.
type Settings struct {
	Shortcut  string           `json:"shortcut"` // typed after a slash
	Title     string           `json:"title"`
	Text      string           `json:"text"`                // may hold variables such as {{contact.firstName}}
	AccountID domain.AccountID `json:"accountId,omitempty"` // empty: for all
	BlobID    domain.BlobID    `json:"blobId,omitempty"`
	File      *File            `json:"file,omitempty"` // what BlobID is
}

// File says what is sent along with the text. How to read it is no matter of the log.
type File struct {
	MimeType string `json:"mimeType"` // told by its bytes
	FileName string `json:"fileName"`
	Size     int64  `json:"size"` // bytes
	Animated bool   `json:"animated,omitempty"`
}

// Created says it was set up.
type Created struct {
	Settings Settings      `json:"settings"`
	By       domain.UserID `json:"by,omitempty"` // empty when the program set it up
	At       time.Time     `json:"at"`
}

// Changed says it is set differently now; Settings is the full new value.
type Changed struct {
	Settings Settings      `json:"settings"`
	By       domain.UserID `json:"by,omitempty"`
	At       time.Time     `json:"at"`
}

// Archived says it is out of use; what refers to it stays readable.
type Archived struct {
	By domain.UserID `json:"by,omitempty"`
	At time.Time     `json:"at"`
}

func (Created) EventType() string  { return "CannedAnswerCreated" }
func (Changed) EventType() string  { return "CannedAnswerChanged" }
func (Archived) EventType() string { return "CannedAnswerArchived" }

func (Created) isCannedAnswerEvent()  {}
func (Changed) isCannedAnswerEvent()  {}
func (Archived) isCannedAnswerEvent() {}
