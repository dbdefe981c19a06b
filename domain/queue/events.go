// Package queue holds the queues: who is in them and how waiting interactions are offered.
package queue

import (
	"time"

	"parley/domain"
)

// Event is something that happened to this setting. Its own id is the stream's.
type Event interface {
	domain.Event
	isQueueEvent()
}

// Strategy says whom a waiting interaction is offered to.
type Strategy string

// The strategies.
const (
	BeepAll     Strategy = "BEEPALL"      // everybody who is free, at once
	RoundRobin  Strategy = "ROUND_ROBIN"  // the one after the last who took one
	LeastRecent Strategy = "LEAST_RECENT" // the one notified longest ago
)

// Settings is how a queue works.
type Settings struct {
	Name         string           `json:"name"`
	Description  string           `json:"description,omitempty"`
	Strategy     Strategy         `json:"strategy"`
	OfferTimeout int              `json:"offerTimeout"` // seconds an offer lasts
	Weight       int              `json:"weight"`       // 0 to 10, higher first
	Members      []domain.AgentID `json:"members"`
	Take         bool             `json:"take"`        // agents may take waiting interactions from the list
	Sticky       bool             `json:"sticky"`      // offer to the last owner first (B15)
	SilentOwner  int              `json:"silentOwner"` // seconds without an answer until it is offered again; 0 = never (B15)
}

// Created says it was set up.
type Created struct {
	Settings Settings      `json:"settings"`
	By       domain.UserID `json:"by,omitempty"` // empty when the program set it up
	At       time.Time     `json:"at"`
}

// Changed says it is set differently now; Settings is the full new value.
type Changed struct {
	Settings Settings      `json:"settings"`
	By       domain.UserID `json:"by,omitempty"`
	At       time.Time     `json:"at"`
}

// Archived says it is out of use; what refers to it stays readable.
type Archived struct {
	By domain.UserID `json:"by,omitempty"`
	At time.Time     `json:"at"`
}

func (Created) EventType() string  { return "QueueCreated" }
func (Changed) EventType() string  { return "QueueChanged" }
func (Archived) EventType() string { return "QueueArchived" }

func (Created) isQueueEvent()  {}
func (Changed) isQueueEvent()  {}
func (Archived) isQueueEvent() {}
