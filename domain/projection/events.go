// Package projection records operators' decisions about read models.
package projection

import (
	"time"

	"parley/domain"
)

// Event is an operator's decision about a read model. The stream's id derives from the read model's name.
type Event interface {
	domain.Event
	isProjectionEvent()
}

// Skipped says that a read model skipped an event that it could not apply.
type Skipped struct {
	Name   string        `json:"name"`
	Commit uint64        `json:"commit"` // position of the event
	Reason string        `json:"reason"`
	By     domain.UserID `json:"by,omitempty"`
	At     time.Time     `json:"at"`
}

// Rebuilt says that a read model was rebuilt from the log and is live.
type Rebuilt struct {
	Name       string    `json:"name"`
	Generation int       `json:"generation"`
	Events     int64     `json:"events"`
	At         time.Time `json:"at"`
}

func (Skipped) EventType() string  { return "ProjectionSkipped" }
func (Rebuilt) EventType() string  { return "ProjectionRebuilt" }
func (Skipped) isProjectionEvent() {}
func (Rebuilt) isProjectionEvent() {}
