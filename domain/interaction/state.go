package interaction

import (
	"slices"
	"time"

	"parley/domain"
	"parley/domain/internal/trie"
)

// SessionStatus says whether a session is open or closed.
type SessionStatus string

// The statuses of a session. The zero value means that it was never opened.
const (
	SessionNone   SessionStatus = ""
	SessionOpen   SessionStatus = "OPEN"
	SessionClosed SessionStatus = "CLOSED"
)

// State is what the rules of a session remember. It is never changed in place, so it can be cached and shared.
type State struct {
	Status         SessionStatus
	AccountID      domain.AccountID
	AddressID      domain.AddressID
	Channel        string
	QueueID        domain.QueueID // changes when a transfer to a queue is accepted
	Number         int
	ContactID      domain.ContactID
	Owner          domain.AgentID // empty while waiting; the last owner after closing
	LastOwner      domain.AgentID // in this session or the previous one
	LastInboundAt  time.Time      // the provider's time of the customer's last message, even in the previous session
	WindowClosedAt *time.Time     // when the provider rejected free text; nil if the customer wrote since
	HasInbound     bool           // the customer wrote in this session
	WaitingSince   time.Time      // zero while it has an owner
	ClosedBy       domain.UserID
	OpenedAt       time.Time
	Survivor       domain.InteractionID   // where it continues; empty unless it was joined into another session
	Joined         []domain.InteractionID // the sessions that continue in this one
	DispositionID  domain.DispositionID

	seq          int // of messages, in log order: 1, 2, 3…
	messages     *trie.Map[*message]
	providerTags *trie.Map[domain.MessageID] // our messages by provider tag
	// times of edits, revokes, reactions and transfers by id, and of monitoring by user
	recorded  *trie.Map[time.Time]
	notes     *trie.Map[note] // whispers too
	recent    map[string]time.Time
	outbox    []domain.MessageID // queued or unknown, in the order they were queued
	offers    []offer            // since it began to wait
	round     int
	tags      []string
	transfer  transfer
	handovers []handover
	recontact domain.MessageID // the recontact template sent since the customer last wrote
	answers   [2]answer        // the latest reply, and the latest by another agent

	last   domain.MessageID // of those that lists show
	lastAt time.Time
	lastIn domain.InteractionID // the joined session that has it; empty if this one does

	silentSince time.Time // since when the owner owes a reply; zero if none is due

	before    map[domain.InteractionID][]domain.InteractionID // what had been joined into a joined session
	joinedSeq int                                             // seq at the last join
	elsewhere *trie.Map[*message]                             // what was done here about messages of joined sessions

	lastInbound int // seq of the customer's last message
	seen        int // seq of the last message the owner has seen
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
	counts    bool // the customer wrote it to us, so the owner has to see it
	media     mediaState
	revoked   bool

	placeholder bool // the provider has not delivered what the customer wrote

	editedAt  time.Time // the customer's last edit, by the provider's clock
	reactedAt time.Time // the customer's last reaction, likewise
	emoji     string    // the agent's reaction
	emojiSend domain.MessageID
}

type mediaState int

const (
	mediaPending mediaState = iota
	mediaFailed
	mediaStored
)

type answer struct {
	seq int
	id  domain.MessageID
	by  domain.AgentID
}

// Waiting reports whether the session is open and has no owner.
func (s State) Waiting() bool { return s.Status == SessionOpen && s.Owner == "" }

func without[T comparable](all, gone []T) []T {
	var kept []T
	for _, x := range all {
		if !slices.Contains(gone, x) {
			kept = append(kept, x)
		}
	}
	return kept
}
