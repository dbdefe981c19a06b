package verify

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/eventstore"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// story is a log in the making.
type story struct {
	events []eventstore.Recorded
	next   map[string]uint64
}

// tell appends events to a stream, each by a command of its own.
func (s *story) tell(stream string, events ...domain.Event) *story {
	if s.next == nil {
		s.next = make(map[string]uint64)
	}
	aggregate, id, _ := strings.Cut(stream, "-")
	for _, e := range events {
		commit := uint64(len(s.events) + 1)
		s.events = append(s.events, eventstore.Recorded{
			ID: uuid.New(), Stream: stream, Aggregate: aggregate, AggregateID: id, Revision: s.next[stream], Type: e.EventType(), Event: e,
			Position: eventstore.Position{Commit: commit, Prepare: commit}, Metadata: eventstore.Metadata{CommandID: uuid.NewString()},
		})
		s.next[stream]++
	}
	return s
}

func (s *story) check(q Question) []Finding {
	q.Now = noon.Add(time.Hour)
	all := rules(q)
	for _, e := range s.events {
		for _, r := range all {
			r.see(e)
		}
	}
	return findings(all)
}

// good is a session in which all is as it must be.
func good() *story {
	s := new(story)
	s.tell("interaction-a", interaction.Opened{AccountID: "acc", AddressID: "adr", At: noon}, received("m1", "wamid.1"), interaction.Accepted{By: "ben", At: noon})
	s.tell("interaction-a", interaction.MessageQueued{MessageID: "m2", At: noon}, interaction.MessageSendStarted{MessageID: "m2", Attempt: 1, At: noon})
	s.tell("interaction-a", interaction.MessageNotTaken{MessageID: "m2", Attempt: 1, At: noon}, interaction.MessageSendStarted{MessageID: "m2", Attempt: 2, At: noon})
	s.tell("interaction-a", interaction.MessageAccepted{MessageID: "m2", At: noon}, interaction.TransferStarted{TransferID: "t", By: "ben", At: noon})
	s.tell("transfer-t", transfer.Requested{By: "ben", ExpiresAt: noon.Add(time.Minute)}, transfer.Accepted{By: "cho"})
	s.tell("interaction-a", interaction.OwnerChanged{TransferID: "t", From: "ben", To: "cho", At: noon})
	s.tell("transfer-t", transfer.Completed{By: "cho"})
	return s.tell("interaction-a", interaction.Closed{By: "cho", At: noon})
}

func received(id, provider string) interaction.MessageReceived {
	return interaction.MessageReceived{MessageID: domain.MessageID(id), ProviderMessageID: provider, AddressID: "adr", At: noon}
}

func TestAGoodLogHasNoViolations(t *testing.T) {
	found := good().check(Question{
		Quiet: true, Ledger: []Entry{{Message: "wamid.1", Acked: true}, {Message: "wamid.9"}}, Received: []string{"a.m2"},
	})
	require.Zero(t, Violations(found), "%+v", found)
}

