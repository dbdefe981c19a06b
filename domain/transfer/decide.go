package transfer

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"parley/domain"
)

// Decider holds the rules of one transfer.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "transfer",
	Decide:    Decide,
	Evolve:    Evolve,
}

// Status is how far a transfer got. COMPLETED and those below it are final.
type Status string

// The statuses of a transfer. The zero value means that it was never requested.
const (
	StatusNone      Status = ""
	StatusPending   Status = "PENDING"
	StatusAccepted  Status = "ACCEPTED" // reserved; the interaction decides
	StatusCompleted Status = "COMPLETED"
	StatusExpired   Status = "EXPIRED"
	StatusCancelled Status = "CANCELLED"
	StatusRefused   Status = "REFUSED"
	StatusVoided    Status = "VOIDED"
)

// The reasons for Refused.
const (
	AllRejected    = "ALL_REJECTED"
	NoOneAvailable = "NO_ONE_AVAILABLE"
)

// State is what the rules of a transfer remember.
type State struct {
	Status        Status
	InteractionID domain.InteractionID
	AccountID     domain.AccountID
	By            domain.AgentID
	ToAgent       domain.AgentID
	ToQueue       domain.QueueID
	OfferedTo     []domain.AgentID
	RejectedBy    []domain.AgentID
	AcceptedBy    domain.AgentID
	ExpiresAt     time.Time
}

// Over reports whether the transfer has its one final event.
func (s State) Over() bool {
	return s.Status != StatusNone && s.Status != StatusPending && s.Status != StatusAccepted
}

// The refusals of a transfer.
var (
	ErrUnknown = &domain.Refusal{
		Kind: domain.NotFound, Code: "TRANSFER_UNKNOWN",
		Message: "Transfer not found.",
	}
	ErrInvalid = &domain.Refusal{
		Kind: domain.Invalid, Code: "TRANSFER_INVALID",
		Message: "A transfer needs an interaction, a sender, one target and a time to expire.",
	}
	ErrNoteTooLong = &domain.Refusal{
		Kind: domain.Invalid, Code: "TRANSFER_NOTE_TOO_LONG",
		Message: "The note is too long.",
	}
	ErrOver = &domain.Refusal{
		Kind: domain.Conflict, Code: "TRANSFER_OVER",
		Message: "This transfer has ended.",
	}
	ErrAlreadyAccepted = &domain.Refusal{
		Kind: domain.Conflict, Code: "TRANSFER_ALREADY_ACCEPTED",
		Message: "Someone else has accepted this transfer.",
	}
	ErrNotYours = &domain.Refusal{
		Kind: domain.Forbidden, Code: "TRANSFER_NOT_YOURS",
		Message: "This transfer was offered to someone else.",
	}
	ErrRejected = &domain.Refusal{
		Kind: domain.Conflict, Code: "TRANSFER_REJECTED",
		Message: "You have rejected this transfer.",
	}
	ErrExpired = &domain.Refusal{
		Kind: domain.Conflict, Code: "TRANSFER_EXPIRED",
		Message: "This transfer has expired.",
	}
	ErrNotSender = &domain.Refusal{
		Kind: domain.Forbidden, Code: "TRANSFER_NOT_SENDER",
		Message: "Only the sender or a supervisor can cancel a transfer.",
	}
	ErrNotAccepted = &domain.Refusal{
		Kind: domain.Conflict, Code: "TRANSFER_NOT_ACCEPTED",
		Message: "No one has accepted this transfer yet.",
	}
)

// Decide returns the events that follow from a command. Nothing changes a transfer after its final event.
func Decide(s State, cmd Command) ([]Event, error) {
	if c, ok := cmd.(Request); ok {
		return request(s, c)
	}
	if s.Status == StatusNone {
		return nil, ErrUnknown
	}
	switch c := cmd.(type) {
	case Accept:
		return accept(s, c)
	case Reject:
		return reject(s, c)
	case Complete:
		return complete(s, c)
	case Expire:
		return expire(s, c)
	case Cancel:
		return cancel(s, c)
	case Refuse:
		return refuse(s, c)
	case Void:
		return void(s, c)
	}
	return nil, fmt.Errorf("transfer: unknown command %T", cmd)
}

// MaxNote is how many characters the note of a transfer may have.
const MaxNote = 1000

// TooLong reports whether a note has too many characters.
func TooLong(note string) bool { return utf8.RuneCountInString(note) > MaxNote }

