package interaction_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestObservingAMessage(t *testing.T) {
	typed := MessageObserved{MessageID: "echo-1", AddressID: "anna", Author: AuthorPhoneApp, Kind: KindText, ProviderTag: "tag-e",
		Status: StatusSent, Content: Content{Text: "from the phone"}, SentAt: after(time.Minute), At: after(time.Minute)}
	question := MessageObserved{MessageID: "sb-1", AddressID: "anna", Author: AuthorCustomer, Kind: KindText,
		Content: Content{Text: "to the other app"}, SentAt: after(time.Minute), At: after(time.Minute)}
	before := opened
	before.Number, before.Origin = 0, OriginBefore
	beforeAll := history(before, Closed{At: noon})
	old := question
	old.Before = true
	blank := question
	blank.Before, blank.Kind, blank.Content = true, KindUnsupported, Content{}
	arrived := ContentArrived{MessageID: "sb-1", AddressID: "anna", Kind: KindText, Content: question.Content, At: question.At}
	bare := func(e MessageObserved) Observe { e.AddressID, e.Before = "", false; return Observe{e} }
	unsent := typed
	unsent.Status = ""
	delivered := MessageDelivered{MessageID: "echo-1", StatusAt: after(time.Hour), At: after(time.Hour)}
	read := RecordStatus{MessageID: "echo-1", Status: StatusDelivered, StatusAt: after(time.Hour), At: after(time.Hour)}
	revoke := MessageRevoked{MessageID: "echo-1", RevokeID: "r-1", SentAt: noon, At: noon}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a message from the phone app joins an open session", Given: bens, When: bare(unsent), Then: history(typed)},
		{Name: "a message from the phone app joins a closed session", Given: over, When: bare(typed), Then: history(typed)},
		{Name: "a message from the phone app is recorded once", Given: and(bens, typed), When: bare(typed)},
		{Name: "an echo of a message that we sent ourselves is none", Given: and(bens, answered, started,
			MessageAccepted{MessageID: "out-1", AddressID: "anna", ProviderTag: "tag-e", At: noon}), When: bare(typed)},
		{Name: "a status of a message from the phone app is recorded", Given: and(bens, typed), When: read, Then: history(delivered)},
		{Name: "a message that is deleted on the phone is deleted here", Given: and(over, typed), When: ReceiveRevoke{revoke},
			Then: history(revoke)},
		{Name: "what came before the first session is closed from the start", When: Open{before}, Then: beforeAll},
		{Name: "an old message keeps the time it was sent", Given: beforeAll, When: bare(question), Then: history(old)},
		{Name: "an old message is recorded once", Given: and(beforeAll, old), When: bare(question)},
		{Name: "the content of an old message replaces its placeholder", Given: and(beforeAll, blank), When: bare(question),
			Then: history(arrived)},
		{Name: "a customer's message is received once, even if another app has handled it", Given: and(waiting, question),
			When: Receive{MessageReceived{MessageID: "sb-1", Kind: KindText, At: noon}}},
	})
}

func TestAnObservedMessageChangesOnlyWhatItMust(t *testing.T) {
	fold := func(events ...Event) State {
		var s State
		for _, e := range events {
			s = Evolve(s, e)
		}
		return s
	}
	later := after(2 * time.Hour)
	typed := MessageObserved{MessageID: "echo-1", Author: AuthorPhoneApp, SentAt: later, At: later}
	question := MessageObserved{MessageID: "sb-1", Author: AuthorCustomer, SentAt: later, At: later}
	handover := MessageReceived{MessageID: "h-1", Kind: KindHandover, SentAt: later, At: later}
	call := MessageReceived{MessageID: "c-1", Kind: KindCall, SentAt: later, At: later,
		Content: Content{Call: &Call{Outcome: CallMissed}}}
	for _, c := range []struct {
		name string
		e    Event
		want time.Time
	}{
		{"a message from the phone app does not open the window", typed, noon},
		{"a customer's message to another app opens it", question, later},
		{"a handover does not open it", handover, noon},
		{"a call opens it", call, later},
	} {
		require.Equal(t, c.want, fold(opened, hello, c.e).LastInboundAt, c.name)
	}
}
