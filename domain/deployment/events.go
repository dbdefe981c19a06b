// Package deployment holds the rules of the installation as a whole: the program refuses to run with another id
// key, and nothing is sent to customers after a restore from a backup until someone releases it.
package deployment

import (
	"time"

	"parley/domain"
)

// Event is something that happened to the deployment as a whole.
type Event interface {
	domain.Event
	isDeploymentEvent()
}

// Initialized says that the log was started with this id key. Fingerprint is the key's SHA-256 in hex.
type Initialized struct {
	Fingerprint string    `json:"fingerprint"`
	At          time.Time `json:"at"`
}

// Restored says that the log is an older copy of itself: what happened after the copy was made is lost. The program
// found that an event it had seen last at LastSeenAt is missing, or an operator declared it.
type Restored struct {
	LastSeenAt *time.Time `json:"lastSeenAt,omitempty"`
	Operator   string     `json:"operator,omitempty"` // who declared it
	At         time.Time  `json:"at"`
}

// OutboundHeld says that nothing is sent to customers from now on.
type OutboundHeld struct {
	Reason   Reason    `json:"reason"`
	Note     string    `json:"note,omitempty"` // the operator's words
	Operator string    `json:"operator,omitempty"`
	At       time.Time `json:"at"`
}

// OutboundReleased says that messages are sent again, by decision of an administrator or an operator.
type OutboundReleased struct {
	By       domain.UserID `json:"by,omitempty"`
	Operator string        `json:"operator,omitempty"`
	At       time.Time     `json:"at"`
}

// Reason is why nothing is sent.
type Reason string

// The reasons to hold outbound messages.
const (
	ReasonRestored Reason = "RESTORED" // the log was restored, so what it calls queued may have been sent
	ReasonOperator Reason = "OPERATOR" // an operator decided so
)

func (Initialized) EventType() string      { return "DeploymentInitialized" }
func (Restored) EventType() string         { return "DeploymentRestored" }
func (OutboundHeld) EventType() string     { return "DeploymentOutboundHeld" }
func (OutboundReleased) EventType() string { return "DeploymentOutboundReleased" }

func (Initialized) isDeploymentEvent()      {}
func (Restored) isDeploymentEvent()         {}
func (OutboundHeld) isDeploymentEvent()     {}
func (OutboundReleased) isDeploymentEvent() {}