func request(s State, c Request) ([]Event, error) {
	switch {
	case s.Status != StatusNone:
		return nil, nil
	case c.InteractionID == "" || c.By == "" || (c.ToAgent == "") == (c.ToQueue == "") || !c.ExpiresAt.After(c.At):
		return nil, ErrInvalid
	case TooLong(c.Note):
		return nil, ErrNoteTooLong.With("max", MaxNote)
	}
	e := c.Requested
	e.OfferedTo = nil
	for _, a := range c.OfferedTo {
		if a != c.By && !slices.Contains(e.OfferedTo, a) {
			e.OfferedTo = append(e.OfferedTo, a)
		}
	}
	if len(e.OfferedTo) == 0 {
		return []Event{e, Refused{Reason: NoOneAvailable, At: c.At}}, nil
	}
	return []Event{e}, nil
}

func accept(s State, c Accept) ([]Event, error) {
	switch {
	case s.taken() && s.AcceptedBy == c.By:
		return nil, nil
	case s.taken():
		return nil, ErrAlreadyAccepted.With("by", string(s.AcceptedBy))
	case s.Over():
		return nil, ErrOver.With("outcome", string(s.Status))
	case !slices.Contains(s.OfferedTo, c.By):
		return nil, ErrNotYours
	case slices.Contains(s.RejectedBy, c.By):
		return nil, ErrRejected
	case !c.At.Before(s.ExpiresAt):
		return nil, ErrExpired
	case c.SignedOut:
		return nil, domain.ErrNotSignedIn
	case c.LeftQueue:
		return nil, domain.ErrNotMember
	}
	return []Event{Accepted{InteractionID: s.InteractionID, By: c.By, At: c.At}}, nil
}

func (s State) taken() bool { return s.Status == StatusAccepted || s.Status == StatusCompleted }

func reject(s State, c Reject) ([]Event, error) {
	switch {
	case !slices.Contains(s.OfferedTo, c.By):
		return nil, ErrNotYours
	case s.Status != StatusPending, slices.Contains(s.RejectedBy, c.By), !c.At.Before(s.ExpiresAt):
		return nil, nil // nothing left to reject
	case len(s.RejectedBy)+1 == len(s.OfferedTo):
		return []Event{Rejected{By: c.By, At: c.At}, Refused{Reason: AllRejected, At: c.At}}, nil
	}
	return []Event{Rejected{By: c.By, At: c.At}}, nil
}

func complete(s State, c Complete) ([]Event, error) {
	switch s.Status {
	case StatusCompleted:
		return nil, nil
	case StatusPending:
		return nil, ErrNotAccepted
	case StatusAccepted:
		return []Event{Completed{By: s.AcceptedBy, At: c.At}}, nil
	}
	return nil, ErrOver.With("outcome", string(s.Status))
}

func expire(s State, c Expire) ([]Event, error) {
	switch {
	case s.Status != StatusPending:
		return nil, nil // an agent who accepted in time keeps the transfer
	case c.At.Before(s.ExpiresAt):
		return nil, domain.ErrNotDue.With("dueIn", s.ExpiresAt.Sub(c.At))
	}
	return []Event{Expired{At: c.At}}, nil
}

func cancel(s State, c Cancel) ([]Event, error) {
	switch {
	case c.By != s.By && !c.Supervisor:
		return nil, ErrNotSender
	case s.Status == StatusCancelled:
		return nil, nil
	case s.taken():
		return nil, ErrAlreadyAccepted.With("by", string(s.AcceptedBy))
	case s.Over():
		return nil, ErrOver.With("outcome", string(s.Status))
	}
	return []Event{Cancelled{By: c.By, At: c.At}}, nil
}

func refuse(s State, c Refuse) ([]Event, error) {
	switch {
	case s.Status != StatusPending:
		return nil, nil
	case c.Reason != AllRejected && c.Reason != NoOneAvailable:
		return nil, ErrInvalid.With("reason", c.Reason)
	}
	return []Event{Refused{Reason: c.Reason, At: c.At}}, nil
}

func void(s State, c Void) ([]Event, error) {
	if s.Over() {
		return nil, nil
	}
	return []Event{Voided{Reason: c.Reason, At: c.At}}, nil
}

// Evolve applies an event to the state. It never refuses one.
func Evolve(s State, e Event) State {
	switch e := e.(type) {
	case Requested:
		s.Status, s.InteractionID, s.By, s.ToAgent, s.ToQueue = StatusPending, e.InteractionID, e.By, e.ToAgent, e.ToQueue
		s.AccountID, s.OfferedTo, s.ExpiresAt = e.AccountID, e.OfferedTo, e.ExpiresAt
	case Rejected:
		s.RejectedBy = append(slices.Clone(s.RejectedBy), e.By)
	case Accepted:
		s.Status, s.AcceptedBy = StatusAccepted, e.By
	case Completed:
		s.Status = StatusCompleted
	case Expired:
		s.Status = StatusExpired
	case Cancelled:
		s.Status = StatusCancelled
	case Refused:
		s.Status = StatusRefused
	case Voided:
		s.Status = StatusVoided
	}
	return s
}
