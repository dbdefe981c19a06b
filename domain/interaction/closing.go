package interaction

import (
	"slices"

	"parley/domain"
)

// The refusals of closing.
var (
	ErrNewMessage      = &domain.Refusal{Kind: domain.Conflict, Code: "NEW_MESSAGE_ARRIVED", Message: "The customer has written since you looked."}
	ErrNotClosed       = &domain.Refusal{Kind: domain.Conflict, Code: "INTERACTION_OPEN", Message: "Close the interaction first."}
	ErrDispositionPath = &domain.Refusal{Kind: domain.Invalid, Code: "DISPOSITION_INVALID", Message: "Choose an outcome of one to three levels."}
)

func closeSession(s State, c Close) ([]Event, error) {
	switch {
	case s.Status == SessionClosed:
		return nil, nil
	case !c.Supervisor && (c.By == "" || c.By != s.Owner):
		return nil, ErrNotOwner
	case c.SeenThrough != "":
		looked, _ := s.message(c.SeenThrough) // of an earlier session: before all there is here
		if s.lastInbound > looked.seq {
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
