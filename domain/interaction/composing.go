package interaction

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/domain"
)

// MessageQueued says that a message will be sent.
type MessageQueued struct {
	MessageID domain.MessageID `json:"messageId"` // the command's id, which the browser chose
	Author    Author           `json:"author"`    // AGENT or SYSTEM
	By        domain.AgentID   `json:"by,omitempty"`
	AddressID domain.AddressID `json:"addressId"`
	Kind      MessageKind      `json:"kind"`
	QuotedID  domain.MessageID `json:"quotedId,omitempty"`
	RetryOf   domain.MessageID `json:"retryOf,omitempty"`
	Content   Content          `json:"content" seal:"true"`
	At        time.Time        `json:"at"`
}

func (MessageQueued) EventType() string   { return "InteractionMessageQueued" }
func (MessageQueued) isInteractionEvent() {}
func (e MessageQueued) SealedFor() string { return string(e.AddressID) }

// ReactionSent says that the agent reacted to a message; an empty emoji removes the
// reaction. It is sent as message SendID.
type ReactionSent struct {
	MessageID domain.MessageID `json:"messageId"`
	SendID    domain.MessageID `json:"sendId"`
	By        domain.AgentID   `json:"by"`
	AddressID domain.AddressID `json:"addressId"`
	Emoji     string           `json:"emoji" seal:"true"`
	At        time.Time        `json:"at"`
}

func (ReactionSent) EventType() string   { return "InteractionReactionSent" }
func (ReactionSent) isInteractionEvent() {}
func (e ReactionSent) SealedFor() string { return string(e.AddressID) }

// Send queues a message to the customer.
type Send struct {
	MessageID   domain.MessageID
	By          domain.AgentID
	Author      Author
	Kind        MessageKind
	Content     Content
	QuotedID    domain.MessageID
	QuotedPrior bool             // the quoted message is in an earlier session of the conversation
	RetryOf     domain.MessageID // the failed or unknown message that the agent resends
	RetryHome   State            // of that message, if it is in a session joined into this one
	AnswersTo   domain.MessageID // last message the sender had seen; empty: do not check
	Window      time.Duration    // how long free text is allowed after the customer's last message; 0: no limit
	Attachments bool             // the account allows files
	MaxBytes    int64            // of a file
	At          time.Time
}

// React reacts to a customer's message with an emoji.
type React struct {
	MessageID domain.MessageID
	SendID    domain.MessageID
	By        domain.AgentID
	Emoji     string
	Home      State // of the message, if it is in a session joined into this one
	Window    time.Duration
	At        time.Time
}

func (Send) isInteractionCommand()  {}
func (React) isInteractionCommand() {}

// The limits of a message to the customer.
const (
	MaxText    = 4096 // characters
	MaxCaption = 1024 // characters under a file
)

// The refusals of composing.
var (
	ErrWindowClosed = &domain.Refusal{
		Kind: domain.Conflict, Code: "WINDOW_CLOSED",
		Message: "The reply window is closed; only a template can be sent.",
	}
	ErrEmpty = &domain.Refusal{
		Kind: domain.Invalid, Code: "MESSAGE_EMPTY",
		Message: "Enter a message.",
	}
	ErrTextTooLong = &domain.Refusal{
		Kind: domain.Invalid, Code: "TEXT_TOO_LONG",
		Message: "This text is too long for one message.",
	}
	ErrFileTooLarge = &domain.Refusal{
		Kind: domain.Invalid, Code: "FILE_TOO_LARGE",
		Message: "This file is larger than the account allows.",
	}
	ErrNoAttachments = &domain.Refusal{
		Kind: domain.Forbidden, Code: "ATTACHMENTS_OFF",
		Message: "Files are not allowed on this account.",
	}
	ErrKind = &domain.Refusal{
		Kind: domain.Invalid, Code: "MESSAGE_KIND",
		Message: "A message of this kind cannot be sent.",
	}
	ErrAnsweredSince = &domain.Refusal{
		Kind: domain.Conflict, Code: "ANSWERED_SINCE",
		Message: "Someone else has answered in the meantime.",
	}
	ErrRecontacted = &domain.Refusal{
		Kind: domain.Conflict, Code: "ALREADY_RECONTACTED",
		Message: "A template was already sent. Wait for the customer to answer.",
	}
	ErrNotRetryable = &domain.Refusal{
		Kind: domain.Conflict, Code: "NOT_RETRYABLE",
		Message: "Only messages that failed, or whose delivery is unknown, can be resent.",
	}
	ErrEmoji = &domain.Refusal{
		Kind: domain.Invalid, Code: "EMOJI_INVALID",
		Message: "A reaction is a single emoji.",
	}
	ErrRetried = &domain.Refusal{
		Kind: domain.Conflict, Code: "ALREADY_RETRIED",
		Message: "This message is already being resent.",
	}
)

