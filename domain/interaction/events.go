// Package interaction holds the rules of one session with one customer, from open to close.
package interaction

import (
	"time"

	"parley/domain"
)

// Event is something that happened in an interaction. Its own id is the stream's.
type Event interface {
	domain.Event
	isInteractionEvent()
}

// Opened says a session began: the customer wrote, or an agent or a campaign did. It carries forward from the session
// before what the rules of this one need.
type Opened struct {
	AccountID     domain.AccountID     `json:"accountId"`
	AddressID     domain.AddressID     `json:"addressId"`
	Channel       string               `json:"channel"` // data, never a branch: "whatsapp"
	QueueID       domain.QueueID       `json:"queueId,omitempty"`
	Number        int                  `json:"number"` // 1, 2, 3… within the conversation
	PreviousID    domain.InteractionID `json:"previousId,omitempty"`
	Origin        Origin               `json:"origin"`
	By            domain.UserID        `json:"by,omitempty"` // who opened it, when Origin is AGENT
	ContactID     domain.ContactID     `json:"contactId,omitempty"`
	LastInboundAt *time.Time           `json:"lastInboundAt,omitempty"` // of the conversation: anchors the 24 h window
	LastOwner     domain.AgentID       `json:"lastOwner,omitempty"`     // for sticky offers
	Recent        []Seen               `json:"recent,omitempty"`        // provider messages of the last 8 days, against redelivery
	Customer      Customer             `json:"customer" seal:"true"`
	At            time.Time            `json:"at"`
}

// Seen is one provider message of an earlier session: the first 8 bytes (16 hex digits) of its derived message id.
type Seen struct {
	Tag string    `json:"tag"`
	At  time.Time `json:"at"`
}

// MessageReceived says the customer wrote. There is one per provider message id.
type MessageReceived struct {
	MessageID         domain.MessageID `json:"messageId"` // derived from account and provider message id
	AddressID         domain.AddressID `json:"addressId"`
	Kind              MessageKind      `json:"kind"`
	QuotedID          domain.MessageID `json:"quotedId,omitempty"`
	Forwarded         bool             `json:"forwarded,omitempty"`
	SentAt            time.Time        `json:"sentAt"` // the provider's time: shown, and the window counts from it
	Content           Content          `json:"content" seal:"true"`
	Customer          Customer         `json:"customer" seal:"true"`
	ProviderMessageID string           `json:"providerMessageId" seal:"true"`
	At                time.Time        `json:"at"`
}

// MessageEdited says the customer changed what he wrote.
type MessageEdited struct {
	MessageID domain.MessageID `json:"messageId"`
	EditID    domain.MessageID `json:"editId"` // the edit's own derived id
	AddressID domain.AddressID `json:"addressId"`
	Content   Content          `json:"content" seal:"true"`
	SentAt    time.Time        `json:"sentAt"`
	At        time.Time        `json:"at"`
}

// MessageRevoked says the customer deleted what he wrote.
type MessageRevoked struct {
	MessageID domain.MessageID `json:"messageId"`
	RevokeID  domain.MessageID `json:"revokeId"`
	SentAt    time.Time        `json:"sentAt"`
	At        time.Time        `json:"at"`
}

// ReactionReceived says the customer put an emoji on a message; an empty one takes it off.
type ReactionReceived struct {
	MessageID  domain.MessageID `json:"messageId"`
	ReactionID domain.MessageID `json:"reactionId"`
	AddressID  domain.AddressID `json:"addressId"`
	Emoji      string           `json:"emoji" seal:"true"`
	SentAt     time.Time        `json:"sentAt"`
	At         time.Time        `json:"at"`
}

// ReactionSent says the agent put an emoji on a message; an empty one takes it off. It travels as the message SendID.
type ReactionSent struct {
	MessageID domain.MessageID `json:"messageId"`
	SendID    domain.MessageID `json:"sendId"`
	By        domain.AgentID   `json:"by"`
	AddressID domain.AddressID `json:"addressId"`
	Emoji     string           `json:"emoji" seal:"true"`
	At        time.Time        `json:"at"`
}

