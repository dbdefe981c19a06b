package interaction_test

import (
	"strings"
	"testing"
	"time"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestComposing(t *testing.T) {
	base := Send{MessageID: "out-1", By: "ben", Author: AuthorAgent, Kind: KindText, Content: Content{Text: "hi"}, Window: day, Attachments: true, MaxBytes: 15 << 20, At: noon}
	with := func(change func(*Send)) Send { c := base; change(&c); return c }
	text := func(s string) Send { return with(func(c *Send) { c.Content = Content{Text: s} }) }
	file := func(size int64) Send {
		return with(func(c *Send) {
			c.Kind, c.Content = KindImage, Content{Media: &Media{BlobID: "b1", MimeType: "image/png", Size: size}}
		})
	}
	queued := func(c Send) Event {
		return MessageQueued{MessageID: c.MessageID, Author: c.Author, By: c.By, AddressID: "anna", Kind: c.Kind, RetryOf: c.RetryOf, Content: c.Content, At: c.At}
	}
	late := with(func(c *Send) { c.At = after(day) })
	inTime := with(func(c *Send) { c.At = after(day - time.Second) })
	template := with(func(c *Send) {
		c.At, c.Kind, c.Author, c.By = after(2*day), KindTemplate, AuthorSystem, ""
		c.Content = Content{Template: &Template{Name: "recontact", Language: "en"}}
	})
	recontact := MessageQueued{MessageID: "out-r", Author: AuthorSystem, AddressID: "anna", Kind: KindTemplate, Content: template.Content, At: noon}
	recontactFailed := MessageFailed{MessageID: "out-r", AddressID: "anna", Code: "131026", At: noon}
	retry := with(func(c *Send) { c.MessageID, c.RetryOf = "out-2", "out-1" })
	again := MessageQueued{MessageID: "out-2", Author: AuthorAgent, By: "ben", AddressID: "anna", Kind: KindText, RetryOf: "out-1", Content: Content{Text: "hi"}, At: noon}
	againFailed := MessageFailed{MessageID: "out-2", AddressID: "anna", Code: "x", At: noon}
	carried := opened
	yesterday := after(-23 * time.Hour)
	carried.LastInboundAt = &yesterday
	agentOpened := history(carried, Assigned{To: "ben", By: "ben", At: noon})
	shut := MessageFailed{MessageID: "out-0", AddressID: "anna", Code: CodeWindowClosed, At: noon}
	outZero := MessageQueued{MessageID: "out-0", Author: AuthorAgent, By: "ben", AddressID: "anna", Kind: KindText, Content: Content{Text: "hm"}, At: noon}
	byCho := MessageQueued{MessageID: "out-c", Author: AuthorAgent, By: "cho", AddressID: "anna", Kind: KindText, Content: Content{Text: "I am on it"}, At: noon}
	bensAgain := Assigned{To: "ben", By: "sue", At: noon}
	answersTo := func(id string) Send { return with(func(c *Send) { c.AnswersTo = domain.MessageID(id) }) }

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the owner's text is queued (R51)", Given: bens, When: base, Then: history(queued(base))},
		{Name: "emoji of several code points pass unchanged (R52)", Given: bens, When: text("👩‍👩‍👧‍👦🇮🇹"), Then: history(queued(text("👩‍👩‍👧‍👦🇮🇹")))},
		{Name: "the same click sends once", Given: and(bens, answered), When: base},
		{Name: "somebody else cannot send", Given: bens, When: with(func(c *Send) { c.By = "cho" }), Err: ErrNotOwner},
		{Name: "nobody can send while it waits", Given: waiting, When: base, Err: ErrNotOwner},
		{Name: "the system can", Given: waiting, When: with(func(c *Send) { c.Author, c.By = AuthorSystem, "" }), Then: history(queued(with(func(c *Send) { c.Author, c.By = AuthorSystem, "" })))},
		{Name: "nobody sends in the customer's name", Given: bens, When: with(func(c *Send) { c.Author = AuthorCustomer }), Err: ErrKind},
		{Name: "nothing goes out of a closed session", Given: over, When: base, Err: ErrClosed},
		{Name: "the sender of a transfer can still reply (R73)", Given: and(bens, handed), When: base, Then: history(queued(base))},

		{Name: "a text needs characters", Given: bens, When: text(" \n"), Err: ErrEmpty},
		{Name: "4096 characters pass, whatever their bytes", Given: bens, When: text(strings.Repeat("ß", 4096)), Then: history(queued(text(strings.Repeat("ß", 4096))))},
		{Name: "one more does not", Given: bens, When: text(strings.Repeat("ß", 4097)), Err: ErrTextTooLong},
		{Name: "a file of 15 MB passes (R55)", Given: bens, When: file(15 << 20), Then: history(queued(file(15 << 20)))},
		{Name: "one byte more does not (R55)", Given: bens, When: file(15<<20 + 1), Err: ErrFileTooLarge},
		{Name: "an account that says nothing allows 15 MB (A4)", Given: bens, When: with(func(c *Send) { c.Kind, c.Content, c.MaxBytes = KindImage, file(15<<20+1).Content, 0 }), Err: ErrFileTooLarge},
		{Name: "files go only where the account allows them (R56)", Given: bens, When: with(func(c *Send) { c.Kind, c.Content, c.Attachments = KindImage, file(9).Content, false }), Err: ErrNoAttachments},
		{Name: "a file has bytes", Given: bens, When: file(0), Err: ErrEmpty},
		{Name: "a text carries no file (R54)", Given: bens, When: with(func(c *Send) { c.Content.Media = &Media{BlobID: "b1", Size: 1} }), Err: ErrKind},
		{Name: "the words under a file are shorter", Given: bens, When: with(func(c *Send) {
			c.Kind, c.Content = KindImage, Content{Text: strings.Repeat("x", 1025), Media: &Media{BlobID: "b1", Size: 1}}
		}), Err: ErrTextTooLong},
		{Name: "an order is not ours to send", Given: bens, When: with(func(c *Send) { c.Kind = KindOrder }), Err: ErrKind},
		{Name: "a template needs its name", Given: bens, When: with(func(c *Send) { c.Kind, c.Content = KindTemplate, Content{} }), Err: ErrEmpty},

		{Name: "a second before 24 hours free text passes (R98)", Given: bens, When: inTime, Then: history(queued(inTime))},
		{Name: "at 24 hours it does not (R98)", Given: bens, When: late, Err: ErrWindowClosed},
		{Name: "another message of the customer opens the window again (R104)", Given: and(bens, thanks), When: late, Then: history(queued(late))},
		{Name: "one that was sent earlier does not move it back", Given: and(bens, thanks, early()), When: late, Then: history(queued(late))},
		{Name: "where there is no window it never closes", Given: bens, When: with(func(c *Send) { c.At, c.Window = after(99*day), 0 }), Then: history(queued(with(func(c *Send) { c.At, c.Window = after(99*day), 0 })))},
		{Name: "a template passes after the window (R103)", Given: bens, When: template, Then: history(queued(template))},
		{Name: "a second one has to wait for the customer's answer (A29)", Given: and(bens, recontact), When: template, Err: ErrRecontacted},
		{Name: "unless the first failed", Given: and(bens, recontact, recontactFailed), When: template, Then: history(queued(template))},
		{Name: "or the customer answered", Given: and(bens, recontact, thanks), When: template, Then: history(queued(template))},
		{Name: "the window comes along from the session before", Given: agentOpened, When: base, Then: history(queued(base))},
		{Name: "and ends 24 hours after that session's last message", Given: agentOpened, When: with(func(c *Send) { c.At = after(time.Hour) }), Err: ErrWindowClosed},
		{Name: "a customer who never wrote has no window", Given: history(opened, Assigned{To: "ben", By: "ben", At: noon}), When: base, Err: ErrWindowClosed},
		{Name: "a system message opens no window", Given: history(opened, MessageReceived{MessageID: "s", Kind: KindSystem, SentAt: noon, At: noon}, Assigned{To: "ben", By: "ben", At: noon}), When: base, Err: ErrWindowClosed},
		{Name: "the provider has the last word about the window", Given: and(bens, outZero, shut), When: base, Err: ErrWindowClosed},
		{Name: "until the customer writes again", Given: and(bens, outZero, shut, thanks), When: base, Then: history(queued(base))},

		{Name: "a failed message is sent again on the agent's word", Given: and(bens, answered, started, failed), When: retry, Then: history(again)},
		{Name: "so is one of unknown outcome", Given: and(bens, answered, started, unknown), When: retry, Then: history(again)},
		{Name: "a message on its way is not", Given: and(bens, answered, started), When: retry, Err: ErrNotRetryable},
		{Name: "a message that arrived is not", Given: and(bens, answered, started, taken), When: retry, Err: ErrNotRetryable},
		{Name: "a second tab makes no second copy", Given: and(bens, answered, started, failed, again), When: with(func(c *Send) { c.MessageID, c.RetryOf = "out-3", "out-1" }), Err: ErrRetried},
		{Name: "when the copy failed too there is another one", Given: and(bens, answered, started, failed, again, againFailed),
			When: with(func(c *Send) { c.MessageID, c.RetryOf = "out-3", "out-1" }), Then: history(queued(with(func(c *Send) { c.MessageID, c.RetryOf = "out-3", "out-1" })))},
		{Name: "a customer's message is not sent again", Given: bens, When: with(func(c *Send) { c.RetryOf = "in-1" }), Err: ErrNoMessage},

		{Name: "somebody else answered since he looked (B9)", Given: and(bens, byCho, bensAgain), When: answersTo("in-1"), Err: ErrAnsweredSince},
		{Name: "he has seen that answer", Given: and(bens, byCho, bensAgain), When: answersTo("out-c"), Then: history(queued(answersTo("out-c")))},
		{Name: "his own answers do not stop him", Given: and(bens, second), When: answersTo("in-1"), Then: history(queued(answersTo("in-1")))},
		{Name: "nor do they hide a colleague's", Given: and(bens, byCho, bensAgain, second), When: answersTo("in-1"), Err: ErrAnsweredSince},
		{Name: "what he had seen was in the session before", Given: and(bens, byCho, bensAgain), When: answersTo("elsewhere"), Err: ErrAnsweredSince},
		{Name: "who does not say what he saw is not stopped", Given: and(bens, byCho, bensAgain), When: base, Then: history(queued(base))},
	})
}

