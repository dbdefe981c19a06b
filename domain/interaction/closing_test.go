package interaction_test

import (
	"strings"
	"testing"
	"time"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestClosing(t *testing.T) {
	mine := Close{By: "ben", SeenThrough: "in-1", At: after(time.Hour)}
	sold := Disposed{DispositionID: "sold", Path: []string{"Deal", "Sold"}, By: "ben", At: noon}
	lost := Disposed{DispositionID: "lost", Path: []string{"Lost"}, By: "sue", At: noon}
	dispose := Dispose{DispositionID: "sold", Path: []string{"Deal", "Sold"}, By: "ben", At: noon}
	with := func(change func(*Dispose)) Dispose { c := dispose; change(&c); return c }
	bySue := Closed{By: "sue", At: after(time.Hour)}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the owner closes", Given: bens, When: mine, Then: history(closed)},
		{Name: "closing twice is closing once", Given: over, When: mine},
		{Name: "somebody else does not close", Given: bens, When: Close{By: "cho", At: noon}, Err: ErrNotOwner},
		{Name: "a supervisor may", Given: bens, When: Close{By: "sue", Supervisor: true, At: after(time.Hour)}, Then: history(bySue)},
		{Name: "also what is waiting", Given: waiting, When: Close{By: "sue", Supervisor: true, At: after(time.Hour)}, Then: history(bySue)},
		{Name: "a message that arrived meanwhile stops it", Given: and(bens, thanks), When: mine, Err: ErrNewMessage},
		{Name: "his own later answer does not", Given: and(bens, answered), When: mine, Then: history(closed)},
		{Name: "what he saw was in the session before, so he has not seen this one", Given: bens, When: Close{By: "ben", SeenThrough: "elsewhere", At: noon}, Err: ErrNewMessage},
		{Name: "a transfer in progress ends first", Given: and(bens, handed), When: mine, Then: history(TransferEnded{TransferID: "t1", Outcome: TransferCancelled, At: after(time.Hour)}, closed)},

		{Name: "the one who had it says what came of it (R66)", Given: over, When: dispose, Then: history(sold)},
		{Name: "saying it twice is saying it once", Given: and(over, sold), When: dispose},
		{Name: "a supervisor may say something else later", Given: and(over, sold), When: Dispose{DispositionID: "lost", Path: []string{"Lost"}, By: "sue", Supervisor: true, At: noon}, Then: history(lost)},
		{Name: "the one who closed it may too", Given: and(bens, bySue), When: Dispose{DispositionID: "lost", Path: []string{"Lost"}, By: "sue", At: noon}, Then: history(lost)},
		{Name: "others may not", Given: over, When: with(func(c *Dispose) { c.By = "cho" }), Err: ErrNotOwner},
		{Name: "an open session has no outcome yet", Given: bens, When: dispose, Err: ErrNotClosed},
		{Name: "an outcome has a label", Given: over, When: with(func(c *Dispose) { c.Path = nil }), Err: ErrDispositionPath},
		{Name: "of three levels at most", Given: over, When: with(func(c *Dispose) { c.Path = []string{"a", "b", "c", "d"} }), Err: ErrDispositionPath},
	})
}