// MessageQueued says a message is to go out. Nothing has been sent yet.
type MessageQueued struct {
	MessageID domain.MessageID `json:"messageId"` // the command's id, so the browser knows it beforehand
	Author    Author           `json:"author"`    // AGENT or SYSTEM
	By        domain.AgentID   `json:"by,omitempty"`
	AddressID domain.AddressID `json:"addressId"`
	Kind      MessageKind      `json:"kind"`
	QuotedID  domain.MessageID `json:"quotedId,omitempty"`
	RetryOf   domain.MessageID `json:"retryOf,omitempty"`
	Content   Content          `json:"content" seal:"true"`
	At        time.Time        `json:"at"`
}

// MessageSendStarted is the claim: whoever appended it may call the provider, once.
type MessageSendStarted struct {
	MessageID domain.MessageID `json:"messageId"`
	Attempt   int              `json:"attempt"` // 1, 2, 3…
	At        time.Time        `json:"at"`
}

// MessageNotTaken says the provider surely did not take the attempt, so it may be tried again at RetryAt.
type MessageNotTaken struct {
	MessageID domain.MessageID `json:"messageId"`
	Attempt   int              `json:"attempt"`
	Code      string           `json:"code"` // the provider's, or ours such as "CONNECT"
	RetryAt   time.Time        `json:"retryAt"`
	At        time.Time        `json:"at"`
}

// MessageAccepted says the provider took the message and gave it an id.
type MessageAccepted struct {
	MessageID         domain.MessageID `json:"messageId"`
	AddressID         domain.AddressID `json:"addressId"`
	ProviderTag       string           `json:"providerTag"` // derived from the provider message id; a status without callback data is found by it
	ProviderMessageID string           `json:"providerMessageId" seal:"true"`
	At                time.Time        `json:"at"`
}

// MessageSent says the provider passed the message on.
type MessageSent struct {
	MessageID domain.MessageID `json:"messageId"`
	StatusAt  time.Time        `json:"statusAt"` // the provider's time
	At        time.Time        `json:"at"`
}

// MessageDelivered says the message is on the customer's phone.
type MessageDelivered struct {
	MessageID domain.MessageID `json:"messageId"`
	StatusAt  time.Time        `json:"statusAt"`
	At        time.Time        `json:"at"`
}

// MessageRead says the customer has read the message.
type MessageRead struct {
	MessageID domain.MessageID `json:"messageId"`
	StatusAt  time.Time        `json:"statusAt"`
	At        time.Time        `json:"at"`
}

// MessageFailed says the message will not reach the customer.
type MessageFailed struct {
	MessageID domain.MessageID `json:"messageId"`
	AddressID domain.AddressID `json:"addressId"`
	Code      string           `json:"code"`
	Reason    string           `json:"reason"` // plain words for the agent, from our own table, or the provider's where they name nobody
	Detail    string           `json:"detail,omitempty" seal:"true"`
	StatusAt  *time.Time       `json:"statusAt,omitempty"` // nil when the send call itself was refused
	At        time.Time        `json:"at"`
}

// MessageOutcomeUnknown says nobody knows whether the provider took the message. It is never sent again by itself.
type MessageOutcomeUnknown struct {
	MessageID domain.MessageID `json:"messageId"`
	Code      string           `json:"code"`
	At        time.Time        `json:"at"`
}

// MediaStored says the file of a message is kept by us.
type MediaStored struct {
	MessageID domain.MessageID `json:"messageId"`
	AddressID domain.AddressID `json:"addressId"`
	BlobID    domain.BlobID    `json:"blobId"`
	MimeType  string           `json:"mimeType"` // from the bytes
	Size      int64            `json:"size"`     // bytes
	SHA256    string           `json:"sha256"`   // hex, of the clear bytes
	Key       []byte           `json:"key" seal:"true"`
	At        time.Time        `json:"at"`
}