func TestEveryInvariantIsSeenBroken(t *testing.T) {
	for _, c := range []struct {
		name, says string
		story      func() *story
		q          Question
	}{
		{"an acknowledged message is missing", "acknowledged", good, Question{Ledger: []Entry{{Message: "wamid.9", Acked: true}}}},
		{"an acknowledged command is missing", "acknowledged", good, Question{Ledger: []Entry{{Command: "c", Acked: true}}}},
		{"a position goes back", "positions rise", func() *story {
			s := good()
			s.events[3].Position.Commit = 1
			return s
		}, Question{}},
		{"a revision is left out", "revisions", func() *story {
			s := good()
			s.events[2].Revision = 7
			return s
		}, Question{}},
		{"a provider message was received twice", "one message received", func() *story {
			return good().tell("interaction-b", interaction.Opened{AccountID: "acc", AddressID: "adr"}, received("m1", "wamid.1"))
		}, Question{}},
		{"a command was carried out twice", "one set of events", func() *story {
			s := good()
			s.events[2].Metadata.CommandID = s.events[0].Metadata.CommandID
			return s
		}, Question{}},
		{"an event is of a newer program", "folds at every prefix", func() *story {
			return good().tell("interaction-a", eventstore.Unknown{Type: "InteractionTeleported"})
		}, Question{}},
		{"an owned interaction is accepted again", "at most one owner", func() *story {
			return new(story).tell("interaction-a", interaction.Opened{}, interaction.Accepted{By: "ben"}, interaction.Accepted{By: "cho"})
		}, Question{}},
		{"a closed interaction gets an owner", "at most one owner", func() *story {
			return good().tell("interaction-a", interaction.Assigned{To: "dan"})
		}, Question{}},
		{"a transfer nobody started changes the owner", "at most one owner", func() *story {
			return new(story).tell("interaction-a", interaction.Opened{}, interaction.Accepted{By: "ben"}, interaction.OwnerChanged{TransferID: "x", From: "ben", To: "cho"})
		}, Question{}},
		{"a customer has two open interactions", "at most one open interaction", func() *story {
			return new(story).tell("interaction-a", interaction.Opened{}).tell("interaction-b", interaction.Opened{})
		}, Question{}},
		{"a transfer ends twice", "a transfer ends", func() *story { return good().tell("transfer-t", transfer.Expired{}) }, Question{}},
		{"a transfer is long over and has not ended", "a transfer ends", func() *story {
			return good().tell("transfer-u", transfer.Requested{ExpiresAt: noon})
		}, Question{}},
		{"an interaction does not know that its transfer is over", "a transfer ends", func() *story {
			return good().tell("interaction-b", interaction.Opened{AddressID: "other"}, interaction.TransferStarted{TransferID: "t"})
		}, Question{Quiet: true}},
		{"an offer expires twice", "offer expires", func() *story {
			return new(story).tell("interaction-a", interaction.Opened{}, interaction.OfferExpired{OfferID: "o"}, interaction.OfferExpired{OfferID: "o"})
		}, Question{}},
		{"a claim has no outcome", "ends as sent", func() *story {
			return good().tell("interaction-a", interaction.MessageQueued{MessageID: "m3", At: noon}, interaction.MessageSendStarted{MessageID: "m3", At: noon})
		}, Question{}},
		{"a message is still queued when all is quiet", "ends as sent", func() *story {
			return good().tell("interaction-a", interaction.MessageQueued{MessageID: "m3", At: noon.Add(time.Hour)})
		}, Question{Quiet: true}},
		{"a message of unknown outcome is claimed again", "claimed again only", func() *story {
			return good().tell("interaction-a", interaction.MessageQueued{MessageID: "m3"}, interaction.MessageSendStarted{MessageID: "m3"},
				interaction.MessageOutcomeUnknown{MessageID: "m3"}, interaction.MessageSendStarted{MessageID: "m3"}, interaction.MessageAccepted{MessageID: "m3"})
		}, Question{}},
		{"the provider got a message twice", "at most once, and", good, Question{Received: []string{"a.m2", "a.m2"}}},
		{"the provider got a message nobody claimed", "at most once, and", good, Question{Received: []string{"a.m7"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var broken []string
			for _, f := range c.story().check(c.q) {
				if f.Violated > 0 {
					require.NotEmpty(t, f.Examples)
					broken = append(broken, f.Says)
				}
			}
			require.Len(t, broken, 1, "%q", broken)
			require.Contains(t, broken[0], c.says)
		})
	}
}

func TestALedgerIsReadLineByLine(t *testing.T) {
	ledger, err := ReadLedger(strings.NewReader("{\"message\":\"wamid.1\",\"acked\":false}\n{\"command\":\"c\",\"acked\":true}\n"))
	require.NoError(t, err)
	require.Equal(t, []Entry{{Message: "wamid.1"}, {Command: "c", Acked: true}}, ledger)
	_, err = ReadLedger(strings.NewReader("{}\nnonsense\n"))
	require.ErrorContains(t, err, "line 2")
	received, err := ReadReceived(strings.NewReader(`{"callbackData":"a.m2"}`))
	require.NoError(t, err)
	require.Equal(t, []string{"a.m2"}, received)
}
