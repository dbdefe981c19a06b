// Package deployment records which keys the log was written with, so a program with others refuses to go on.
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

// Initialized says the deployment began. Fingerprint is the SHA-256 of the id key, hex.
type Initialized struct {
	Fingerprint string    `json:"fingerprint"`
	At          time.Time `json:"at"`
}

func (Initialized) EventType() string  { return "DeploymentInitialized" }
func (Initialized) isDeploymentEvent() {}