// MediaFailed says the file of a message could not be fetched.
type MediaFailed struct {
	MessageID domain.MessageID `json:"messageId"`
	Code      string           `json:"code"`
	At        time.Time        `json:"at"`
}

// Offered says the interaction was offered to agents of its queue, until a time.
type Offered struct {
	OfferID   domain.OfferID   `json:"offerId"`
	QueueID   domain.QueueID   `json:"queueId"`
	Agents    []domain.AgentID `json:"agents"`
	Round     int              `json:"round"` // 1, 2, 3… since it began to wait
	ExpiresAt time.Time        `json:"expiresAt"`
	At        time.Time        `json:"at"`
}

// OfferRejected says one agent refused an offer.
type OfferRejected struct {
	OfferID domain.OfferID `json:"offerId"`
	By      domain.AgentID `json:"by"`
	At      time.Time      `json:"at"`
}

// OfferExpired says the time of an offer ran out; Missed are those who had neither accepted nor rejected.
type OfferExpired struct {
	OfferID domain.OfferID   `json:"offerId"`
	Missed  []domain.AgentID `json:"missed"`
	At      time.Time        `json:"at"`
}

// Accepted says an agent took the interaction over, by an offer or from the list.
type Accepted struct {
	OfferID domain.OfferID `json:"offerId,omitempty"` // empty when taken from the list
	By      domain.AgentID `json:"by"`
	At      time.Time      `json:"at"`
}

// Assigned says a supervisor gave the interaction to an agent, or the agent opened it himself.
type Assigned struct {
	To domain.AgentID `json:"to"`
	By domain.UserID  `json:"by"`
	At time.Time      `json:"at"`
}

// Released says the interaction has no owner any more and waits in its queue again.
type Released struct {
	From   domain.AgentID `json:"from"`
	By     domain.UserID  `json:"by,omitempty"` // empty when a timer did it
	Reason ReleaseReason  `json:"reason"`
	At     time.Time      `json:"at"`
}

// TransferStarted says the owner asked to hand the interaction over; he keeps it until somebody accepts.
type TransferStarted struct {
	TransferID domain.TransferID `json:"transferId"`
	By         domain.AgentID    `json:"by"`
	ToAgent    domain.AgentID    `json:"toAgent,omitempty"`
	ToQueue    domain.QueueID    `json:"toQueue,omitempty"`
	At         time.Time         `json:"at"`
}

// OwnerChanged says a transfer was accepted: the interaction is with somebody else now.
type OwnerChanged struct {
	TransferID domain.TransferID `json:"transferId"`
	From       domain.AgentID    `json:"from"`
	To         domain.AgentID    `json:"to"`
	QueueID    domain.QueueID    `json:"queueId,omitempty"` // the queue it was transferred to, if it was
	At         time.Time         `json:"at"`
}

// TransferEnded says a transfer ended without a new owner.
type TransferEnded struct {
	TransferID domain.TransferID `json:"transferId"`
	Outcome    string            `json:"outcome"` // EXPIRED, CANCELLED, REFUSED, VOIDED
	At         time.Time         `json:"at"`
}

// NoteAdded says somebody wrote an internal note. No code path leads from it to a channel.
type NoteAdded struct {
	NoteID    domain.NoteID    `json:"noteId"`
	By        domain.UserID    `json:"by"`
	AddressID domain.AddressID `json:"addressId"`
	Text      string           `json:"text" seal:"true"`
	At        time.Time        `json:"at"`
}

// WhisperAdded says a supervisor wrote a note for the owner alone.
type WhisperAdded struct {
	NoteID    domain.NoteID    `json:"noteId"`
	By        domain.UserID    `json:"by"`
	AddressID domain.AddressID `json:"addressId"`
	Text      string           `json:"text" seal:"true"`
	At        time.Time        `json:"at"`
}

