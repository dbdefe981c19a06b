package verify

import (
	"time"

	"parley/commands"
	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
)

// How long a message may be in progress before it counts as forgotten.
const (
	longestCall = 5 * time.Minute // from a claim to its outcome
	longestWait = 25 * time.Hour  // from queueing to the last attempt
)

// sending checks that every message ends as sent, failed or unknown, is claimed again only after the provider
// did not take it, and reaches the provider at most once.
type sending struct {
	Options
	messages map[string]*outbound // by callback data
	ends     Finding
	claims   Finding
	once     Finding
}

type outbound struct {
	state outboundState
	since time.Time
}

type outboundState string

const (
	queued  outboundState = "queued"
	claimed outboundState = "claimed"
	settled outboundState = "settled" // accepted, failed or unknown
)

func newSending(o Options) *sending {
	return &sending{
		Options: o, messages: make(map[string]*outbound),
		ends:   Finding{Invariant: "a queued message ends as sent, failed or unknown"},
		claims: Finding{Invariant: "a message is claimed again only after it was not accepted"},
		once:   Finding{Invariant: "the provider received a message at most once, and only a claimed one"},
	}
}

func (s *sending) observe(e eventstore.Recorded) {
	to := func(message domain.MessageID, state outboundState, at time.Time) {
		name := commands.CallbackData(domain.InteractionID(e.AggregateID), message)
		m := s.messages[name]
		if m == nil {
			m = &outbound{}
			s.messages[name] = m
		}
		if state == claimed {
			s.claims.Checked++
			if m.state != queued {
				s.claims.violated("%s claimed at %s while %s", name, e.Position, m.state)
			}
		}
		m.state, m.since = state, at
	}
	switch ev := e.Event.(type) {
	case interaction.MessageQueued:
		s.ends.Checked++
		to(ev.MessageID, queued, ev.At)
	case interaction.MessageSendStarted:
		to(ev.MessageID, claimed, ev.At)
	case interaction.MessageNotAccepted:
		to(ev.MessageID, queued, ev.At)
	case interaction.MessageAccepted:
		to(ev.MessageID, settled, ev.At)
	case interaction.MessageFailed:
		to(ev.MessageID, settled, ev.At)
	case interaction.MessageOutcomeUnknown:
		to(ev.MessageID, settled, ev.At)
	}
}

func (s *sending) findings() []Finding {
	for name, m := range s.messages {
		patience := map[outboundState]time.Duration{queued: longestWait, claimed: longestCall}[m.state]
		if m.state != settled && (s.Quiet || s.Now.Sub(m.since) > patience) {
			s.ends.violated("%s has been %s since %s", name, m.state, m.since.Format(time.RFC3339))
		}
	}
	times := make(map[string]int)
	for _, name := range s.Received {
		s.once.Checked++
		times[name]++
		switch m := s.messages[name]; {
		case times[name] > 1:
			s.once.violated("%s was taken twice", name)
		case m == nil || m.state == queued:
			s.once.violated("%s was taken without a claim", name)
		}
	}
	return []Finding{s.ends, s.claims, s.once}
}
