package interaction

import (
	"slices"
	"strings"
	"time"

	"parley/domain"
)

// SessionStatus is whether the session goes on.
type SessionStatus string

// The states of a session. The zero value is a session that was never opened.
const (
	SessionNone   SessionStatus = ""
	SessionOpen   SessionStatus = "OPEN"
	SessionClosed SessionStatus = "CLOSED"
)

// State is what the rules of a session remember. It is never changed in place, so it may be kept and shared.
type State struct {
	Status        SessionStatus
	AccountID     domain.AccountID
	AddressID     domain.AddressID
	Channel       string
	QueueID       domain.QueueID // after an accepted transfer to a queue: that one
	Number        int
	ContactID     domain.ContactID
	Owner         domain.AgentID // empty while waiting; after closing: who had it last
	LastOwner     domain.AgentID // who had it last, here or in the session before
	LastInboundAt time.Time      // the provider's time of the customer's last message, also of the session before
	WindowShut    bool           // the provider refused free text since then, whatever our clock says
	HasInbound    bool           // the customer wrote in this session
	WaitingSince  time.Time      // zero while somebody owns it
	ClosedBy      domain.UserID
	DispositionID domain.DispositionID

	seq          int // of messages, in log order: 1, 2, 3…
	messages     *trie[*message]
	providerTags *trie[domain.MessageID] // what the provider calls our messages
	facts        *trie[time.Time]        // ids of edits, revokes, reactions, transfers; and who spied when
	notes        *trie[note]             // whispers too
	recent       map[string]time.Time
	outbox       []domain.MessageID // queued or unknown, in the order they were queued
	offers       []offer            // of this time of waiting
	round        int
	tags         []string
	transfer     transfer
	handed       []handover
	recontact    domain.MessageID // the template the system sent since the customer last wrote
	answers      [2]answer        // the latest by anybody, and the latest by somebody else than that one

	silentSince time.Time // the customer has been waiting for an answer since, or since the owner has it; zero when it is his turn

	lastInbound int // seq of the customer's last message
	seen        int // seq up to which the present owner has looked
	unread      bool
}

type message struct {
	seq       int
	inbound   bool
	at        time.Time
	status    Status
	accepted  bool // the provider's id is recorded
	attempt   int
	running   bool // an attempt was started and has not ended
	retryAt   time.Time
	unknownAt time.Time
	retriedBy domain.MessageID
	media     mediaState
	revoked   bool
	editedAt  time.Time // when the customer edited it last, by the provider's clock
	reactedAt time.Time // and put an emoji on it, or took it off
	emoji     string    // the agent's reaction
	emojiSend domain.MessageID
}

type note struct {
	by      domain.UserID
	revoked bool
}

type mediaState int

const (
	mediaPending mediaState = iota
	mediaFailed
	mediaStored
)

type offer struct {
	id        domain.OfferID
	agents    []domain.AgentID
	rejected  []domain.AgentID
	expiresAt time.Time
	ended     bool
}

func (o offer) missing() []domain.AgentID {
	return without(o.agents, o.rejected)
}

type transfer struct {
	id      domain.TransferID // empty: none in progress
	by      domain.AgentID
	toQueue domain.QueueID
}

// handover is a transfer that changed the owner.
type handover struct {
	id domain.TransferID
	to domain.AgentID
}

type answer struct {
	seq int
	id  domain.MessageID
	by  domain.AgentID
}

// Waiting says whether the session is open and nobody owns it.
func (s State) Waiting() bool { return s.Status == SessionOpen && s.Owner == "" }

// Knows says whether this provider message was received already, in this session or in the days before.
func (s State) Knows(id domain.MessageID) bool {
	if _, ok := s.message(id); ok {
		return true
	}
	_, ok := s.recent[tagOf(id)]
	return ok
}

// MessageStatus is how far a message to the customer got; false when there is no such message in this session.
func (s State) MessageStatus(id domain.MessageID) (Status, bool) {
	m, ok := s.message(id)
	return m.status, ok && !m.inbound
}

// Attempt is the number of the last attempt to send a message, and whether it has not ended yet.
func (s State) Attempt(id domain.MessageID) (number int, running bool) {
	m, _ := s.message(id)
	return m.attempt, m.running
}

// TransferInProgress is the transfer that has started and not ended; empty when there is none.
func (s State) TransferInProgress() domain.TransferID { return s.transfer.id }

// Tags are the session's tags in the order they were added.
func (s State) Tags() []string { return slices.Clone(s.tags) }

// StandingOffer is an offer that can still be accepted.
type StandingOffer struct {
	ID        domain.OfferID
	Agents    []domain.AgentID // who has not rejected
	ExpiresAt time.Time
}

// StandingOffers are those that can be accepted at this moment.
func (s State) StandingOffers(now time.Time) []StandingOffer {
	var standing []StandingOffer
	for _, o := range s.offers {
		if o.stands(now) {
			standing = append(standing, StandingOffer{ID: o.id, Agents: o.missing(), ExpiresAt: o.expiresAt})
		}
	}
	return standing
}

func (o offer) stands(now time.Time) bool { return !o.ended && now.Before(o.expiresAt) }

// WindowOpen says whether free text may be sent at this moment, when it may be for so long after the customer's last
// message. A window of 0 never closes.
func (s State) WindowOpen(window time.Duration, now time.Time) bool {
	if window == 0 {
		return true
	}
	return !s.WindowShut && !s.LastInboundAt.IsZero() && now.Sub(s.LastInboundAt) < window
}

const (
	recentFor = 8 * 24 * time.Hour // providers deliver again for 7 days
	recentMax = 4096               // keeps Opened far below what one append may hold; older ones are in the read model
)

// CarryOver is what the Opened of the next session takes from this one: account, address, channel, contact, number, this
// session's id, the window's anchor, the last owner, and the provider messages of the last 8 days. The caller adds the rest.
func (s State) CarryOver(id domain.InteractionID, now time.Time) Opened {
	next := Opened{
		AccountID: s.AccountID, AddressID: s.AddressID, Channel: s.Channel, ContactID: s.ContactID,
		Number: s.Number + 1, PreviousID: id, LastOwner: s.LastOwner,
	}
	if !s.LastInboundAt.IsZero() {
		at := s.LastInboundAt
		next.LastInboundAt = &at
	}
	keep := func(tag string, at time.Time) {
		if now.Sub(at) < recentFor {
			next.Recent = append(next.Recent, Seen{Tag: tag, At: at})
		}
	}
	for tag, at := range s.recent {
		keep(tag, at)
	}
	s.messages.each(func(id string, m *message) {
		if m.inbound {
			keep(tagOf(domain.MessageID(id)), m.at)
		}
	})
	slices.SortFunc(next.Recent, func(a, b Seen) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.Tag, b.Tag)
	})
	if over := len(next.Recent) - recentMax; over > 0 {
		next.Recent = next.Recent[over:]
	}
	return next
}

// tagOf is the first 8 bytes of an id: 16 hex digits, without the dashes.
func tagOf(id domain.MessageID) string {
	hex := strings.ReplaceAll(string(id), "-", "")
	return hex[:min(16, len(hex))]
}

func without[T comparable](all, gone []T) []T {
	var left []T
	for _, x := range all {
		if !slices.Contains(gone, x) {
			left = append(left, x)
		}
	}
	return left
}