// NoteRevoked says who wrote a note or a whisper deleted it.
type NoteRevoked struct {
	NoteID domain.NoteID `json:"noteId"`
	By     domain.UserID `json:"by"`
	At     time.Time     `json:"at"`
}

// Spied says a supervisor read along without owning the interaction.
type Spied struct {
	By domain.UserID `json:"by"`
	At time.Time     `json:"at"`
}

// TagAdded says somebody put a tag on the interaction.
type TagAdded struct {
	Tag string        `json:"tag"`
	By  domain.UserID `json:"by"`
	At  time.Time     `json:"at"`
}

// TagRemoved says somebody took a tag off the interaction.
type TagRemoved struct {
	Tag string        `json:"tag"`
	By  domain.UserID `json:"by"`
	At  time.Time     `json:"at"`
}

// SeenByOwner says the owner has looked at everything up to a message.
type SeenByOwner struct {
	By      domain.AgentID   `json:"by"`
	Through domain.MessageID `json:"through"`
	At      time.Time        `json:"at"`
}

// ReturnedUnread says the interaction is unread again for its owner.
type ReturnedUnread struct {
	Owner  domain.AgentID `json:"owner"`
	Reason string         `json:"reason"` // TRANSFER_ENDED or MARKED
	At     time.Time      `json:"at"`
}

