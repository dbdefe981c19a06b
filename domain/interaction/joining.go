package interaction

import (
	"cmp"
	"slices"
	"time"

	"parley/domain"
)

// JoinedInto says that this session continues in another one, because both are with one customer.
type JoinedInto struct {
	Survivor domain.InteractionID `json:"survivor"`
	Owner    domain.AgentID       `json:"owner,omitempty"`  // who lost it
	Keeper   domain.AgentID       `json:"keeper,omitempty"` // who owns the survivor
	Reason   JoinReason           `json:"reason"`
	At       time.Time            `json:"at"`
}

func (JoinedInto) EventType() string   { return "InteractionJoinedInto" }
func (JoinedInto) isInteractionEvent() {}

// Joined says that another session continues in this one.
type Joined struct {
	Other         domain.InteractionID   `json:"other"`
	Before        []domain.InteractionID `json:"before,omitempty"`        // what had been joined into the other one
	LastInboundAt *time.Time             `json:"lastInboundAt,omitempty"` // there
	SilentSince   *time.Time             `json:"silentSince,omitempty"`   // since when the customer waits for an answer there
	Unread        bool                   `json:"unread,omitempty"`        // something there was not seen
	LastMessageID domain.MessageID       `json:"lastMessageId,omitempty"` // of the last message there that lists show
	LastMessageAt *time.Time             `json:"lastMessageAt,omitempty"`
	LastIn        domain.InteractionID   `json:"lastIn,omitempty"`  // the session that has that message
	Inbound       int                    `json:"inbound,omitempty"` // messages from the customer there
	Unseen        []domain.MessageID     `json:"unseen,omitempty"`  // those that the owner of this session has not seen
	At            time.Time              `json:"at"`
}

func (Joined) EventType() string   { return "InteractionJoined" }
func (Joined) isInteractionEvent() {}

// Separated says that another session no longer continues in this one.
type Separated struct {
	Other  domain.InteractionID   `json:"other"`
	Before []domain.InteractionID `json:"before,omitempty"`
	By     domain.UserID          `json:"by,omitempty"` // empty if the join was never completed
	At     time.Time              `json:"at"`
}

func (Separated) EventType() string   { return "InteractionSeparated" }
func (Separated) isInteractionEvent() {}

// Restored says that a joined session is separate again. If it is open, its former owner has it again.
type Restored struct {
	From      domain.InteractionID `json:"from"`
	Open      bool                 `json:"open"` // the survivor was open, so this one is open again
	AccountID domain.AccountID     `json:"accountId"`
	AddressID domain.AddressID     `json:"addressId"`
	QueueID   domain.QueueID       `json:"queueId,omitempty"`
	Owner     domain.AgentID       `json:"owner,omitempty"`
	By        domain.UserID        `json:"by,omitempty"` // empty if the join was never completed
	At        time.Time            `json:"at"`
}

func (Restored) EventType() string   { return "InteractionRestored" }
func (Restored) isInteractionEvent() {}

// JoinReason says why one of two sessions continues, and not the other.
type JoinReason string

// The reasons why a session continues.
const (
	JoinWroteLast   JoinReason = "WROTE_LAST"   // its owner wrote to the customer last
	JoinOwned       JoinReason = "OWNED"        // it has an owner; the other one waits
	JoinOpenedFirst JoinReason = "OPENED_FIRST" // no owner has written, or there is none
)

// JoinInto ends this session, which continues in the survivor. Owner is the owner that the caller knows of; if it has
// changed, nothing happens.
type JoinInto struct {
	Survivor      domain.InteractionID
	Owner, Keeper domain.AgentID
	Reason        JoinReason
	At            time.Time
}

// Join records that another session continues in this one, after its JoinInto.
type Join struct{ Joined }

// Separate undoes Join, after Restore.
type Separate struct {
	Other domain.InteractionID
	By    domain.UserID
	At    time.Time
}

// Restore undoes JoinInto.
type Restore struct {
	From       domain.InteractionID
	By         domain.UserID  // empty: the program, because the join could not be completed
	Keeper     domain.AgentID // who owns the survivor now
	Supervisor bool
	Open       bool // the survivor is open
	At         time.Time
}

