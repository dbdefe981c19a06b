// Package deployment records the id key's fingerprint, so that the program refuses to run with another key.
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

func (Initialized) EventType() string  { return "DeploymentInitialized" }
func (Initialized) isDeploymentEvent() {}