// ContactLinked says which contact the customer is.
type ContactLinked struct {
	ContactID domain.ContactID `json:"contactId"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// Closed says the session is over. Facts about it may still come in.
type Closed struct {
	By          domain.UserID    `json:"by"`
	SeenThrough domain.MessageID `json:"seenThrough,omitempty"` // the last customer message the closer had seen
	At          time.Time        `json:"at"`
}

// Disposed says what came of the session.
type Disposed struct {
	DispositionID domain.DispositionID `json:"dispositionId"`
	Path          []string             `json:"path"` // labels of levels 1 to 3 as they were named then
	By            domain.UserID        `json:"by"`
	At            time.Time            `json:"at"`
}

func (Opened) EventType() string                { return "InteractionOpened" }
func (MessageReceived) EventType() string       { return "InteractionMessageReceived" }
func (MessageEdited) EventType() string         { return "InteractionMessageEdited" }
func (MessageRevoked) EventType() string        { return "InteractionMessageRevoked" }
func (ReactionReceived) EventType() string      { return "InteractionReactionReceived" }
func (ReactionSent) EventType() string          { return "InteractionReactionSent" }
func (MessageQueued) EventType() string         { return "InteractionMessageQueued" }
func (MessageSendStarted) EventType() string    { return "InteractionMessageSendStarted" }
func (MessageNotTaken) EventType() string       { return "InteractionMessageNotTaken" }
func (MessageAccepted) EventType() string       { return "InteractionMessageAccepted" }
func (MessageSent) EventType() string           { return "InteractionMessageSent" }
func (MessageDelivered) EventType() string      { return "InteractionMessageDelivered" }
func (MessageRead) EventType() string           { return "InteractionMessageRead" }
func (MessageFailed) EventType() string         { return "InteractionMessageFailed" }
func (MessageOutcomeUnknown) EventType() string { return "InteractionMessageOutcomeUnknown" }
func (MediaStored) EventType() string           { return "InteractionMediaStored" }
func (MediaFailed) EventType() string           { return "InteractionMediaFailed" }
func (Offered) EventType() string               { return "InteractionOffered" }
func (OfferRejected) EventType() string         { return "InteractionOfferRejected" }
func (OfferExpired) EventType() string          { return "InteractionOfferExpired" }
func (Accepted) EventType() string              { return "InteractionAccepted" }
func (Assigned) EventType() string              { return "InteractionAssigned" }
func (Released) EventType() string              { return "InteractionReleased" }
func (TransferStarted) EventType() string       { return "InteractionTransferStarted" }
func (OwnerChanged) EventType() string          { return "InteractionOwnerChanged" }
func (TransferEnded) EventType() string         { return "InteractionTransferEnded" }
func (NoteAdded) EventType() string             { return "InteractionNoteAdded" }
func (WhisperAdded) EventType() string          { return "InteractionWhisperAdded" }
func (NoteRevoked) EventType() string           { return "InteractionNoteRevoked" }
func (Spied) EventType() string                 { return "InteractionSpied" }
func (TagAdded) EventType() string              { return "InteractionTagAdded" }
func (TagRemoved) EventType() string            { return "InteractionTagRemoved" }
func (SeenByOwner) EventType() string           { return "InteractionSeenByOwner" }
func (ReturnedUnread) EventType() string        { return "InteractionReturnedUnread" }
func (ContactLinked) EventType() string         { return "InteractionContactLinked" }
func (Closed) EventType() string                { return "InteractionClosed" }
func (Disposed) EventType() string              { return "InteractionDisposed" }

func (Opened) isInteractionEvent()                {}
func (MessageReceived) isInteractionEvent()       {}
func (MessageEdited) isInteractionEvent()         {}
func (MessageRevoked) isInteractionEvent()        {}
func (ReactionReceived) isInteractionEvent()      {}
func (ReactionSent) isInteractionEvent()          {}
func (MessageQueued) isInteractionEvent()         {}
func (MessageSendStarted) isInteractionEvent()    {}
func (MessageNotTaken) isInteractionEvent()       {}
func (MessageAccepted) isInteractionEvent()       {}
func (MessageSent) isInteractionEvent()           {}
func (MessageDelivered) isInteractionEvent()      {}
func (MessageRead) isInteractionEvent()           {}
func (MessageFailed) isInteractionEvent()         {}
func (MessageOutcomeUnknown) isInteractionEvent() {}
func (MediaStored) isInteractionEvent()           {}
func (MediaFailed) isInteractionEvent()           {}
func (Offered) isInteractionEvent()               {}
func (OfferRejected) isInteractionEvent()         {}
func (OfferExpired) isInteractionEvent()          {}
func (Accepted) isInteractionEvent()              {}
func (Assigned) isInteractionEvent()              {}
func (Released) isInteractionEvent()              {}
func (TransferStarted) isInteractionEvent()       {}
func (OwnerChanged) isInteractionEvent()          {}
func (TransferEnded) isInteractionEvent()         {}
func (NoteAdded) isInteractionEvent()             {}
func (WhisperAdded) isInteractionEvent()          {}
func (NoteRevoked) isInteractionEvent()           {}
func (Spied) isInteractionEvent()                 {}
func (TagAdded) isInteractionEvent()              {}
func (TagRemoved) isInteractionEvent()            {}
func (SeenByOwner) isInteractionEvent()           {}
func (ReturnedUnread) isInteractionEvent()        {}
func (ContactLinked) isInteractionEvent()         {}
func (Closed) isInteractionEvent()                {}
func (Disposed) isInteractionEvent()              {}

// What a customer says, and what is said to him or about him, is sealed under his address.

func (e Opened) SealedFor() string           { return string(e.AddressID) }
func (e MessageReceived) SealedFor() string  { return string(e.AddressID) }
func (e MessageEdited) SealedFor() string    { return string(e.AddressID) }
func (e ReactionReceived) SealedFor() string { return string(e.AddressID) }
func (e ReactionSent) SealedFor() string     { return string(e.AddressID) }
func (e MessageQueued) SealedFor() string    { return string(e.AddressID) }
func (e MessageAccepted) SealedFor() string  { return string(e.AddressID) }
func (e MessageFailed) SealedFor() string    { return string(e.AddressID) }
func (e MediaStored) SealedFor() string      { return string(e.AddressID) }
func (e NoteAdded) SealedFor() string        { return string(e.AddressID) }
func (e WhisperAdded) SealedFor() string     { return string(e.AddressID) }
