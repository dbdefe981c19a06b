// Package agents is the read model of who is there: agents' presence, and when each was last offered something.
package agents

import (
	"slices"
	"time"

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
	AwaySince *time.Time // no browser connected since then
	Reason    string     // of a pause he, a supervisor or the limit of missed offers made
	Due       []string   // interactions whose disposition is due
	Missed    int        // offers in a row
}

// Why is the reason of the pause that is shown, and the interaction whose disposition is due when that is the reason.
func (r Row) Why() (reason, interactionID string) {
	switch {
	case !r.SignedIn:
		return "", ""
	case len(r.Due) > 0:
		return agent.PauseDisposition, r.Due[0]
	}
	return r.Reason, ""
}

// Offering is when an agent was last offered an interaction of a queue.
type Offering struct {
	QueueID       string
	UserID        string
	LastOfferedAt time.Time
}

type offeringKey struct{ queue, user string }

// Name is what the read model is called where it is waited for, its version included.
const Name = "agents_v1"

// Model is the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table, offerings}, Schema: schema, Views: views}
}

var table = projections.Table[string, Row]{
	Name: "agents_v1",
	Key:  1,
	Columns: []projections.Column[Row]{
		projections.Col("user_id", "text", func(r *Row) *string { return &r.UserID }),
		projections.Col("state", "text", func(r *Row) *string { return &r.State }),
		projections.Col("since", "timestamptz", func(r *Row) *time.Time { return &r.Since }),
		projections.Col("signed_in", "bool", func(r *Row) *bool { return &r.SignedIn }),
		projections.Col("away_since", "timestamptz", func(r *Row) **time.Time { return &r.AwaySince }),
		projections.Col("reason", "text", func(r *Row) *string { return &r.Reason }),
		projections.Col("due", "text[]", func(r *Row) *[]string { return &r.Due }),
		projections.Col("missed", "int4", func(r *Row) *int { return &r.Missed }),
	},
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
		return []projections.Change{{Kind: "user", ID: after.UserID, Agents: []string{after.UserID}}}
	},
}

var offerings = projections.Table[offeringKey, Offering]{
	Name: "agent_offerings_v1",
	Key:  2,
	Columns: []projections.Column[Offering]{
		projections.Col("queue_id", "text", func(r *Offering) *string { return &r.QueueID }),
		projections.Col("user_id", "text", func(r *Offering) *string { return &r.UserID }),
		projections.Col("last_offered_at", "timestamptz", func(r *Offering) *time.Time { return &r.LastOfferedAt }),
	},
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

// evolve folds one event into one row. Pure.
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

const schema = `
CREATE TABLE {table:agents_v1} (
	user_id text PRIMARY KEY,
	state text NOT NULL,
	since timestamptz NOT NULL,
	signed_in bool NOT NULL,
	away_since timestamptz,
	reason text NOT NULL,
	due text[],
	missed int4 NOT NULL
);
CREATE TABLE {table:agent_offerings_v1} (
	queue_id text NOT NULL,
	user_id text NOT NULL,
	last_offered_at timestamptz NOT NULL,
	PRIMARY KEY (queue_id, user_id)
);
`

const views = `
CREATE OR REPLACE VIEW app.agents AS SELECT * FROM {table:agents_v1};
CREATE OR REPLACE VIEW masked.agents AS SELECT * FROM {table:agents_v1};
CREATE OR REPLACE VIEW app.agent_offerings AS SELECT * FROM {table:agent_offerings_v1};
CREATE OR REPLACE VIEW masked.agent_offerings AS SELECT * FROM {table:agent_offerings_v1};
`
