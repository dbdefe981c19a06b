package interaction_test

import (
	"strings"
	"testing"
	"time"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestComposingAMessage(t *testing.T) {
	base := Send{MessageID: "out-1", By: "ben", Author: AuthorAgent, Kind: KindText,
		Content: Content{Text: "hi"}, Window: day, Attachments: true, MaxBytes: 15 << 20, At: noon}
	with := func(change func(*Send)) Send { c := base; change(&c); return c }
	text := func(s string) Send { return with(func(c *Send) { c.Content = Content{Text: s} }) }
	file := func(size int64) Send {
		return with(func(c *Send) {
			c.Kind, c.Content = KindImage, Content{Media: &Media{BlobID: "b1", MimeType: "image/png", Size: size}}
		})
	}
	queued := func(c Send) Event {
		return MessageQueued{MessageID: c.MessageID, Author: c.Author, By: c.By, AddressID: "anna",
			Kind: c.Kind, RetryOf: c.RetryOf, Content: c.Content, At: c.At}
	}
	quoting := func(id domain.MessageID) Event {
		return MessageQueued{MessageID: "out-1", Author: AuthorAgent, By: "ben", AddressID: "anna",
			Kind: KindText, QuotedID: id, Content: Content{Text: "hi"}, At: noon}
	}
	late := with(func(c *Send) { c.At = after(day) })
	inTime := with(func(c *Send) { c.At = after(day - time.Second) })
	template := with(func(c *Send) {
		c.At, c.Kind, c.Author, c.By = after(2*day), KindTemplate, AuthorSystem, ""
		c.Content = Content{Template: &Template{Name: "recontact", Language: "en"}}
	})
	recontact := MessageQueued{MessageID: "out-r", Author: AuthorSystem, AddressID: "anna",
		Kind: KindTemplate, Content: template.Content, At: noon}
	recontactFailed := MessageFailed{MessageID: "out-r", AddressID: "anna", Code: "131026", At: noon}
	retry := with(func(c *Send) { c.MessageID, c.RetryOf = "out-2", "out-1" })
	again := MessageQueued{MessageID: "out-2", Author: AuthorAgent, By: "ben", AddressID: "anna",
		Kind: KindText, RetryOf: "out-1", Content: Content{Text: "hi"}, At: noon}
	againFailed := MessageFailed{MessageID: "out-2", AddressID: "anna", Code: "x", At: noon}
	carried := opened
	yesterday := after(-23 * time.Hour)
	carried.LastInboundAt = &yesterday
	agentOpened := history(carried, Assigned{To: "ben", By: "ben", At: noon})
	shut := MessageFailed{MessageID: "out-0", AddressID: "anna", Code: "131047", WindowClosed: true, At: noon}
	shutOpened := carried
	shutOpened.WindowClosedAt = &yesterday
	outZero := MessageQueued{MessageID: "out-0", Author: AuthorAgent, By: "ben", AddressID: "anna",
		Kind: KindText, Content: Content{Text: "hm"}, At: noon}
	byCho := MessageQueued{MessageID: "out-c", Author: AuthorAgent, By: "cho", AddressID: "anna",
		Kind: KindText, Content: Content{Text: "I am on it"}, At: noon}
	bensAgain := Assigned{To: "ben", By: "sue", At: noon}
	answersTo := func(id string) Send { return with(func(c *Send) { c.AnswersTo = domain.MessageID(id) }) }

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the owner's text is queued", Given: bens, When: base, Then: history(queued(base))},
		{Name: "emoji of several code points pass unchanged", Given: bens, When: text("👩‍👩‍👧‍👦🇮🇹"),
			Then: history(queued(text("👩‍👩‍👧‍👦🇮🇹")))},
		{Name: "a message of this session may be quoted", Given: bens,
			When: with(func(c *Send) { c.QuotedID = "in-1" }), Then: history(quoting("in-1"))},
		{Name: "a message of an earlier session of the conversation may be quoted", Given: bens,
			When: with(func(c *Send) { c.QuotedID, c.QuotedPrior = "in-0", true }), Then: history(quoting("in-0"))},
		{Name: "a message of another conversation cannot be quoted", Given: bens,
			When: with(func(c *Send) { c.QuotedID = "in-0" }), Err: ErrNoMessage},
		{Name: "sending the same message twice is a no-op", Given: and(bens, answered), When: base},
		{Name: "an agent who is not the owner cannot send", Given: bens, When: with(func(c *Send) { c.By = "cho" }), Err: ErrNotOwner},
		{Name: "an agent cannot send in a waiting interaction", Given: waiting, When: base, Err: ErrNotOwner},
		{Name: "the system can send in a waiting interaction", Given: waiting,
			When: with(func(c *Send) { c.Author, c.By = AuthorSystem, "" }),
			Then: history(queued(with(func(c *Send) { c.Author, c.By = AuthorSystem, "" })))},
		{Name: "an agent cannot send a message as the customer", Given: bens,
			When: with(func(c *Send) { c.Author = AuthorCustomer }), Err: ErrKind},
		{Name: "a closed interaction sends no messages", Given: over, When: base, Err: ErrClosed},
		{Name: "the sender of a transfer can still reply", Given: and(bens, handed), When: base, Then: history(queued(base))},

		{Name: "a text needs characters", Given: bens, When: text(" \n"), Err: ErrEmpty},
		{Name: "a text of 4096 characters passes, however many bytes it has", Given: bens,
			When: text(strings.Repeat("ß", 4096)), Then: history(queued(text(strings.Repeat("ß", 4096))))},
		{Name: "a text of 4097 characters is too long", Given: bens, When: text(strings.Repeat("ß", 4097)), Err: ErrTextTooLong},
		{Name: "a file of 15 MB passes", Given: bens, When: file(15 << 20), Then: history(queued(file(15 << 20)))},
		{Name: "a file one byte over the limit is refused", Given: bens, When: file(15<<20 + 1), Err: ErrFileTooLarge},
		{Name: "a file is refused where the account does not allow files", Given: bens,
			When: with(func(c *Send) { c.Kind, c.Content, c.Attachments = KindImage, file(9).Content, false }),
			Err:  ErrNoAttachments},
		{Name: "an empty file is refused", Given: bens, When: file(0), Err: ErrEmpty},
		{Name: "a text message carries no file", Given: bens,
			When: with(func(c *Send) { c.Content.Media = &Media{BlobID: "b1", Size: 1} }), Err: ErrKind},
		{Name: "a caption has a shorter limit than a text", Given: bens, When: with(func(c *Send) {
			c.Kind, c.Content = KindImage, Content{Text: strings.Repeat("x", 1025),
				Media: &Media{BlobID: "b1", Size: 1}}
		}), Err: ErrTextTooLong},
		{Name: "an agent cannot send an order", Given: bens, When: with(func(c *Send) { c.Kind = KindOrder }), Err: ErrKind},
		{Name: "a template needs its name", Given: bens,
			When: with(func(c *Send) { c.Kind, c.Content = KindTemplate, Content{} }), Err: ErrEmpty},

		{Name: "free text passes a second before 24 hours", Given: bens, When: inTime, Then: history(queued(inTime))},
		{Name: "free text is refused at 24 hours", Given: bens, When: late, Err: ErrWindowClosed},
		{Name: "another message from the customer reopens the window", Given: and(bens, thanks), When: late, Then: history(queued(late))},
		{Name: "a message sent earlier does not move the window back", Given: and(bens, thanks, early()),
			When: late, Then: history(queued(late))},
		{Name: "an account without a window never closes it", Given: bens,
			When: with(func(c *Send) { c.At, c.Window = after(99*day), 0 }),
			Then: history(queued(with(func(c *Send) { c.At, c.Window = after(99*day), 0 })))},
		{Name: "a template passes after the window", Given: bens, When: template, Then: history(queued(template))},
		{Name: "a second recontact template waits for the customer's reply", Given: and(bens, recontact),
			When: template, Err: ErrRecontacted},
		{Name: "a second recontact template passes if the first failed",
			Given: and(bens, recontact, recontactFailed), When: template, Then: history(queued(template))},
		{Name: "a second recontact template passes once the customer replied",
			Given: and(bens, recontact, thanks), When: template, Then: history(queued(template))},
		{Name: "the window carries over from the previous interaction", Given: agentOpened, When: base, Then: history(queued(base))},
		{Name: "a carried-over window ends 24 hours after the last inbound message", Given: agentOpened,
			When: with(func(c *Send) { c.At = after(time.Hour) }), Err: ErrWindowClosed},
		{Name: "a customer who never wrote has no window",
			Given: history(opened, Assigned{To: "ben", By: "ben", At: noon}), When: base, Err: ErrWindowClosed},
		{Name: "a system message opens no window",
			Given: history(opened, MessageReceived{MessageID: "s", Kind: KindSystem, SentAt: noon, At: noon},
				Assigned{To: "ben", By: "ben", At: noon}), When: base, Err: ErrWindowClosed},
		{Name: "a provider that refuses free text closes the window", Given: and(bens, outZero, shut), When: base, Err: ErrWindowClosed},
		{Name: "a window closed by the provider stays closed in the next session", Given: history(shutOpened,
			Assigned{To: "ben", By: "ben", At: noon}), When: base, Err: ErrWindowClosed},
		{Name: "a window closed by the provider reopens with the next message",
			Given: and(bens, outZero, shut, thanks), When: base, Then: history(queued(base))},

		{Name: "an agent may resend a failed message", Given: and(bens, answered, started, failed), When: retry, Then: history(again)},
		{Name: "an agent may resend a message of unknown outcome",
			Given: and(bens, answered, started, unknown), When: retry, Then: history(again)},
		{Name: "a message on its way cannot be resent", Given: and(bens, answered, started), When: retry, Err: ErrNotRetryable},
		{Name: "an accepted message cannot be resent", Given: and(bens, answered, started, taken), When: retry, Err: ErrNotRetryable},
		{Name: "resending from a second tab makes no second copy",
			Given: and(bens, answered, started, failed, again),
			When:  with(func(c *Send) { c.MessageID, c.RetryOf = "out-3", "out-1" }), Err: ErrRetried},
		{Name: "a message can be resent again after its copy failed",
			Given: and(bens, answered, started, failed, again, againFailed),
			When:  with(func(c *Send) { c.MessageID, c.RetryOf = "out-3", "out-1" }),
			Then:  history(queued(with(func(c *Send) { c.MessageID, c.RetryOf = "out-3", "out-1" })))},
		{Name: "a customer's message cannot be resent", Given: bens, When: with(func(c *Send) { c.RetryOf = "in-1" }), Err: ErrNoMessage},

		{Name: "a reply is refused if a colleague replied first", Given: and(bens, byCho, bensAgain),
			When: answersTo("in-1"), Err: ErrAnsweredSince},
		{Name: "a reply passes once the agent has seen the colleague's reply",
			Given: and(bens, byCho, bensAgain), When: answersTo("out-c"), Then: history(queued(answersTo("out-c")))},
		{Name: "an agent's own replies do not stop the next one", Given: and(bens, second),
			When: answersTo("in-1"), Then: history(queued(answersTo("in-1")))},
		{Name: "an agent's own replies do not hide a colleague's reply", Given: and(bens, byCho, bensAgain, second),
			When: answersTo("in-1"), Err: ErrAnsweredSince},
		{Name: "a last seen message in the previous interaction counts as older",
			Given: and(bens, byCho, bensAgain), When: answersTo("elsewhere"), Err: ErrAnsweredSince},
		{Name: "a reply without a last seen message is not checked", Given: and(bens, byCho, bensAgain),
			When: base, Then: history(queued(base))},
	})
}

