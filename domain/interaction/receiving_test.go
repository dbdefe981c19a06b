package interaction_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestReceivingAMessage(t *testing.T) {
	edit := MessageEdited{MessageID: "in-1", EditID: "edit-1", AddressID: "anna",
		Content: Content{Text: "hello!"}, SentAt: noon, At: noon}
	revoke := MessageRevoked{MessageID: "in-1", RevokeID: "revoke-1", SentAt: noon, At: noon}
	heart := ReactionReceived{MessageID: "out-1", ReactionID: "r-1", AddressID: "anna", Emoji: "❤️",
		SentAt: noon, At: noon}
	stored := MediaStored{MessageID: "in-1", AddressID: "anna", BlobID: "b1", MimeType: "image/png", Size: 9, At: noon}
	gone := MediaFailed{MessageID: "in-1", Code: "GONE", At: noon}
	moved := MessageReceived{MessageID: "in-9", AddressID: "anna", Kind: KindSystem, SentAt: noon, At: noon}
	late, lateHeart := edit, heart
	late.EditID, late.SentAt = "edit-0", after(-time.Minute)
	lateHeart.ReactionID, lateHeart.SentAt = "r-0", after(-time.Minute)
	lost := MessageReceived{MessageID: "in-7", AddressID: "anna", Kind: KindImage,
		Content: Content{Media: &Media{MimeType: "image/png"},
			Problem: &Failure{Reason: ProblemFile}}, SentAt: noon, At: noon}
	placeholder := MessageReceived{MessageID: "in-1", AddressID: "anna", Kind: KindUnsupported, SentAt: noon,
		Content: Content{Problem: &Failure{Reason: ProblemWithheld, Code: "131060"}}, At: noon}
	arrived := ContentArrived{MessageID: "in-1", AddressID: "anna", Kind: KindText, Content: hello.Content, At: noon}
	found := lost
	found.Content.Problem = nil
	foundFile := ContentArrived{MessageID: "in-7", AddressID: "anna", Kind: KindImage, Content: found.Content, At: noon}
	next := opened
	next.Number, next.PreviousID = 2, "first"
	next.Recent = []Seen{{Tag: "0123456789abcdef", At: noon}}
	old := hello
	old.MessageID = "01234567-89ab-cdef-0000-000000000000"
	mine := opened
	mine.Origin, mine.By = OriginAgent, "ben"

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a customer's first message opens a session", When: Open{opened}, Then: history(opened)},
		{Name: "an agent who opens a session owns it", When: Open{mine}, Then: history(mine, Assigned{To: "ben", By: "ben", At: noon})},
		{Name: "a session is opened only once", Given: history(opened), When: Open{opened}, Err: ErrOpen},
		{Name: "a closed session is not opened again", Given: over, When: Open{opened}, Err: ErrOpen},
		{Name: "what the customer wrote replaces a placeholder", Given: history(opened, placeholder), When: Receive{hello},
			Then: history(arrived)},
		{Name: "what the customer wrote replaces a placeholder even after closing", Given: history(opened, placeholder, offered, byBen, closed),
			When: Receive{hello}, Then: history(arrived)},
		{Name: "a placeholder delivered twice counts once", Given: history(opened, placeholder), When: Receive{placeholder}},
		{Name: "a late placeholder does not replace the text", Given: waiting, When: Receive{placeholder}},
		{Name: "a placeholder does not come back", Given: history(opened, placeholder, arrived), When: Receive{placeholder}},
		{Name: "a placeholder is replaced once", Given: history(opened, placeholder, arrived), When: Receive{hello}},
		{Name: "a deleted placeholder stays deleted", Given: history(opened, placeholder, revoke), When: Receive{hello}},
		{Name: "a file that was missing replaces its placeholder",
			Given: history(opened, lost, MediaFailed{MessageID: "in-7", Code: string(ProblemFile), At: noon}),
			When:  Receive{found}, Then: history(foundFile)},

		{Name: "a message before the session is opened is refused", When: Receive{hello}, Err: ErrUnknown},
		{Name: "a customer's message is recorded", Given: history(opened), When: Receive{hello}, Then: history(hello)},
		{Name: "a redelivered message changes nothing", Given: waiting, When: Receive{hello}},
		{Name: "a message redelivered after closing changes nothing", Given: over, When: Receive{hello}},
		{Name: "a redelivered message of the previous session changes nothing", Given: history(next), When: Receive{old}},
		{Name: "a new message does not go into a closed session", Given: over, When: Receive{thanks}, Err: ErrClosed},
		{Name: "a closed session still records a system message", Given: over, When: Receive{moved}, Then: history(moved)},

		{Name: "a message whose file is unavailable does not wait for it", Given: waiting,
			When: Receive{lost}, Then: history(lost,
				MediaFailed{MessageID: "in-7", Code: string(ProblemFile), At: noon})},

		{Name: "an edit is recorded", Given: waiting, When: ReceiveEdit{edit}, Then: history(edit)},
		{Name: "an edit is recorded after closing", Given: over, When: ReceiveEdit{edit}, Then: history(edit)},
		{Name: "an edit delivered twice counts once", Given: and(waiting, edit), When: ReceiveEdit{edit}},
		{Name: "an edit of a message from elsewhere is refused", Given: history(opened), When: ReceiveEdit{edit}, Err: ErrNoMessage},
		{Name: "an edit older than the current one is ignored", Given: and(waiting, edit), When: ReceiveEdit{late}},
		{Name: "a reaction older than the current one is ignored", Given: and(bens, answered, heart), When: ReceiveReaction{lateHeart}},
		{Name: "an edit of a deleted message is ignored", Given: and(waiting, revoke), When: ReceiveEdit{edit}},
		{Name: "a deletion is recorded", Given: over, When: ReceiveRevoke{revoke}, Then: history(revoke)},
		{Name: "deleting a message twice is a no-op", Given: and(waiting, revoke),
			When: ReceiveRevoke{MessageRevoked{MessageID: "in-1", RevokeID: "revoke-2"}}},
		{Name: "a reaction reaches its message in a closed session", Given: and(bens, answered, closed),
			When: ReceiveReaction{heart}, Then: history(heart)},
		{Name: "a reaction delivered twice counts once", Given: and(bens, answered, heart), When: ReceiveReaction{heart}},
		{Name: "a reaction to a message from elsewhere is refused", Given: waiting, When: ReceiveReaction{heart}, Err: ErrNoMessage},

		{Name: "a file is stored even after closing", Given: over, When: StoreMedia{stored}, Then: history(stored)},
		{Name: "storing a file twice is a no-op", Given: and(waiting, stored), When: StoreMedia{MediaStored{MessageID: "in-1", BlobID: "b2"}}},
		{Name: "a file can be stored after it failed", Given: and(waiting, gone), When: StoreMedia{stored}, Then: history(stored)},
		{Name: "a stored file cannot fail", Given: and(waiting, stored), When: FailMedia{gone}},
		{Name: "recording a failed file twice is a no-op", Given: and(waiting, gone), When: FailMedia{gone}},
		{Name: "a file of a message from elsewhere is refused", Given: history(opened), When: StoreMedia{stored}, Err: ErrNoMessage},
	})
}

