// Package messages is the read model of everything written in interactions: messages, notes and whispers.
package messages

import (
	"time"

	"parley/domain/interaction"
)

// The authors in addition to those of messages from and to the customer.
const (
	AuthorNote    = "NOTE"    // internal; the customer never sees it
	AuthorWhisper = "WHISPER" // from a supervisor, only for the owner
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
	// The display order: the number of its event in the interaction's stream, or for what came before the first
	// session, the time it was sent in Unix seconds. Only the latter may repeat.
	Position  int64
	Author    string // CUSTOMER, AGENT, SYSTEM, PHONE_APP, OTHER_APP, NOTE, WHISPER
	By        string // the user, if one of ours wrote it
	Kind      string
	Text      string
	QuotedID  string
	Forwarded bool
	Edited    bool
	Revoked   bool
	Erased    bool
	Private   bool // the text may hold a number or an email address

	// The words that searches find the message by, as plain.Words returns them. Masked viewers search
	// MaskedWords, which differ if the text is private. A whisper has no words.
	Words       string
	MaskedWords string

	Observed bool // it passed without us, so no one has to answer it

	MediaState    string // empty if there is no file
	MediaID       string // id at the provider
	BlobID        string
	BlobKey       []byte
	MimeType      string
	FileName      string
	Size          int64 // bytes
	Animated      bool
	Location      *interaction.Location
	Cards         []Card
	Details       []Detail // answers in a form
	Items         []interaction.OrderItem
	Referral      *Referral
	Product       *interaction.Product // product whose page the message came from
	Call          *interaction.Call
	Permission    *interaction.CallPermission // answer to our request to call
	Reactions     []Reaction
	Status        string // of an outgoing message
	Failure       string // an interaction.FailureReason: why it could not be sent or shown
	FailureCode   string // id at the provider
	FailureDetail string // the provider's description of the failure
	// Of the chosen list entry; of an unsupported message, its kind; of a handover, the role of the other app; of a
	// notice, what it is about. The last three are in the provider's terms.
	Description string
	RetriedBy   string
	ProviderTag string // derived from the provider's message id; finds a status without callback data
	SentAt      time.Time
	RecordedAt  time.Time
	AcceptedAt  *time.Time
	DeliveredAt *time.Time
	ReadAt      *time.Time
	Quoted      *Quoted // set by the reader
}

// Reaction is an emoji on the message.
type Reaction struct {
	Emoji  string `json:"emoji"`
	Author string `json:"author"` // CUSTOMER or AGENT
}

// Quoted is the message being replied to.
type Quoted struct {
	ID, Author, Kind, Text string
}

// late is how long the provider may take before a message counts as delayed.
const late = time.Minute

// Delayed reports whether the provider delivered the message more than a minute after the customer sent it.
func (r Row) Delayed() bool {
	return r.Author == string(interaction.AuthorCustomer) && !r.Observed && r.RecordedAt.Sub(r.SentAt) > late
}