func TestReactingToAMessage(t *testing.T) {
	heart := React{MessageID: "in-1", SendID: "re-1", By: "ben", Emoji: "❤️", Window: day, At: noon}
	put := ReactionSent{MessageID: "in-1", SendID: "re-1", By: "ben", AddressID: "anna", Emoji: "❤️", At: noon}
	goes := MessageQueued{MessageID: "re-1", Author: AuthorAgent, By: "ben", AddressID: "anna", Kind: KindReaction, QuotedID: "in-1", Content: Content{Emoji: "❤️"}, At: noon}
	lost := MessageFailed{MessageID: "re-1", AddressID: "anna", Code: "131009", At: noon}
	with := func(change func(*React)) React { c := heart; change(&c); return c }

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a reaction travels like a message", Given: bens, When: heart, Then: history(put, goes)},
		{Name: "the same click reacts once", Given: and(bens, put, goes), When: heart},
		{Name: "the same emoji again changes nothing", Given: and(bens, put, goes), When: with(func(c *React) { c.SendID = "re-2" })},
		{Name: "one that did not arrive can be put again", Given: and(bens, put, goes, lost), When: with(func(c *React) { c.SendID = "re-2" }), Then: history(
			ReactionSent{MessageID: "in-1", SendID: "re-2", By: "ben", AddressID: "anna", Emoji: "❤️", At: noon},
			MessageQueued{MessageID: "re-2", Author: AuthorAgent, By: "ben", AddressID: "anna", Kind: KindReaction, QuotedID: "in-1", Content: Content{Emoji: "❤️"}, At: noon})},
		{Name: "what is not there is not taken off", Given: bens, When: with(func(c *React) { c.Emoji = "" })},
		{Name: "with an emoji, not with words", Given: bens, When: with(func(c *React) { c.Emoji = "well done" }), Err: ErrEmoji},
		{Name: "nor with many", Given: bens, When: with(func(c *React) { c.Emoji = strings.Repeat("❤️", 9) }), Err: ErrEmoji},
		{Name: "a family is one", Given: bens, When: with(func(c *React) { c.Emoji = "👨‍👩‍👧‍👦" }), Then: history(
			ReactionSent{MessageID: "in-1", SendID: "re-1", By: "ben", AddressID: "anna", Emoji: "👨‍👩‍👧‍👦", At: noon},
			MessageQueued{MessageID: "re-1", Author: AuthorAgent, By: "ben", AddressID: "anna", Kind: KindReaction, QuotedID: "in-1", Content: Content{Emoji: "👨‍👩‍👧‍👦"}, At: noon})},
		{Name: "only the owner reacts", Given: bens, When: with(func(c *React) { c.By = "cho" }), Err: ErrNotOwner},
		{Name: "only to what the customer wrote", Given: and(bens, answered), When: with(func(c *React) { c.MessageID = "out-1" }), Err: ErrNoMessage},
		{Name: "only while the window is open", Given: bens, When: with(func(c *React) { c.At = after(day) }), Err: ErrWindowClosed},
		{Name: "not in a closed session", Given: over, When: heart, Err: ErrClosed},
	})
}

func early() Event {
	return MessageReceived{MessageID: "in-0", AddressID: "anna", Kind: KindText, SentAt: after(-time.Hour), Content: Content{Text: "first"}, At: noon}
}
