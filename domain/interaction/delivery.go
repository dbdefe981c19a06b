package interaction

import (
	"slices"
	"time"

	"parley/domain"
)

// CodeWindowClosed is the code of a failure with which the provider says that the window is closed.
const CodeWindowClosed = "WINDOW_CLOSED"

// unknownHolds is how long a message of unknown outcome holds up those behind it.
const unknownHolds = 10 * time.Second

// The refusals of sending and delivery.
var (
	ErrClaimed     = &domain.Refusal{Kind: domain.Conflict, Code: "SEND_CLAIMED", Message: "Somebody is sending this message already."}
	ErrNotQueued   = &domain.Refusal{Kind: domain.Conflict, Code: "NOT_QUEUED", Message: "This message is not waiting to be sent."}
	ErrNotYourTurn = &domain.Refusal{Kind: domain.Conflict, Code: "NOT_YOUR_TURN", Message: "An earlier message has to go first."}
	ErrNotClaimed  = &domain.Refusal{Kind: domain.Conflict, Code: "NOT_CLAIMED", Message: "This attempt to send was never started."}
	ErrNoStatus    = &domain.Refusal{Kind: domain.Invalid, Code: "STATUS_UNKNOWN", Message: "There is no such delivery status."}
)

func (s State) outbound(id domain.MessageID) (message, error) {
	m, ok := s.message(id)
	if !ok || m.inbound {
		return m, ErrNoMessage
	}
	return m, nil
}

func startSending(s State, c StartSending) ([]Event, error) {
	m, err := s.outbound(c.MessageID)
	switch {
	case err != nil:
		return nil, err
	case m.status != StatusQueued:
		return nil, ErrNotQueued.With("status", string(m.status))
	case m.running:
		return nil, ErrClaimed
	case c.At.Before(m.retryAt):
		return nil, domain.ErrNotDue.With("dueIn", m.retryAt.Sub(c.At))
	}
	for _, id := range s.outbox {
		if id == c.MessageID {
			break
		}
		first, _ := s.message(id)
		if first.status == StatusQueued {
			return nil, ErrNotYourTurn.With("behind", string(id))
		}
		if wait := first.unknownAt.Add(unknownHolds).Sub(c.At); wait > 0 {
			return nil, ErrNotYourTurn.With("behind", string(id)).With("dueIn", wait)
		}
	}
	return []Event{MessageSendStarted{MessageID: c.MessageID, Attempt: m.attempt + 1, At: c.At}}, nil
}

func recordNotTaken(s State, c RecordNotTaken) ([]Event, error) {
	m, err := s.outbound(c.MessageID)
	switch {
	case err != nil:
		return nil, err
	case c.Attempt < 1 || c.Attempt > m.attempt:
		return nil, ErrNotClaimed
	case !m.running || c.Attempt < m.attempt:
		return nil, nil // known already, or overtaken by a status
	}
	return []Event{MessageNotTaken{MessageID: c.MessageID, Attempt: c.Attempt, Code: c.Code, RetryAt: c.RetryAt, At: c.At}}, nil
}

func recordAccepted(s State, c RecordAccepted) ([]Event, error) {
	m, err := s.outbound(c.MessageID)
	switch {
	case err != nil:
		return nil, err
	case m.accepted || m.status == StatusFailed:
		return nil, nil
	case m.attempt == 0:
		return nil, ErrNotClaimed
	}
	return []Event{MessageAccepted{
		MessageID: c.MessageID, AddressID: s.AddressID, ProviderTag: c.ProviderTag, ProviderMessageID: c.ProviderMessageID, At: c.At,
	}}, nil
}

func recordFailed(s State, c RecordFailed) ([]Event, error) {
	m, err := s.outbound(c.MessageID)
	switch {
	case err != nil:
		return nil, err
	case c.Attempt > m.attempt:
		return nil, ErrNotClaimed
	case m.status != StatusQueued && m.status != StatusUnknown:
		return nil, nil // what the provider took fails by a status only
	case c.Attempt != 0 && c.Attempt < m.attempt:
		return nil, nil
	}
	return []Event{MessageFailed{
		MessageID: c.MessageID, AddressID: s.AddressID, Code: c.Code, Reason: c.Reason, Detail: c.Detail, At: c.At,
	}}, nil
}

func recordUnknown(s State, c RecordUnknown) ([]Event, error) {
	m, err := s.outbound(c.MessageID)
	switch {
	case err != nil:
		return nil, err
	case m.attempt == 0 || c.Attempt > m.attempt:
		return nil, ErrNotClaimed
	case !m.running || c.Attempt != 0 && c.Attempt < m.attempt:
		return nil, nil // the outcome is known meanwhile
	}
	return []Event{MessageOutcomeUnknown{MessageID: c.MessageID, Code: c.Code, At: c.At}}, nil
}

