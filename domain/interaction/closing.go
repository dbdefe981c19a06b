package interaction

import (
	"slices"
	"time"

	"parley/domain"
)

// Closed says that the session ended. Statuses, notes and the like may still follow.
type Closed struct {
	By          domain.UserID    `json:"by"`
	SeenThrough domain.MessageID `json:"seenThrough,omitempty"` // the last customer message the closer had seen
	At          time.Time        `json:"at"`
}

func (Closed) EventType() string   { return "InteractionClosed" }
func (Closed) isInteractionEvent() {}

// Disposed says that the session got its disposition.
type Disposed struct {
	DispositionID domain.DispositionID `json:"dispositionId"`
	Path          []string             `json:"path"` // labels of levels 1 to 3 as they were named then
	By            domain.UserID        `json:"by"`
	At            time.Time            `json:"at"`
}

func (Disposed) EventType() string   { return "InteractionDisposed" }
func (Disposed) isInteractionEvent() {}

// Close ends the session.
type Close struct {
	By          domain.UserID
	Supervisor  bool             // may close another agent's session
	SeenThrough domain.MessageID // the last customer message on screen; the close is refused after a later one
	At          time.Time
}

// Dispose sets the disposition of a closed session.
type Dispose struct {
	DispositionID domain.DispositionID
	Path          []string
	By            domain.UserID
	Supervisor    bool
	At            time.Time
}

func (Close) isInteractionCommand()   {}
func (Dispose) isInteractionCommand() {}

// The refusals of closing.
var (
	ErrNewMessage = &domain.Refusal{
		Kind: domain.Conflict, Code: "NEW_MESSAGE_ARRIVED",
		Message: "The customer has written in the meantime.",
	}
	ErrNotClosed = &domain.Refusal{
		Kind: domain.Conflict, Code: "INTERACTION_OPEN",
		Message: "Close the interaction first.",
	}
	ErrDispositionPath = &domain.Refusal{
		Kind: domain.Invalid, Code: "DISPOSITION_INVALID",
		Message: "Choose a disposition.",
	}
)

func closeSession(s State, c Close) ([]Event, error) {
	switch {
	case s.Status == SessionClosed:
		return nil, nil
	case !c.Supervisor && (c.By == "" || c.By != s.Owner):
		return nil, ErrNotOwner
	case c.SeenThrough != "":
		if s.lastInbound > s.place(c.SeenThrough) {
			return nil, ErrNewMessage
		}
	}
	return append(s.stopTransfer(TransferCancelled, c.At), Closed{By: c.By, SeenThrough: c.SeenThrough, At: c.At}), nil
}

func dispose(s State, c Dispose) ([]Event, error) {
	switch {
	case s.Status != SessionClosed:
		return nil, ErrNotClosed
	case !c.Supervisor && (c.By == "" || c.By != s.Owner && c.By != s.ClosedBy):
		return nil, ErrNotOwner
	case c.DispositionID == "" || len(c.Path) < 1 || len(c.Path) > 3 || slices.Contains(c.Path, ""):
		return nil, ErrDispositionPath
	case s.DispositionID == c.DispositionID:
		return nil, nil
	}
	return []Event{Disposed{DispositionID: c.DispositionID, Path: c.Path, By: c.By, At: c.At}}, nil
}