func TestReactingToAMessage(t *testing.T) {
	heart := React{MessageID: "in-1", SendID: "re-1", By: "ben", Emoji: "❤️", Window: day, At: noon}
	put := ReactionSent{MessageID: "in-1", SendID: "re-1", By: "ben", AddressID: "anna", Emoji: "❤️", At: noon}
	goes := MessageQueued{MessageID: "re-1", Author: AuthorAgent, By: "ben", AddressID: "anna",
		Kind: KindReaction, QuotedID: "in-1", Content: Content{Emoji: "❤️"}, At: noon}
	lost := MessageFailed{MessageID: "re-1", AddressID: "anna", Code: "131009", At: noon}
	with := func(change func(*React)) React { c := heart; change(&c); return c }

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a reaction is sent as a message of its own", Given: bens, When: heart, Then: history(put, goes)},
		{Name: "sending the same reaction twice is a no-op", Given: and(bens, put, goes), When: heart},
		{Name: "the same emoji again changes nothing", Given: and(bens, put, goes), When: with(func(c *React) { c.SendID = "re-2" })},
		{Name: "a reaction that failed can be sent again", Given: and(bens, put, goes, lost),
			When: with(func(c *React) { c.SendID = "re-2" }), Then: history(
				ReactionSent{MessageID: "in-1", SendID: "re-2", By: "ben", AddressID: "anna", Emoji: "❤️", At: noon},
				MessageQueued{MessageID: "re-2", Author: AuthorAgent, By: "ben", AddressID: "anna",
					Kind: KindReaction, QuotedID: "in-1", Content: Content{Emoji: "❤️"}, At: noon})},
		{Name: "removing a reaction that is not there is a no-op", Given: bens, When: with(func(c *React) { c.Emoji = "" })},
		{Name: "a reaction with words is refused", Given: bens, When: with(func(c *React) { c.Emoji = "well done" }), Err: ErrEmoji},
		{Name: "a reaction with many emoji is refused", Given: bens,
			When: with(func(c *React) { c.Emoji = strings.Repeat("❤️", 9) }), Err: ErrEmoji},
		{Name: "a family emoji counts as one", Given: bens,
			When: with(func(c *React) { c.Emoji = "👨‍👩‍👧‍👦" }), Then: history(
				ReactionSent{MessageID: "in-1", SendID: "re-1", By: "ben", AddressID: "anna",
					Emoji: "👨‍👩‍👧‍👦", At: noon},
				MessageQueued{MessageID: "re-1", Author: AuthorAgent, By: "ben", AddressID: "anna",
					Kind: KindReaction, QuotedID: "in-1", Content: Content{Emoji: "👨‍👩‍👧‍👦"}, At: noon})},
		{Name: "an agent who is not the owner cannot react", Given: bens, When: with(func(c *React) { c.By = "cho" }), Err: ErrNotOwner},
		{Name: "an agent can react only to the customer's messages", Given: and(bens, answered),
			When: with(func(c *React) { c.MessageID = "out-1" }), Err: ErrNoMessage},
		{Name: "a reaction is refused once the window is closed", Given: bens,
			When: with(func(c *React) { c.At = after(day) }), Err: ErrWindowClosed},
		{Name: "a reaction in a closed interaction is refused", Given: over, When: heart, Err: ErrClosed},
	})
}

func early() Event {
	return MessageReceived{MessageID: "in-0", AddressID: "anna", Kind: KindText, SentAt: after(-time.Hour),
		Content: Content{Text: "first"}, At: noon}
}