func (JoinInto) isInteractionCommand() {}
func (Join) isInteractionCommand()     {}
func (Separate) isInteractionCommand() {}
func (Restore) isInteractionCommand()  {}

// ErrJoined refuses what makes no sense for a session that continues in another one.
var ErrJoined = &domain.Refusal{
	Kind: domain.Conflict, Code: "INTERACTION_JOINED",
	Message: "This interaction continues in another one.",
}

// refusedOnceJoined reports whether a command makes no sense for a session that continues in another one.
func refusedOnceJoined(cmd Command) bool {
	switch cmd.(type) {
	case Send, React, Accept, Take, Assign, Release, StartTransfer, Close, Dispose, MarkSeen, MarkUnread:
		return true
	}
	return false
}

func joinInto(s State, c JoinInto) ([]Event, error) {
	switch {
	case s.Survivor == c.Survivor && s.Survivor != "":
		return nil, nil
	case s.Survivor != "":
		return nil, ErrJoined.With("survivor", string(s.Survivor))
	case s.Status == SessionClosed:
		return nil, ErrClosed
	case s.Owner != c.Owner:
		return nil, nil
	}
	joined := JoinedInto{Survivor: c.Survivor, Owner: s.Owner, Keeper: c.Keeper, Reason: c.Reason, At: c.At}
	return append(s.voidTransfer(c.At), joined, Closed{At: c.At}), nil
}

func join(s State, c Join) ([]Event, error) {
	switch {
	case slices.Contains(s.Joined, c.Other):
		return nil, nil
	case s.Survivor != "":
		return nil, ErrJoined.With("survivor", string(s.Survivor))
	case s.Status == SessionClosed:
		return nil, ErrClosed
	}
	return []Event{c.Joined}, nil
}

func separate(s State, c Separate) ([]Event, error) {
	if !slices.Contains(s.Joined, c.Other) {
		return nil, nil
	}
	return []Event{Separated{Other: c.Other, Before: s.before[c.Other], By: c.By, At: c.At}}, nil
}

func restore(s State, c Restore) ([]Event, error) {
	switch {
	case s.Survivor == "":
		return nil, nil
	case s.Survivor != c.From:
		return nil, ErrJoined.With("survivor", string(s.Survivor))
	case c.By != "" && !c.Supervisor && c.By != s.Owner && c.By != c.Keeper:
		return nil, ErrNotOwner
	}
	return []Event{Restored{
		From: c.From, Open: c.Open, AccountID: s.AccountID, AddressID: s.AddressID, QueueID: s.QueueID, Owner: s.Owner,
		By: c.By, At: c.At,
	}}, nil
}

func evolveJoining(s State, e Event) State {
	switch e := e.(type) {
	case JoinedInto:
		s.Survivor = e.Survivor
	case Restored:
		s.Survivor = ""
		if e.Open {
			s.Status, s.ClosedBy, s.unread = SessionOpen, "", true
			if s.Owner == "" {
				s.WaitingSince, s.round = e.At, 0
			}
		}
	case Joined:
		if at := e.LastMessageAt; at != nil && at.After(s.lastAt) {
			s.last, s.lastAt, s.lastIn = e.LastMessageID, *at, e.LastIn
		}
		all := append([]domain.InteractionID{e.Other}, e.Before...)
		s.Joined = append(slices.Clip(s.Joined), all...)
		if len(e.Before) > 0 {
			before := map[domain.InteractionID][]domain.InteractionID{e.Other: e.Before}
			for id, ids := range s.before {
				before[id] = ids
			}
			s.before = before
		}
		s.joinedSeq = s.seq
		if at := e.LastInboundAt; at != nil {
			s.HasInbound = true
			if at.After(s.LastInboundAt) {
				s.LastInboundAt, s.WindowClosedAt = *at, nil
			}
		}
		if e.SilentSince != nil && s.silentSince.IsZero() {
			s.silentSince = *e.SilentSince
		}
		s.unread = s.unread || e.Unread && s.Owner != ""
	case Separated:
		s.Joined = without(s.Joined, append([]domain.InteractionID{e.Other}, e.Before...))
	}
	return s
}