func send(s State, c Send) ([]Event, error) {
	if _, ok := s.message(c.MessageID); ok {
		return nil, nil
	}
	if s.Status == SessionClosed {
		return nil, ErrClosed
	}
	if c.Author != AuthorAgent && c.Author != AuthorSystem {
		return nil, ErrKind.With("author", string(c.Author))
	}
	if c.Author == AuthorAgent && (c.By == "" || c.By != s.Owner) {
		return nil, ErrNotOwner
	}
	if err := checkContent(c); err != nil {
		return nil, err
	}
	if c.QuotedID != "" && !c.QuotedPrior && !s.Has(c.QuotedID) {
		return nil, ErrNoMessage
	}
	if err := checkRetry(s, c.RetryHome, c.RetryOf); err != nil {
		return nil, err
	}
	if reply, ok := s.answeredSince(c); ok {
		return nil, ErrAnsweredSince.With("by", string(reply.by)).With("messageId", string(reply.id))
	}
	if isRecontact(c.Author, c.Kind) && s.recontacted(c.RetryOf) {
		return nil, ErrRecontacted
	}
	if c.Kind != KindTemplate && !s.windowOpen(c.Window, c.At) {
		return nil, ErrWindowClosed
	}
	return []Event{MessageQueued{
		MessageID: c.MessageID, Author: c.Author, By: c.By, AddressID: s.AddressID, Kind: c.Kind,
		QuotedID: c.QuotedID, RetryOf: c.RetryOf, Content: c.Content, At: c.At,
	}}, nil
}

func checkContent(c Send) error {
	text := strings.TrimSpace(c.Content.Text)
	switch {
	case c.Kind == KindText && c.Content.Media != nil, c.Kind == KindTemplate && c.Content.Media != nil:
		return ErrKind.With("kind", string(c.Kind))
	case c.Kind == KindText:
		if text == "" {
			return ErrEmpty
		}
		return checkLength(c.Content.Text, MaxText)
	case c.Kind.HasMedia():
		return checkFile(c)
	case c.Kind == KindTemplate && c.Content.Template == nil, c.Kind == KindLocation && c.Content.Location == nil,
		c.Kind == KindContacts && len(c.Content.Cards) == 0:
		return ErrEmpty
	case c.Kind == KindTemplate, c.Kind == KindLocation, c.Kind == KindContacts:
		return nil
	}
	return ErrKind.With("kind", string(c.Kind))
}

func checkFile(c Send) error {
	switch {
	case !c.Attachments:
		return ErrNoAttachments
	case c.Content.Media == nil || c.Content.Media.BlobID == "" || c.Content.Media.Size == 0:
		return ErrEmpty
	case c.Content.Media.Size > c.MaxBytes:
		return ErrFileTooLarge.With("max", c.MaxBytes)
	}
	return checkLength(c.Content.Text, MaxCaption)
}

func checkLength(text string, limit int) error {
	if n := utf8.RuneCountInString(text); n > limit {
		return ErrTextTooLong.With("max", limit).With("length", n)
	}
	return nil
}

func checkRetry(s, home State, id domain.MessageID) error {
	if id == "" {
		return nil
	}
	m, ok := s.messageOr(home, id)
	switch {
	case !ok || m.inbound:
		return ErrNoMessage
	case !m.failedOrUnknown():
		return ErrNotRetryable
	}
	if m.retriedBy != "" && !s.sendFailedOrUnknown(m.retriedBy) && !home.sendFailedOrUnknown(m.retriedBy) {
		return ErrRetried.With("messageId", string(m.retriedBy)) // a second tab makes no second copy
	}
	return nil
}

