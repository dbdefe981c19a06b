package interaction

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/domain"
)

// The limits of a message to the customer.
const (
	MaxText         = 4096     // characters
	MaxCaption      = 1024     // characters under a file
	DefaultMaxBytes = 15 << 20 // of a file, when the account says nothing (A4)
)

// The refusals of composing.
var (
	ErrWindowClosed  = &domain.Refusal{Kind: domain.Conflict, Code: "WINDOW_CLOSED", Message: "The customer has not written for too long, so only a template may be sent."}
	ErrEmpty         = &domain.Refusal{Kind: domain.Invalid, Code: "MESSAGE_EMPTY", Message: "There is nothing to send."}
	ErrTextTooLong   = &domain.Refusal{Kind: domain.Invalid, Code: "TEXT_TOO_LONG", Message: "This text is too long for one message."}
	ErrFileTooLarge  = &domain.Refusal{Kind: domain.Invalid, Code: "FILE_TOO_LARGE", Message: "This file is larger than the account allows."}
	ErrNoAttachments = &domain.Refusal{Kind: domain.Forbidden, Code: "ATTACHMENTS_OFF", Message: "Files are not allowed on this account."}
	ErrKind          = &domain.Refusal{Kind: domain.Invalid, Code: "MESSAGE_KIND", Message: "A message of this kind cannot be sent."}
	ErrAnsweredSince = &domain.Refusal{Kind: domain.Conflict, Code: "ANSWERED_SINCE", Message: "Somebody else has answered since you looked."}
	ErrRecontacted   = &domain.Refusal{Kind: domain.Conflict, Code: "ALREADY_RECONTACTED", Message: "A template was sent already; wait for the customer to answer."}
	ErrNotRetryable  = &domain.Refusal{Kind: domain.Conflict, Code: "NOT_RETRYABLE", Message: "Only a message that failed or whose outcome is unknown can be sent again."}
	ErrEmoji         = &domain.Refusal{Kind: domain.Invalid, Code: "EMOJI_INVALID", Message: "React with one emoji."}
	ErrRetried       = &domain.Refusal{Kind: domain.Conflict, Code: "ALREADY_RETRIED", Message: "This message is being sent again already."}
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
	if err := checkRetry(s, c.RetryOf); err != nil {
		return nil, err
	}
	if by, ok := s.answeredSince(c); ok {
		return nil, ErrAnsweredSince.With("by", string(by.by)).With("messageId", string(by.id))
	}
	if isRecontact(c.Author, c.Kind) && s.recontacted(c.RetryOf) {
		return nil, ErrRecontacted
	}
	if c.Kind != KindTemplate && !s.WindowOpen(c.Window, c.At) {
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
		c.Kind == KindContacts && len(c.Content.Contacts) == 0:
		return ErrEmpty
	case c.Kind == KindTemplate, c.Kind == KindLocation, c.Kind == KindContacts:
		return nil
	}
	return ErrKind.With("kind", string(c.Kind))
}

func checkFile(c Send) error {
	limit := c.MaxBytes
	if limit == 0 {
		limit = DefaultMaxBytes
	}
	switch {
	case !c.Attachments:
		return ErrNoAttachments
	case c.Content.Media == nil || c.Content.Media.BlobID == "" || c.Content.Media.Size == 0:
		return ErrEmpty
	case c.Content.Media.Size > limit:
		return ErrFileTooLarge.With("max", limit)
	}
	return checkLength(c.Content.Text, MaxCaption)
}

func checkLength(text string, limit int) error {
	if n := utf8.RuneCountInString(text); n > limit {
		return ErrTextTooLong.With("max", limit).With("length", n)
	}
	return nil
}

func checkRetry(s State, id domain.MessageID) error {
	if id == "" {
		return nil
	}
	m, ok := s.message(id)
	switch {
	case !ok || m.inbound:
		return ErrNoMessage
	case !m.over():
		return ErrNotRetryable
	}
	if m.retriedBy != "" && !s.lost(m.retriedBy) {
		return ErrRetried.With("messageId", string(m.retriedBy)) // a second tab must not make a second copy
	}
	return nil
}

// over says that sending has ended without the customer surely having it.
func (m message) over() bool { return m.status == StatusFailed || m.status == StatusUnknown }

func (s State) answeredSince(c Send) (answer, bool) {
	if c.AnswersTo == "" || c.Author != AuthorAgent {
		return answer{}, false
	}
	last := s.answers[0]
	if last.by == c.By {
		last = s.answers[1]
	}
	looked, _ := s.message(c.AnswersTo) // of an earlier session: before all there is here
	return last, last.seq > looked.seq
}

func isRecontact(author Author, kind MessageKind) bool {
	return author == AuthorSystem && kind == KindTemplate
}

// recontacted says whether a template of the system is out there and unanswered, so that nobody pays for a second (A29).
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
	m, ok := s.message(c.MessageID)
	switch {
	case s.Status == SessionClosed:
		return nil, ErrClosed
	case c.By == "" || c.By != s.Owner:
		return nil, ErrNotOwner
	case !ok || !m.inbound:
		return nil, ErrNoMessage
	case !isEmoji(c.Emoji):
		return nil, ErrEmoji
	case m.emoji == c.Emoji && !s.lost(m.emojiSend):
		return nil, nil
	case !s.WindowOpen(c.Window, c.At):
		return nil, ErrWindowClosed
	}
	return []Event{
		ReactionSent{MessageID: c.MessageID, SendID: c.SendID, By: c.By, AddressID: s.AddressID, Emoji: c.Emoji, At: c.At},
		MessageQueued{
			MessageID: c.SendID, Author: AuthorAgent, By: c.By, AddressID: s.AddressID, Kind: KindReaction,
			QuotedID: c.MessageID, Content: Content{Emoji: c.Emoji}, At: c.At,
		},
	}, nil
}

// isEmoji takes what may be an emoji, or none: the longest are families and flags of several parts. No words.
func isEmoji(s string) bool {
	return utf8.RuneCountInString(s) <= 16 && !strings.ContainsFunc(s, func(c rune) bool {
		return unicode.IsLetter(c) || unicode.IsSpace(c) || unicode.IsControl(c)
	})
}

// lost says that a message of ours surely or perhaps did not reach the customer.
func (s State) lost(id domain.MessageID) bool {
	m, ok := s.message(id)
	return ok && m.over()
}