// Joining returns what the survivor, whose owner is keeper, takes over from this session.
func (s State) Joining(id domain.InteractionID, keeper domain.AgentID, at time.Time) Joined {
	j := Joined{Other: id, Before: s.Joined, Unread: s.unread || s.lastInbound > s.seen, At: at}
	if inbound := s.LastInboundAt; !inbound.IsZero() {
		j.LastInboundAt = &inbound
	}
	if silent := s.silentSince; !silent.IsZero() {
		j.SilentSince = &silent
	}
	if last := s.lastAt; !last.IsZero() {
		j.LastMessageID, j.LastMessageAt, j.LastIn = s.last, &last, cmp.Or(s.lastIn, id)
	}
	j.Inbound, j.Unseen = s.unseen(keeper)
	return j
}

// unseen returns how many messages the customer wrote in this session, and which of them an agent has not
// seen, in order.
func (s State) unseen(agent domain.AgentID) (inbound int, ids []domain.MessageID) {
	seen := s.seen
	if agent != s.Owner || agent == "" {
		seen = 0
	}
	at := make(map[domain.MessageID]int)
	s.messages.Each(func(id string, m *message) {
		if m.counts {
			inbound++
		}
		if m.counts && m.seq > seen {
			at[domain.MessageID(id)] = m.seq
			ids = append(ids, domain.MessageID(id))
		}
	})
	slices.SortFunc(ids, func(a, b domain.MessageID) int { return at[a] - at[b] })
	return inbound, ids
}

// Outlasts reports whether this session continues when two open sessions of one customer are joined, and why. An owned
// session wins over a waiting one, then the one whose owner wrote last, then the one opened first.
func (s State) Outlasts(other State) (bool, JoinReason) {
	mine, theirs := s.ownerWroteAt(), other.ownerWroteAt()
	switch {
	case (s.Owner == "") != (other.Owner == ""):
		return s.Owner != "", JoinOwned
	case s.Owner != "" && !mine.Equal(theirs):
		return mine.After(theirs), JoinWroteLast
	case !s.OpenedAt.Equal(other.OpenedAt):
		return s.OpenedAt.Before(other.OpenedAt), JoinOpenedFirst
	}
	return s.AddressID < other.AddressID, JoinOpenedFirst
}

// ownerWroteAt returns when the owner last wrote to the customer in this session, or zero if they have not.
func (s State) ownerWroteAt() time.Time {
	for _, a := range s.answers {
		if a.by == s.Owner && a.id != "" {
			m, _ := s.message(a.id)
			return m.at
		}
	}
	return time.Time{}
}

// place returns where in this session a message is. A message of a joined session is placed at the latest join.
func (s State) place(id domain.MessageID) int {
	if m, ok := s.message(id); ok {
		return m.seq
	}
	if len(s.Joined) > 0 {
		return s.joinedSeq
	}
	return 0 // a message of an earlier session
}

// messageOr returns a message of this session, or of a joined one, with what was done about it here.
func (s State) messageOr(home State, id domain.MessageID) (message, bool) {
	if m, ok := s.message(id); ok {
		return m, true
	}
	m, ok := home.message(id)
	if done, here := s.elsewhere.Get(string(id)); ok && here {
		if done.emojiSend != "" {
			m.emoji, m.emojiSend = done.emoji, done.emojiSend
		}
		if done.retriedBy != "" {
			m.retriedBy = done.retriedBy
		}
	}
	return m, ok
}

// updateOr applies a change to a message of this session, or notes it for one of a joined session.
func (s State) updateOr(id domain.MessageID, change func(*message)) State {
	if s.Has(id) {
		return s.update(id, change)
	}
	var m message
	if known, ok := s.elsewhere.Get(string(id)); ok {
		m = *known
	}
	change(&m)
	s.elsewhere = s.elsewhere.With(string(id), &m)
	return s
}