// failedOrUnknown reports whether sending ended without confirmation.
func (m message) failedOrUnknown() bool { return m.status == StatusFailed || m.status == StatusUnknown }

// sendFailedOrUnknown reports whether sending of our message ended without confirmation.
func (s State) sendFailedOrUnknown(id domain.MessageID) bool {
	m, ok := s.message(id)
	return ok && m.failedOrUnknown()
}

// answeredSince returns the last reply of another agent if the sender had not seen it.
func (s State) answeredSince(c Send) (answer, bool) {
	if c.AnswersTo == "" || c.Author != AuthorAgent {
		return answer{}, false
	}
	last := s.answers[0]
	if last.by == c.By {
		last = s.answers[1]
	}
	return last, last.seq > s.place(c.AnswersTo)
}

func isRecontact(author Author, kind MessageKind) bool {
	return author == AuthorSystem && kind == KindTemplate
}

// recontacted reports whether a recontact template is still unanswered. A second one would only cost money.
func (s State) recontacted(retryOf domain.MessageID) bool {
	if s.recontact == "" || s.recontact == retryOf {
		return false
	}
	m, _ := s.message(s.recontact)
	return m.status != StatusFailed
}

func react(s State, c React) ([]Event, error) {
	if _, ok := s.message(c.SendID); ok {
		return nil, nil
	}
	m, ok := s.messageOr(c.Home, c.MessageID)
	switch {
	case s.Status == SessionClosed:
		return nil, ErrClosed
	case c.By == "" || c.By != s.Owner:
		return nil, ErrNotOwner
	case !ok || !m.inbound:
		return nil, ErrNoMessage
	case !isEmoji(c.Emoji):
		return nil, ErrEmoji
	case m.emoji == c.Emoji && !s.sendFailedOrUnknown(m.emojiSend) && !c.Home.sendFailedOrUnknown(m.emojiSend):
		return nil, nil
	case !s.windowOpen(c.Window, c.At):
		return nil, ErrWindowClosed
	}
	return []Event{
		ReactionSent{MessageID: c.MessageID, SendID: c.SendID, By: c.By, AddressID: s.AddressID,
			Emoji: c.Emoji, At: c.At},
		MessageQueued{
			MessageID: c.SendID, Author: AuthorAgent, By: c.By, AddressID: s.AddressID, Kind: KindReaction,
			QuotedID: c.MessageID, Content: Content{Emoji: c.Emoji}, At: c.At,
		},
	}, nil
}

// isEmoji reports whether a text is empty or may be a single emoji. Families and flags have up to 16 code points.
func isEmoji(s string) bool {
	return utf8.RuneCountInString(s) <= 16 && !strings.ContainsFunc(s, func(c rune) bool {
		return unicode.IsLetter(c) || unicode.IsSpace(c) || unicode.IsControl(c)
	})
}

func (s State) queued(e MessageQueued) State {
	s.seq++
	s.messages = s.messages.With(string(e.MessageID), &message{seq: s.seq, status: StatusQueued, at: e.At})
	s.outbox = append(s.outbox[:len(s.outbox):len(s.outbox)], e.MessageID)
	if e.Kind != KindReaction {
		s.last, s.lastAt, s.lastIn = e.MessageID, e.At, ""
	}
	if e.Author == AuthorAgent && e.Kind != KindReaction {
		s.silentSince = time.Time{}
	}
	if isRecontact(e.Author, e.Kind) {
		s.recontact = e.MessageID
	}
	if e.RetryOf != "" {
		s = s.updateOr(e.RetryOf, func(m *message) { m.retriedBy = e.MessageID })
	}
	if e.By != "" && e.Kind != KindReaction {
		if s.answers[0].by != e.By {
			s.answers[1] = s.answers[0]
		}
		s.answers[0] = answer{seq: s.seq, id: e.MessageID, by: e.By}
	}
	return s
}