func TestRemarks(t *testing.T) {
	note := NoteAdded{NoteID: "n1", By: "ben", AddressID: "anna", Text: "call back", At: noon}
	revoked := NoteRevoked{NoteID: "n1", By: "ben", At: noon}
	whisper := WhisperAdded{NoteID: "n2", By: "sue", AddressID: "anna", Text: "offer a discount", At: noon}
	vip := TagAdded{Tag: "vip", By: "ben", At: noon}
	noVip := TagRemoved{Tag: "vip", By: "ben", At: noon}
	linked := ContactLinked{ContactID: "c1", By: "ben", At: noon}
	spied := Spied{By: "sue", At: noon}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "somebody writes a note (R58)", Given: bens, When: AddNote{NoteID: "n1", By: "ben", Text: "call back", At: noon}, Then: history(note)},
		{Name: "also on a closed session", Given: over, When: AddNote{NoteID: "n1", By: "ben", Text: "call back", At: noon}, Then: history(note)},
		{Name: "the same click writes one note", Given: and(bens, note), When: AddNote{NoteID: "n1", By: "ben", Text: "call back", At: noon}},
		{Name: "a note says something", Given: bens, When: AddNote{NoteID: "n1", By: "ben", Text: "  "}, Err: ErrNoteEmpty},
		{Name: "a supervisor whispers to the owner (R61)", Given: bens, When: AddWhisper{NoteID: "n2", By: "sue", Text: "offer a discount", At: noon}, Then: history(whisper)},
		{Name: "the same click whispers once", Given: and(bens, whisper), When: AddWhisper{NoteID: "n2", By: "sue", Text: "offer a discount", At: noon}},
		{Name: "a note is no longer than a message", Given: bens, When: AddNote{NoteID: "n1", By: "ben", Text: strings.Repeat("ß", MaxText+1)}, Err: ErrTextTooLong},
		{Name: "nor is a whisper", Given: bens, When: AddWhisper{NoteID: "n2", By: "sue", Text: strings.Repeat("ß", MaxText+1)}, Err: ErrTextTooLong},
		{Name: "a whisper says something", Given: bens, When: AddWhisper{NoteID: "n2", By: "sue"}, Err: ErrNoteEmpty},
		{Name: "who wrote a note deletes it (B18)", Given: and(bens, note), When: RevokeNote{NoteID: "n1", By: "ben", At: noon}, Then: history(revoked)},
		{Name: "and a whisper", Given: and(over, whisper), When: RevokeNote{NoteID: "n2", By: "sue", At: noon}, Then: history(NoteRevoked{NoteID: "n2", By: "sue", At: noon})},
		{Name: "a note is deleted once", Given: and(bens, note, revoked), When: RevokeNote{NoteID: "n1", By: "ben", At: after(time.Minute)}},
		{Name: "nobody else's note is deleted", Given: and(bens, note), When: RevokeNote{NoteID: "n1", By: "sue", At: noon}, Err: ErrNoteNotYours},
		{Name: "nor one that was never written", Given: bens, When: RevokeNote{NoteID: "n1", By: "ben", At: noon}, Err: ErrNoteUnknown},
		{Name: "what was deleted is not written again by the same click", Given: and(bens, note, revoked), When: AddNote{NoteID: "n1", By: "ben", Text: "call back", At: noon}},
		{Name: "a supervisor reads along (R60)", Given: bens, When: Spy{By: "sue", At: noon}, Then: history(spied)},
		{Name: "and once more later", Given: and(bens, spied), When: Spy{By: "sue", At: after(time.Minute)}, Then: history(Spied{By: "sue", At: after(time.Minute)})},
		{Name: "the same moment counts once", Given: and(bens, spied), When: Spy{By: "sue", At: noon}},

		{Name: "a tag is put on (R117)", Given: bens, When: AddTag{Tag: " vip ", By: "ben", At: noon}, Then: history(vip)},
		{Name: "a tag is there once", Given: and(bens, vip), When: AddTag{Tag: "vip", By: "cho", At: noon}},
		{Name: "a tag needs a name", Given: bens, When: AddTag{Tag: " "}, Err: ErrTagEmpty},
		{Name: "a tag of 51 characters is too long", Given: bens, When: AddTag{Tag: strings.Repeat("ä", 51)}, Err: ErrTagTooLong},
		{Name: "nor does a tag hold what nobody sees", Given: bens, When: AddTag{Tag: "a\x00b"}, Err: domain.ErrUnprintable},
		{Name: "a tag is taken off", Given: and(over, vip), When: RemoveTag{Tag: "vip", By: "ben", At: noon}, Then: history(noVip)},
		{Name: "what is not there is not taken off", Given: and(bens, vip, noVip), When: RemoveTag{Tag: "vip"}},

		{Name: "the customer is linked to a contact", Given: over, When: LinkContact{ContactID: "c1", By: "ben", At: noon}, Then: history(linked)},
		{Name: "linking again changes nothing", Given: and(bens, linked), When: LinkContact{ContactID: "c1", By: "cho", At: noon}},
		{Name: "a link of whoever comes first leaves an earlier one", Given: and(bens, linked), When: LinkContact{ContactID: "c2", First: true, At: noon}},
		{Name: "a link needs a contact", Given: bens, When: LinkContact{}, Err: ErrContactMissing},
	})
}
