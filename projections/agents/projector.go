// Package agents is the read model of agents' presence and of their last offers.
package agents

import (
	"slices"
	"time"

	"parley/domain"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/projections"
)

// Row is one agent's presence.
type Row struct {
	UserID    string
	State     string // AVAILABLE, PAUSED, AWAY, SIGNED_OUT
	Since     time.Time
	SignedIn  bool
	AwaySince *time.Time // start of the time without a connected browser
	Reason    string     // of a pause set by the agent, a supervisor or the limit of missed offers
	Due       []string   // interactions that need a disposition
	Missed    int        // consecutive missed offers
}

// Why returns the reason to show for a pause. If a disposition is due, it also returns that interaction.
func (r Row) Why() (reason, interactionID string) {
	switch {
	case !r.SignedIn:
		return "", ""
	case len(r.Due) > 0:
		return agent.PauseDisposition, r.Due[0]
	}
	return r.Reason, ""
}

// Offering records when an agent was last offered an interaction of a queue.
type Offering struct {
	QueueID       string
	UserID        string
	LastOfferedAt time.Time
}

type offeringKey struct{ queue, user string }

// Name is the read model's name, including its version. Readers that must see their own writes wait for it.
const Name = "agents_v1"

// Model returns the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table, offerings},
		Consumes: []projections.Stream{
			{Aggregate: "agent"},
			{Aggregate: "interaction", Events: []domain.Event{interaction.Offered{}}},
		}}
}

var table = projections.Table[string, Row]{
	Name: "agents_v1",
	Columns: projections.Columns(
		projections.Key("user_id", func(r *Row) *string { return &r.UserID }).Open(),
		projections.Text("state", func(r *Row) *string { return &r.State }).Open(),
		projections.Time("since", func(r *Row) *time.Time { return &r.Since }).Open(),
		projections.Bool("signed_in", func(r *Row) *bool { return &r.SignedIn }).Open(),
		projections.OptionalTime("away_since", func(r *Row) **time.Time { return &r.AwaySince }).Open(),
		projections.Text("reason", func(r *Row) *string { return &r.Reason }).Open(),
		projections.Texts("due", func(r *Row) *[]string { return &r.Due }).Open(),
		projections.Int("missed", func(r *Row) *int { return &r.Missed }).Open(),
	),
	KeyOf: func(r Row) string { return r.UserID },
	Keys: func(e eventstore.Recorded) []string {
		if _, ok := e.Event.(agent.Event); !ok {
			return nil
		}
		return []string{e.AggregateID}
	},
	New:    func(id string) Row { return Row{UserID: id, State: string(agent.SignedOutNow)} },
	Evolve: evolve,
	Changes: func(before, after Row, _ eventstore.Recorded) []projections.Change {
		return []projections.Change{{Kind: projections.UserChanged, ID: after.UserID, Agents: []string{after.UserID}}}
	},
}

var offerings = projections.Table[offeringKey, Offering]{
	Name: "agent_offerings_v1",
	Columns: projections.Columns(
		projections.Key("queue_id", func(r *Offering) *string { return &r.QueueID }).Open(),
		projections.Key("user_id", func(r *Offering) *string { return &r.UserID }).Open(),
		projections.Time("last_offered_at", func(r *Offering) *time.Time { return &r.LastOfferedAt }).Open(),
	),
	KeyOf: func(r Offering) offeringKey { return offeringKey{r.QueueID, r.UserID} },
	Keys: func(e eventstore.Recorded) []offeringKey {
		o, ok := e.Event.(interaction.Offered)
		if !ok {
			return nil
		}
		var keys []offeringKey
		for _, a := range o.Agents {
			keys = append(keys, offeringKey{string(o.QueueID), string(a)})
		}
		return keys
	},
	New: func(k offeringKey) Offering { return Offering{QueueID: k.queue, UserID: k.user} },
	Evolve: func(r Offering, e eventstore.Recorded) Offering {
		if o, ok := e.Event.(interaction.Offered); ok {
			r.LastOfferedAt = o.At
		}
		return r
	},
}

// evolve folds one event into a row. It is a pure function.
func evolve(r Row, e eventstore.Recorded) Row {
	var at time.Time
	switch ev := e.Event.(type) {
	case agent.SignedIn:
		r.SignedIn, r.AwaySince, r.Missed, at = true, nil, 0, ev.At
	case agent.Paused:
		at = ev.At
		if ev.Reason == agent.PauseDisposition {
			r.Due = append(slices.Clone(r.Due), string(ev.InteractionID))
		} else {
			r.Reason = ev.Reason
		}
	case agent.Resumed:
		r.Reason, r.Due, r.Missed, at = "", nil, 0, ev.At
	case agent.Away:
		at = ev.At
		r.AwaySince = &at
	case agent.Returned:
		r.AwaySince, at = nil, ev.At
	case agent.SignedOut:
		r.SignedIn, r.AwaySince, r.Reason, at = false, nil, "", ev.At
	case agent.OfferMissed:
		r.Missed = ev.InARow
		return r
	case agent.OfferAnswered:
		r.Missed = 0
		return r
	}
	if state := r.presence(); state != r.State || r.Since.IsZero() {
		r.State, r.Since = state, at
	}
	return r
}

func (r Row) presence() string {
	switch {
	case !r.SignedIn:
		return string(agent.SignedOutNow)
	case r.AwaySince != nil:
		return string(agent.AwayNow)
	case r.Reason != "" || len(r.Due) > 0:
		return string(agent.PausedNow)
	}
	return string(agent.Available)
}
