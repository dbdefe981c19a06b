package verify

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/address"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/eventstore"
)

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// history builds a log event by event.
type history struct {
	events []eventstore.Recorded
	next   map[string]uint64
}

// append appends events to a stream, each by its own command.
func (h *history) append(stream string, events ...domain.Event) *history {
	if h.next == nil {
		h.next = make(map[string]uint64)
	}
	aggregate, id, _ := strings.Cut(stream, "-")
	for _, e := range events {
		commit := uint64(len(h.events) + 1)
		h.events = append(h.events, eventstore.Recorded{
			ID: uuid.New(), Stream: stream, Aggregate: aggregate, AggregateID: id, Revision: h.next[stream],
			Type: e.EventType(), Event: e, Position: eventstore.Position{Commit: commit, Prepare: commit},
			Metadata: eventstore.Metadata{CommandID: uuid.NewString(), AccountID: "acc"},
		})
		h.next[stream]++
	}
	return h
}

func (h *history) check(o Options) []Finding {
	o.Now = noon.Add(time.Hour)
	all := rules(o)
	for _, e := range h.events {
		for _, r := range all {
			r.observe(e)
		}
	}
	return findings(all)
}

// valid returns the log of a session that violates nothing.
func valid() *history {
	s := new(history)
	s.append("interaction-ad-a", interaction.Opened{AccountID: "acc", AddressID: "adr", At: noon},
		received("m1", "wamid.1"), interaction.Accepted{By: "ben", At: noon})
	s.append("interaction-ad-a", interaction.MessageQueued{MessageID: "m2", At: noon},
		interaction.MessageSendStarted{MessageID: "m2", Attempt: 1, At: noon})
	s.append("interaction-ad-a", interaction.MessageNotAccepted{MessageID: "m2", Attempt: 1, At: noon},
		interaction.MessageSendStarted{MessageID: "m2", Attempt: 2, At: noon})
	s.append("interaction-ad-a", interaction.MessageAccepted{MessageID: "m2", At: noon},
		interaction.TransferStarted{TransferID: "ad-t", By: "ben", At: noon})
	s.append("transfer-ad-t", transfer.Requested{InteractionID: "ad-a", By: "ben",
		ExpiresAt: noon.Add(time.Minute)}, transfer.Accepted{By: "cho"})
	s.append("interaction-ad-a", interaction.OwnerChanged{TransferID: "ad-t", From: "ben", To: "cho", At: noon})
	s.append("transfer-ad-t", transfer.Completed{By: "cho"})
	return s.append("interaction-ad-a", interaction.Closed{By: "cho", At: noon})
}

func received(id, provider string) interaction.MessageReceived {
	return interaction.MessageReceived{MessageID: domain.MessageID(id), ProviderMessageID: provider,
		AddressID: "adr", At: noon}
}

func TestAValidLogHasNoViolations(t *testing.T) {
	found := valid().check(Options{
		Quiet: true, Ledger: []Entry{{Message: "wamid.1", Acked: true}, {Message: "wamid.9"}},
		Received: []string{"ad-a.m2"},
	})
	require.Zero(t, Violations(found), "%+v", found)
}

