package interaction_test

import (
	"strings"
	"testing"
	"time"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestClosingASession(t *testing.T) {
	mine := Close{By: "ben", SeenThrough: "in-1", At: after(time.Hour)}
	sold := Disposed{DispositionID: "sold", Path: []string{"Deal", "Sold"}, By: "ben", At: noon}
	lost := Disposed{DispositionID: "lost", Path: []string{"Lost"}, By: "sue", At: noon}
	dispose := Dispose{DispositionID: "sold", Path: []string{"Deal", "Sold"}, By: "ben", At: noon}
	with := func(change func(*Dispose)) Dispose { c := dispose; change(&c); return c }
	bySue := Closed{By: "sue", At: after(time.Hour)}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the owner closes a session", Given: bens, When: mine, Then: history(closed)},
		{Name: "a second close is a no-op", Given: over, When: mine},
		{Name: "an agent who is not the owner cannot close", Given: bens, When: Close{By: "cho", At: noon}, Err: ErrNotOwner},
		{Name: "a supervisor may close another agent's session", Given: bens,
			When: Close{By: "sue", Supervisor: true, At: after(time.Hour)}, Then: history(bySue)},
		{Name: "a supervisor may close a waiting session", Given: waiting,
			When: Close{By: "sue", Supervisor: true, At: after(time.Hour)}, Then: history(bySue)},
		{Name: "a new message from the customer stops the close", Given: and(bens, thanks), When: mine, Err: ErrNewMessage},
		{Name: "the owner's own reply does not stop the close", Given: and(bens, answered), When: mine, Then: history(closed)},
		{Name: "a last seen message in the previous session stops the close", Given: bens,
			When: Close{By: "ben", SeenThrough: "elsewhere", At: noon}, Err: ErrNewMessage},
		{Name: "a close cancels a transfer in progress", Given: and(bens, handed), When: mine,
			Then: history(TransferEnded{TransferID: "t1", Outcome: TransferCancelled, At: after(time.Hour)}, closed)},

		{Name: "the last owner sets the disposition", Given: over, When: dispose, Then: history(sold)},
		{Name: "setting the same disposition twice is a no-op", Given: and(over, sold), When: dispose},
		{Name: "a supervisor may change the disposition", Given: and(over, sold),
			When: Dispose{DispositionID: "lost", Path: []string{"Lost"}, By: "sue", Supervisor: true,
				At: noon}, Then: history(lost)},
		{Name: "the user who closed it may set the disposition", Given: and(bens, bySue),
			When: Dispose{DispositionID: "lost", Path: []string{"Lost"}, By: "sue", At: noon}, Then: history(lost)},
		{Name: "another agent cannot set the disposition", Given: over, When: with(func(c *Dispose) { c.By = "cho" }), Err: ErrNotOwner},
		{Name: "an open session cannot be disposed", Given: bens, When: dispose, Err: ErrNotClosed},
		{Name: "a disposition needs a label", Given: over, When: with(func(c *Dispose) { c.Path = nil }), Err: ErrDispositionPath},
		{Name: "a disposition has at most three levels", Given: over,
			When: with(func(c *Dispose) { c.Path = []string{"a", "b", "c", "d"} }), Err: ErrDispositionPath},
	})
}

