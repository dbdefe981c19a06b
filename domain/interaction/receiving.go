package interaction

import "parley/domain"

// ErrNoMessage says the message a command is about is not in this session.
var ErrNoMessage = &domain.Refusal{Kind: domain.NotFound, Code: "MESSAGE_UNKNOWN", Message: "There is no such message here."}

func receive(s State, c Receive) ([]Event, error) {
	switch {
	case s.Knows(c.MessageID):
		return nil, nil // a repeated delivery, also after closing and from the session before
	case s.Status == SessionClosed && c.Kind != KindSystem: // a system message opens none, so it stays with the last one
		return nil, ErrClosed
	}
	e := c.MessageReceived
	if e.AddressID == "" {
		e.AddressID = s.AddressID
	}
	if e.Content.Code == CodeNoFile {
		return []Event{e, MediaFailed{MessageID: e.MessageID, Code: CodeNoFile, At: e.At}}, nil
	}
	return []Event{e}, nil
}

func receiveEdit(s State, c ReceiveEdit) ([]Event, error) {
	m, ok := s.message(c.MessageID)
	switch {
	case !ok:
		return nil, ErrNoMessage
	case s.hasFact(string(c.EditID)), m.revoked: // what was deleted stays deleted, in whatever order they come
		return nil, nil
	case c.SentAt.Before(m.editedAt): // one that came late was edited again since
		return nil, nil
	}
	e := c.MessageEdited
	if e.AddressID == "" {
		e.AddressID = s.AddressID
	}
	return []Event{e}, nil
}

func receiveRevoke(s State, c ReceiveRevoke) ([]Event, error) {
	m, ok := s.message(c.MessageID)
	switch {
	case !ok:
		return nil, ErrNoMessage
	case m.revoked:
		return nil, nil
	}
	return []Event{c.MessageRevoked}, nil
}

func receiveReaction(s State, c ReceiveReaction) ([]Event, error) {
	m, ok := s.message(c.MessageID)
	switch {
	case !ok:
		return nil, ErrNoMessage
	case s.hasFact(string(c.ReactionID)), c.SentAt.Before(m.reactedAt):
		return nil, nil
	}
	e := c.ReactionReceived
	if e.AddressID == "" {
		e.AddressID = s.AddressID
	}
	return []Event{e}, nil
}

func storeMedia(s State, c StoreMedia) ([]Event, error) {
	m, ok := s.message(c.MessageID)
	switch {
	case !ok:
		return nil, ErrNoMessage
	case m.media == mediaStored:
		return nil, nil
	}
	e := c.MediaStored
	if e.AddressID == "" {
		e.AddressID = s.AddressID
	}
	return []Event{e}, nil
}

func failMedia(s State, c FailMedia) ([]Event, error) {
	m, ok := s.message(c.MessageID)
	switch {
	case !ok:
		return nil, ErrNoMessage
	case m.media != mediaPending:
		return nil, nil
	}
	return []Event{c.MediaFailed}, nil
}
