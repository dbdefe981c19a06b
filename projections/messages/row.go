// Package messages is the read model of everything said in interactions, and noted about them: messages, notes and whispers.
package messages

import (
	"time"

	"parley/domain/interaction"
)

// The authors beyond those of messages to and from the customer.
const (
	AuthorNote    = "NOTE"    // internal; the customer never sees it
	AuthorWhisper = "WHISPER" // a supervisor's, for the owner alone
)

// The states of a file.
const (
	MediaPending = "PENDING"
	MediaStored  = "STORED"
	MediaFailed  = "FAILED"
)

// Row is one message, note or whisper.
type Row struct {
	ID            string
	InteractionID string
	Position      int64  // number of its event in the interaction's stream: the order they are shown in
	Author        string // CUSTOMER, AGENT, SYSTEM, NOTE, WHISPER
	By            string // the user, when it was one of us
	Kind          string
	Text          string
	QuotedID      string
	Forwarded     bool
	Edited        bool
	Revoked       bool
	Erased        bool
	Private       bool // the text may hold a number or a mail address

	MediaState  string // empty: no file
	MediaID     string // the provider's
	BlobID      string
	BlobKey     []byte
	MimeType    string
	FileName    string
	Size        int64 // bytes
	Animated    bool
	Location    *interaction.Location
	Cards       []Card
	Details     []Detail // what was filled into a form
	Items       []interaction.OrderItem
	Referral    *Referral
	Product     *interaction.Product // whose page it came from
	Reactions   []Reaction
	Status      string // of an outgoing one
	Failure     string // in words
	FailureCode string
	RetriedBy   string
	ProviderTag string // of the provider's message id: a status without callback data is found by it
	SentAt      time.Time
	RecordedAt  time.Time
	AcceptedAt  *time.Time
	DeliveredAt *time.Time
	ReadAt      *time.Time
	Quoted      *Quoted // filled by the reader
}

// Card is one contact card that was shared.
type Card struct {
	Name   string   `json:"name"`
	Phones []string `json:"phones"`
	Mails  []string `json:"mails"`
}

// Detail is one thing a message tells beside its text. Without a label it is all there was to read.
type Detail struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Reaction is an emoji somebody put on the message.
type Reaction struct {
	Emoji  string `json:"emoji"`
	Author string `json:"author"` // CUSTOMER or AGENT
}

// Quoted is the message that is answered.
type Quoted struct {
	ID, Author, Kind, Text string
}

// late is how long after sending the provider may tell us without the message counting as delayed.
const late = time.Minute

// Delayed says whether the provider told us more than a minute after the customer sent it.
func (r Row) Delayed() bool {
	return r.Author == string(interaction.AuthorCustomer) && r.RecordedAt.Sub(r.SentAt) > late
}
