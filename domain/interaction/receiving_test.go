package interaction_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestReceiving(t *testing.T) {
	edit := MessageEdited{MessageID: "in-1", EditID: "edit-1", AddressID: "anna", Content: Content{Text: "hallo"}, SentAt: noon, At: noon}
	revoke := MessageRevoked{MessageID: "in-1", RevokeID: "revoke-1", SentAt: noon, At: noon}
	heart := ReactionReceived{MessageID: "out-1", ReactionID: "r-1", AddressID: "anna", Emoji: "❤️", SentAt: noon, At: noon}
	stored := MediaStored{MessageID: "in-1", AddressID: "anna", BlobID: "b1", MimeType: "image/png", Size: 9, At: noon}
	gone := MediaFailed{MessageID: "in-1", Code: "GONE", At: noon}
	moved := MessageReceived{MessageID: "in-9", AddressID: "anna", Kind: KindSystem, SentAt: noon, At: noon}
	late, lateHeart := edit, heart
	late.EditID, late.SentAt = "edit-0", after(-time.Minute)
	lateHeart.ReactionID, lateHeart.SentAt = "r-0", after(-time.Minute)
	lost := MessageReceived{MessageID: "in-7", AddressID: "anna", Kind: KindImage, Content: Content{Media: &Media{MimeType: "image/png"}, Code: CodeNoFile}, SentAt: noon, At: noon}
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
		{Name: "a session is opened once (I6)", Given: history(opened), When: Open{opened}, Err: ErrOpen},
		{Name: "also a closed one is not opened again", Given: over, When: Open{opened}, Err: ErrOpen},
		{Name: "nothing can be received before there is a session", When: Receive{hello}, Err: ErrUnknown},
		{Name: "a message is taken in", Given: history(opened), When: Receive{hello}, Then: history(hello)},
		{Name: "a repeated delivery changes nothing (I2)", Given: waiting, When: Receive{hello}},
		{Name: "a repeated delivery changes nothing after closing either (F12)", Given: over, When: Receive{hello}},
		{Name: "a delivery of the session before changes nothing (I2)", Given: history(next), When: Receive{old}},
		{Name: "a new message does not go into a closed session", Given: over, When: Receive{thanks}, Err: ErrClosed},
		{Name: "a system message opens nothing, so the closed session takes it", Given: over, When: Receive{moved}, Then: history(moved)},

		{Name: "a message whose file the provider has lost waits for none", Given: waiting, When: Receive{lost}, Then: history(lost, MediaFailed{MessageID: "in-7", Code: CodeNoFile, At: noon})},

		{Name: "an edit is taken in", Given: waiting, When: ReceiveEdit{edit}, Then: history(edit)},
		{Name: "an edit is taken in after closing", Given: over, When: ReceiveEdit{edit}, Then: history(edit)},
		{Name: "an edit delivered twice counts once", Given: and(waiting, edit), When: ReceiveEdit{edit}},
		{Name: "an edit of a message from elsewhere is refused", Given: history(opened), When: ReceiveEdit{edit}, Err: ErrNoMessage},
		{Name: "an edit that comes after a newer one is not what he says any more", Given: and(waiting, edit), When: ReceiveEdit{late}},
		{Name: "nor is a reaction", Given: and(bens, answered, heart), When: ReceiveReaction{lateHeart}},
		{Name: "what was deleted is not edited any more", Given: and(waiting, revoke), When: ReceiveEdit{edit}},
		{Name: "a deletion is taken in", Given: over, When: ReceiveRevoke{revoke}, Then: history(revoke)},
		{Name: "a message is deleted once", Given: and(waiting, revoke), When: ReceiveRevoke{MessageRevoked{MessageID: "in-1", RevokeID: "revoke-2"}}},
		{Name: "a reaction goes to its target, also in a closed session", Given: and(bens, answered, closed), When: ReceiveReaction{heart}, Then: history(heart)},
		{Name: "a reaction delivered twice counts once", Given: and(bens, answered, heart), When: ReceiveReaction{heart}},
		{Name: "a reaction to a message from elsewhere is refused", Given: waiting, When: ReceiveReaction{heart}, Err: ErrNoMessage},

		{Name: "a file is stored, also after closing", Given: over, When: StoreMedia{stored}, Then: history(stored)},
		{Name: "a file is stored once", Given: and(waiting, stored), When: StoreMedia{MediaStored{MessageID: "in-1", BlobID: "b2"}}},
		{Name: "a file that could not be had can still come", Given: and(waiting, gone), When: StoreMedia{stored}, Then: history(stored)},
		{Name: "a file that is stored does not fail any more", Given: and(waiting, stored), When: FailMedia{gone}},
		{Name: "a file that cannot be had is said once", Given: and(waiting, gone), When: FailMedia{gone}},
		{Name: "a file of a message from elsewhere is refused", Given: history(opened), When: StoreMedia{stored}, Err: ErrNoMessage},
	})
}

func TestTheNextSessionGetsWhatItsRulesNeed(t *testing.T) {
	recent := opened
	recent.Recent = []Seen{{Tag: "aaaaaaaaaaaaaaaa", At: after(-9 * day)}, {Tag: "bbbbbbbbbbbbbbbb", At: after(-5 * day)}}
	first := hello
	first.MessageID = "01234567-89ab-cdef-0000-000000000000"
	s := Decider.Fold(history(recent, first, byBen, ContactLinked{ContactID: "kunde", At: noon}, closed))

	at := noon
	require.Equal(t, Opened{
		AccountID: "acc", AddressID: "anna", Channel: "whatsapp", ContactID: "kunde", Number: 2, PreviousID: "this",
		LastInboundAt: &at, LastOwner: "ben",
		Recent: []Seen{{Tag: "bbbbbbbbbbbbbbbb", At: after(-5 * day)}, {Tag: "0123456789abcdef", At: noon}},
	}, s.CarryOver("this", after(time.Hour)))

	require.Len(t, s.CarryOver("this", after(8*day)).Recent, 0, "providers do not deliver again after so long")
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
