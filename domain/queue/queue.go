// Package queue holds the queues: their members and how waiting interactions are offered to them.
package queue

import (
	"slices"
	"strings"

	"parley/domain"
	"parley/domain/setting"
)

// Strategy decides which agents a waiting interaction is offered to.
type Strategy string

// The strategies.
const (
	BeepAll     Strategy = "BEEPALL"      // all free agents at once
	RoundRobin  Strategy = "ROUND_ROBIN"  // the agent after the last one who accepted
	LeastRecent Strategy = "LEAST_RECENT" // the agent whose last offer is longest ago
)

// Settings holds the settings of a queue.
type Settings struct {
	Name         string           `json:"name"`
	Description  string           `json:"description,omitempty"`
	Strategy     Strategy         `json:"strategy"`
	OfferTimeout int              `json:"offerTimeout"` // seconds an offer lasts
	Weight       int              `json:"weight"`       // 0 to 10, higher first
	Members      []domain.AgentID `json:"members"`
	Take         bool             `json:"take"`        // agents may take waiting interactions from the list
	Sticky       bool             `json:"sticky"`      // offer to the last owner first
	SilentOwner  int              `json:"silentOwner"` // seconds an owner may leave a customer without a reply; 0: no limit
}

// SettingName names the events: QueueCreated, QueueChanged and QueueArchived.
func (Settings) SettingName() string { return "Queue" }

// The commands, events and state of a queue, which is created, changed as a whole, and archived.
type (
	Command  = setting.Command[Settings]
	Create   = setting.Create[Settings]
	Change   = setting.Change[Settings]
	Archive  = setting.Archive[Settings]
	Event    = setting.Event[Settings]
	Created  = setting.Created[Settings]
	Changed  = setting.Changed[Settings]
	Archived = setting.Archived[Settings]
	State    = setting.State[Settings]
)

// Decider holds the rules of one queue.
var Decider = setting.Rules[Settings]{Check: check}.Decider()

// The refusals of a queue's settings.
var (
	ErrStrategy = &domain.Refusal{
		Kind: domain.Invalid, Code: "STRATEGY_UNKNOWN",
		Message: "Choose how interactions are offered: to all agents, in turn, or to the least recently notified.",
	}
	ErrTimeout = &domain.Refusal{
		Kind: domain.Invalid, Code: "TIMEOUT_INVALID",
		Message: "Enter an offer timeout of 5 to 3600 seconds.",
	}
	ErrWeight = &domain.Refusal{
		Kind: domain.Invalid, Code: "WEIGHT_INVALID",
		Message: "Enter a priority of 0 to 10.",
	}
	ErrSilentOwner = &domain.Refusal{
		Kind: domain.Invalid, Code: "SILENT_OWNER_INVALID",
		Message: "Enter up to 86400 seconds; 0 turns it off.",
	}
)

func check(s Settings) (Settings, error) {
	name, err := setting.Name(s.Name)
	switch {
	case err != nil:
		return s, err
	case !slices.Contains([]Strategy{BeepAll, RoundRobin, LeastRecent}, s.Strategy):
		return s, ErrStrategy
	case !setting.Between(s.OfferTimeout, 5, 3600):
		return s, ErrTimeout
	case !setting.Between(s.Weight, 0, 10):
		return s, ErrWeight
	case !setting.Between(s.SilentOwner, 0, 86400):
		return s, ErrSilentOwner
	}
	s.Name, s.Description, s.Members = name, strings.TrimSpace(s.Description), setting.Distinct(s.Members)
	return s, nil
}
