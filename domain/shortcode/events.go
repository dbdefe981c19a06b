// Package shortcode keeps the short codes of accounts unique. The stream of a code decides which account has it.
package shortcode

import (
	"time"

	"parley/domain"
)

// Event is something that happened to one short code.
type Event interface {
	domain.Event
	isShortCodeEvent()
}

// Assigned says that an account has the code from now on.
type Assigned struct {
	Code      string           `json:"code"` // as it was entered
	AccountID domain.AccountID `json:"accountId"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

func (Assigned) EventType() string { return "ShortcodeAssigned" }
func (Assigned) isShortCodeEvent() {}
