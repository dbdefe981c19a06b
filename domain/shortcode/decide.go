package shortcode

import (
	"fmt"
	"time"

	"parley/domain"
)

// Command changes who has one short code.
type Command interface{ isShortCodeCommand() }

// Assign gives the code to an account.
type Assign struct {
	Code      string
	AccountID domain.AccountID
	// Unused is the account that was found not to use the code: it has another one, or is archived.
	Unused domain.AccountID
	By     domain.UserID
	At     time.Time
}

func (Assign) isShortCodeCommand() {}

// State says which account has the code.
type State struct {
	Holder domain.AccountID
	since  time.Time
}

// ErrTaken refuses a code that another account uses.
var ErrTaken = &domain.Refusal{
	Kind: domain.Conflict, Code: "SHORT_CODE_TAKEN",
	Message: "Another account uses this short code.",
}

// settling is how long an account has to start using a code that was assigned to it.
const settling = time.Minute

// Decider holds the rules of one short code.
var Decider = domain.Decider[State, Command, Event]{Aggregate: "shortcode", Decide: Decide, Evolve: Evolve}

// Decide returns the events of a command, or a refusal. A code is never given back: another account may have it
// once its holder does not use it.
func Decide(s State, cmd Command) ([]Event, error) {
	c, ok := cmd.(Assign)
	switch {
	case !ok:
		return nil, fmt.Errorf("shortcode: unknown command %T", cmd)
	case s.Holder == c.AccountID:
		return nil, nil
	case s.Holder != "" && (s.Holder != c.Unused || c.At.Sub(s.since) < settling):
		return nil, ErrTaken.With("accountId", string(s.Holder))
	}
	return []Event{Assigned{Code: c.Code, AccountID: c.AccountID, By: c.By, At: c.At}}, nil
}

// Evolve applies an event to the state.
func Evolve(s State, e Event) State {
	if e, ok := e.(Assigned); ok {
		s.Holder, s.since = e.AccountID, e.At
	}
	return s
}