func TestNotesTagsAndLinks(t *testing.T) {
	note := NoteAdded{NoteID: "n1", By: "ben", AddressID: "anna", Text: "call back", At: noon}
	revoked := NoteRevoked{NoteID: "n1", By: "ben", At: noon}
	whisper := WhisperAdded{NoteID: "n2", By: "sue", AddressID: "anna", Text: "offer a discount", At: noon}
	vip := TagAdded{Tag: "vip", By: "ben", At: noon}
	noVip := TagRemoved{Tag: "vip", By: "ben", At: noon}
	linked := ContactLinked{ContactID: "c1", By: "ben", At: noon}
	monitored := Monitored{By: "sue", At: noon}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an agent writes a note", Given: bens, When: AddNote{NoteID: "n1", By: "ben",
			Text: "call back", At: noon}, Then: history(note)},
		{Name: "an agent writes a note on a closed session", Given: over,
			When: AddNote{NoteID: "n1", By: "ben", Text: "call back", At: noon}, Then: history(note)},
		{Name: "adding the same note twice is a no-op", Given: and(bens, note),
			When: AddNote{NoteID: "n1", By: "ben", Text: "call back", At: noon}},
		{Name: "an empty note is refused", Given: bens, When: AddNote{NoteID: "n1", By: "ben", Text: "  "}, Err: ErrNoteEmpty},
		{Name: "a supervisor whispers to the owner", Given: bens,
			When: AddWhisper{NoteID: "n2", By: "sue", Text: "offer a discount", At: noon}, Then: history(whisper)},
		{Name: "adding the same whisper twice is a no-op", Given: and(bens, whisper),
			When: AddWhisper{NoteID: "n2", By: "sue", Text: "offer a discount", At: noon}},
		{Name: "a note is no longer than a message", Given: bens,
			When: AddNote{NoteID: "n1", By: "ben", Text: strings.Repeat("ß", MaxText+1)}, Err: ErrTextTooLong},
		{Name: "a whisper is no longer than a message", Given: bens,
			When: AddWhisper{NoteID: "n2", By: "sue", Text: strings.Repeat("ß", MaxText+1)}, Err: ErrTextTooLong},
		{Name: "an empty whisper is refused", Given: bens, When: AddWhisper{NoteID: "n2", By: "sue"}, Err: ErrNoteEmpty},
		{Name: "the author deletes a note", Given: and(bens, note),
			When: RevokeNote{NoteID: "n1", By: "ben", At: noon}, Then: history(revoked)},
		{Name: "the author deletes a whisper", Given: and(over, whisper),
			When: RevokeNote{NoteID: "n2", By: "sue", At: noon},
			Then: history(NoteRevoked{NoteID: "n2", By: "sue", At: noon})},
		{Name: "deleting a note twice is a no-op", Given: and(bens, note, revoked),
			When: RevokeNote{NoteID: "n1", By: "ben", At: after(time.Minute)}},
		{Name: "another user cannot delete a note", Given: and(bens, note),
			When: RevokeNote{NoteID: "n1", By: "sue", At: noon}, Err: ErrNoteNotYours},
		{Name: "an unknown note cannot be deleted", Given: bens, When: RevokeNote{NoteID: "n1", By: "ben", At: noon}, Err: ErrNoteUnknown},
		{Name: "a deleted note is not added again", Given: and(bens, note, revoked),
			When: AddNote{NoteID: "n1", By: "ben", Text: "call back", At: noon}},
		{Name: "a supervisor monitors a session", Given: bens, When: Monitor{By: "sue", At: noon}, Then: history(monitored)},
		{Name: "monitoring again later is recorded again", Given: and(bens, monitored),
			When: Monitor{By: "sue", At: after(time.Minute)}, Then: history(Monitored{By: "sue", At: after(time.Minute)})},
		{Name: "monitoring twice at the same moment is a no-op", Given: and(bens, monitored), When: Monitor{By: "sue", At: noon}},

		{Name: "a tag is added to a session", Given: bens, When: AddTag{Tag: " vip ", By: "ben", At: noon}, Then: history(vip)},
		{Name: "adding the same tag twice is a no-op", Given: and(bens, vip), When: AddTag{Tag: "vip", By: "cho", At: noon}},
		{Name: "a tag needs a name", Given: bens, When: AddTag{Tag: " "}, Err: ErrTagEmpty},
		{Name: "a tag of 51 characters is too long", Given: bens, When: AddTag{Tag: strings.Repeat("ä", 51)}, Err: ErrTagTooLong},
		{Name: "a tag with control characters is refused", Given: bens, When: AddTag{Tag: "a\x00b"}, Err: domain.ErrUnprintable},
		{Name: "a tag is removed from a session", Given: and(over, vip),
			When: RemoveTag{Tag: "vip", By: "ben", At: noon}, Then: history(noVip)},
		{Name: "removing an unknown tag is a no-op", Given: and(bens, vip, noVip), When: RemoveTag{Tag: "vip"}},

		{Name: "the customer is linked to a contact", Given: over,
			When: LinkContact{ContactID: "c1", By: "ben", At: noon}, Then: history(linked)},
		{Name: "linking again changes nothing", Given: and(bens, linked), When: LinkContact{ContactID: "c1", By: "cho", At: noon}},
		{Name: "a first-only link keeps an earlier one", Given: and(bens, linked),
			When: LinkContact{ContactID: "c2", First: true, At: noon}},
		{Name: "a link needs a contact", Given: bens, When: LinkContact{}, Err: ErrContactMissing},
	})
}