func TestEveryViolationOfAnInvariantIsFound(t *testing.T) {
	for _, c := range []struct {
		name, invariant string
		history         func() *history
		options         Options
	}{
		{"an acknowledged message is missing", "acknowledged", valid,
			Options{Ledger: []Entry{{Message: "wamid.9", Acked: true}}}},
		{"an acknowledged command is missing", "acknowledged", valid,
			Options{Ledger: []Entry{{Command: "c", Acked: true}}}},
		{"a position goes back", "positions increase", func() *history {
			s := valid()
			s.events[3].Position.Commit = 1
			return s
		}, Options{}},
		{"a revision is left out", "revisions", func() *history {
			s := valid()
			s.events[2].Revision = 7
			return s
		}, Options{}},
		{"a provider message was received twice", "one message received", func() *history {
			return valid().append("interaction-ad-b", interaction.Opened{AccountID: "acc", AddressID: "adr"},
				received("m1", "wamid.1"))
		}, Options{}},
		{"a command was carried out twice", "one set of events", func() *history {
			s := valid()
			s.events[2].Metadata.CommandID = s.events[0].Metadata.CommandID
			return s
		}, Options{}},
		{"an event does not name its account", "events of an account", func() *history {
			s := valid()
			s.events[4].Metadata.AccountID = ""
			return s
		}, Options{}},
		{"an event of a transfer names another account", "events of an account", func() *history {
			s := valid()
			s.events[9].Metadata.AccountID = "other"
			return s
		}, Options{}},
		{"an interaction is outside its address's shard", "an interaction is in its address's shard",
			func() *history {
				return valid().append("interaction-cc-c",
					interaction.Opened{AccountID: "acc", AddressID: "ad-other"})
			}, Options{}},
		{"a transfer is outside its interaction's shard", "an interaction is in its address's shard",
			func() *history {
				return valid().append("transfer-cc-u",
					transfer.Requested{InteractionID: "ad-a", ExpiresAt: noon.Add(time.Hour)})
			}, Options{}},
		{"an event is of a newer program", "folds at every prefix", func() *history {
			return valid().append("interaction-ad-a", eventstore.Unknown{Type: "InteractionTeleported"})
		}, Options{}},
		{"an owned interaction is accepted again", "at most one owner", func() *history {
			return new(history).append("interaction-ad-a",
				interaction.Opened{AccountID: "acc", AddressID: "adr"}, interaction.Accepted{By: "ben"},
				interaction.Accepted{By: "cho"})
		}, Options{}},
		{"a closed interaction gets an owner", "at most one owner", func() *history {
			return valid().append("interaction-ad-a", interaction.Assigned{To: "dan"})
		}, Options{}},
		{"a transfer that never started changes the owner", "at most one owner", func() *history {
			return new(history).append("interaction-ad-a",
				interaction.Opened{AccountID: "acc", AddressID: "adr"}, interaction.Accepted{By: "ben"},
				interaction.OwnerChanged{TransferID: "x", From: "ben", To: "cho"})
		}, Options{}},
		{"a customer has an open interaction under each of two linked addresses", "over all their addresses", func() *history {
			return new(history).append("interaction-ad-a", interaction.Opened{AccountID: "acc", AddressID: "adr", At: noon}).
				append("interaction-be-a", interaction.Opened{AccountID: "acc", AddressID: "bee", At: noon}).
				append("address-bee", address.AliasNamed{Canonical: "bee"}, address.AliasLinked{From: "bee", Canonical: "adr", At: noon})
		}, Options{}},
		{"a survivor does not know what was joined into it", "both interactions of a join", func() *history {
			return valid().append("interaction-be-a", interaction.Opened{AccountID: "acc", AddressID: "bee", At: noon},
				interaction.JoinedInto{Survivor: "ad-a", At: noon}, interaction.Closed{At: noon})
		}, Options{}},
		{"a survivor does not know who was merged into it", "both contacts of a merge", func() *history {
			return valid().append("contact-c", contact.MergedInto{Survivor: "d", At: noon})
		}, Options{}},
		{"a survivor keeps a contact whose merge was undone", "both contacts of a merge", func() *history {
			return valid().append("contact-c", contact.MergedInto{Survivor: "d", At: noon}, contact.Restored{From: "d", At: noon}).
				append("contact-d", contact.Merged{Other: "c", At: noon})
		}, Options{}},
		{"a customer has two open interactions", "at most one open interaction", func() *history {
			return new(history).append("interaction-ad-a",
				interaction.Opened{AccountID: "acc", AddressID: "adr"}).append("interaction-ad-b",
				interaction.Opened{AccountID: "acc", AddressID: "adr"})
		}, Options{}},
		{"a transfer ends twice", "a transfer ends",
			func() *history { return valid().append("transfer-ad-t", transfer.Expired{}) }, Options{}},
		{"an overdue transfer has not ended", "a transfer ends", func() *history {
			return valid().append("transfer-ad-u", transfer.Requested{InteractionID: "ad-a", ExpiresAt: noon})
		}, Options{}},
		{"an interaction still shows a transfer that is over", "a transfer ends", func() *history {
			return valid().append("interaction-ad-b",
				interaction.Opened{AccountID: "acc", AddressID: "ad-other"},
				interaction.TransferStarted{TransferID: "ad-t"})
		}, Options{Quiet: true}},
		{"an offer expires twice", "offer expires", func() *history {
			return new(history).append("interaction-ad-a",
				interaction.Opened{AccountID: "acc", AddressID: "adr"}, interaction.OfferExpired{OfferID: "o"},
				interaction.OfferExpired{OfferID: "o"})
		}, Options{}},
		{"a claim has no outcome", "ends as sent", func() *history {
			return valid().append("interaction-ad-a", interaction.MessageQueued{MessageID: "m3", At: noon},
				interaction.MessageSendStarted{MessageID: "m3", At: noon})
		}, Options{}},
		{"a message is still queued when all is quiet", "ends as sent", func() *history {
			return valid().append("interaction-ad-a",
				interaction.MessageQueued{MessageID: "m3", At: noon.Add(time.Hour)})
		}, Options{Quiet: true}},
		{"a message with an unknown outcome is claimed again", "claimed again only", func() *history {
			return valid().append("interaction-ad-a", interaction.MessageQueued{MessageID: "m3"},
				interaction.MessageSendStarted{MessageID: "m3"},
				interaction.MessageOutcomeUnknown{MessageID: "m3"}, interaction.MessageSendStarted{MessageID: "m3"},
				interaction.MessageAccepted{MessageID: "m3"})
		}, Options{}},
		{"the provider got a message twice", "at most once, and", valid,
			Options{Received: []string{"ad-a.m2", "ad-a.m2"}}},
		{"the provider got a message that was never claimed", "at most once, and", valid,
			Options{Received: []string{"ad-a.m7"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var broken []string
			for _, f := range c.history().check(c.options) {
				if f.Violated > 0 {
					require.NotEmpty(t, f.Examples)
					broken = append(broken, f.Invariant)
				}
			}
			require.Len(t, broken, 1, "%q", broken)
			require.Contains(t, broken[0], c.invariant)
		})
	}
}

func TestALedgerIsReadLineByLine(t *testing.T) {
	ledger, err := ReadLedger(strings.NewReader(`{"message":"wamid.1","acked":false}
{"command":"c","acked":true}
`))
	require.NoError(t, err)
	require.Equal(t, []Entry{{Message: "wamid.1"}, {Command: "c", Acked: true}}, ledger)
	_, err = ReadLedger(strings.NewReader("{}\nnonsense\n"))
	require.ErrorContains(t, err, "line 2")
	received, err := ReadReceived(strings.NewReader(`{"callbackData":"ad-a.m2"}`))
	require.NoError(t, err)
	require.Equal(t, []string{"ad-a.m2"}, received)
}