func recordStatus(s State, c RecordStatus) ([]Event, error) {
	m, err := s.outbound(c.MessageID)
	if err != nil {
		return nil, err
	}
	var news Event
	switch c.Status {
	case StatusSent:
		news = MessageSent{MessageID: c.MessageID, StatusAt: c.StatusAt, At: c.At}
	case StatusDelivered:
		news = MessageDelivered{MessageID: c.MessageID, StatusAt: c.StatusAt, At: c.At}
	case StatusRead:
		news = MessageRead{MessageID: c.MessageID, StatusAt: c.StatusAt, At: c.At}
	case StatusFailed:
		at := c.StatusAt
		news = MessageFailed{
			MessageID: c.MessageID, AddressID: s.AddressID, Code: c.Code, Reason: c.Reason, Detail: c.Detail, StatusAt: &at, At: c.At,
		}
	default:
		return nil, ErrNoStatus.With("status", string(c.Status))
	}
	if !rises(m.status, c.Status) {
		return nil, nil
	}
	if m.accepted {
		return []Event{news}, nil
	}
	// The report overtook the answer to our own call: the provider has the message, so that comes first.
	return []Event{MessageAccepted{
		MessageID: c.MessageID, AddressID: s.AddressID, ProviderTag: c.ProviderTag, ProviderMessageID: c.ProviderMessageID, At: c.At,
	}, news}, nil
}

// rises says whether a message that got so far gets further by this news. Failed loses to delivered and read; anything
// settles an unknown outcome.
func rises(from, to Status) bool { return rank(to) > rank(from) }

func rank(s Status) int {
	return slices.Index([]Status{StatusQueued, StatusUnknown, StatusAccepted, StatusSent, StatusFailed, StatusDelivered, StatusRead}, s)
}

func evolveDelivery(s State, e Event) State {
	switch e := e.(type) {
	case MessageQueued:
		return s.queued(e)
	case MessageSendStarted:
		s = s.update(e.MessageID, func(m *message) { m.attempt, m.running = e.Attempt, true })
		return s.forgetBefore(e.MessageID)
	case MessageNotTaken:
		return s.update(e.MessageID, func(m *message) { m.running, m.retryAt = false, e.RetryAt })
	case MessageAccepted:
		s = s.update(e.MessageID, func(m *message) { m.accepted = true })
		if e.ProviderTag != "" {
			s.providerTags = s.providerTags.with(e.ProviderTag, e.MessageID)
		}
		return s.reached(e.MessageID, StatusAccepted)
	case MessageSent:
		return s.reached(e.MessageID, StatusSent)
	case MessageDelivered:
		return s.reached(e.MessageID, StatusDelivered)
	case MessageRead:
		return s.reached(e.MessageID, StatusRead)
	case MessageFailed:
		if e.Code == CodeWindowClosed {
			s.WindowShut = true
		}
		return s.reached(e.MessageID, StatusFailed)
	case MessageOutcomeUnknown:
		return s.update(e.MessageID, func(m *message) {
			m.running, m.status, m.unknownAt = false, StatusUnknown, e.At
		})
	}
	return s
}

func (s State) queued(e MessageQueued) State {
	s.seq++
	s.messages = s.messages.with(string(e.MessageID), &message{seq: s.seq, status: StatusQueued, at: e.At})
	s.outbox = append(s.outbox[:len(s.outbox):len(s.outbox)], e.MessageID)
	if e.Author == AuthorAgent && e.Kind != KindReaction {
		s.silentSince = time.Time{}
	}
	if isRecontact(e.Author, e.Kind) {
		s.recontact = e.MessageID
	}
	if e.RetryOf != "" {
		s = s.update(e.RetryOf, func(m *message) { m.retriedBy = e.MessageID })
	}
	if e.By != "" && e.Kind != KindReaction {
		if s.answers[0].by != e.By {
			s.answers[1] = s.answers[0]
		}
		s.answers[0] = answer{seq: s.seq, id: e.MessageID, by: e.By}
	}
	return s
}

func (s State) reached(id domain.MessageID, status Status) State {
	s = s.update(id, func(m *message) {
		m.running, m.retryAt = false, time.Time{}
		if rises(m.status, status) {
			m.status = status
		}
	})
	s.outbox = without(s.outbox, []domain.MessageID{id})
	return s
}

// forgetBefore drops the unknown ones that held up this message long enough.
func (s State) forgetBefore(id domain.MessageID) State {
	if at := slices.Index(s.outbox, id); at > 0 {
		s.outbox = slices.Clone(s.outbox[at:])
	}
	return s
}