func TestTheNextSessionCarriesOverWhatItsRulesNeed(t *testing.T) {
	recent := opened
	recent.Recent = []Seen{{Tag: "aaaaaaaaaaaaaaaa", At: after(-9 * day)},
		{Tag: "bbbbbbbbbbbbbbbb", At: after(-5 * day)}}
	first := hello
	first.MessageID = "01234567-89ab-cdef-0000-000000000000"
	s := Decider.Fold(history(recent, first, byBen, ContactLinked{ContactID: "c1", At: noon}, closed))

	at := noon
	require.Equal(t, Opened{
		AccountID: "acc", AddressID: "anna", Channel: "whatsapp", ContactID: "c1", Number: 2, PreviousID: "this",
		LastInboundAt: &at, LastOwner: "ben",
		Recent: []Seen{{Tag: "bbbbbbbbbbbbbbbb", At: after(-5 * day)}, {Tag: "0123456789abcdef", At: noon}},
	}, s.CarryOver("this", after(time.Hour)))

	require.Len(t, s.CarryOver("this", after(8*day)).Recent, 0, "providers no longer redeliver after eight days")
}

func TestTheCarryOverStaysSmallEnoughForOneAppend(t *testing.T) {
	s := Decider.Fold(history(opened))
	for i := range 6_000 {
		m := hello
		m.MessageID = domain.MessageID(time.Duration(i).String() + "-0000-0000-0000-000000000000")
		m.At = after(time.Duration(i) * time.Second)
		s = Evolve(s, m)
	}
	recent := s.CarryOver("this", after(2*time.Hour)).Recent
	require.Len(t, recent, 4096)
	require.Equal(t, after(5_999*time.Second), recent[4095].At, "the newest ones are kept")
}
