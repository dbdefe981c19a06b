package messages

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/policy"
	"parley/domain/user"
	"parley/eventstore"
	"parley/internal/access"
	"parley/internal/database"
	"parley/projections"
	"parley/projections/contacts"
	"parley/projections/interactions"
	"parley/projections/projectionstest"
	"parley/projections/settings"
	"parley/projections/waiting"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func after(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }

func fold(t *testing.T, events ...domain.Event) map[string]Row {
	t.Helper()
	return projectionstest.Fold(t, table, projectionstest.Record("interaction-one", events...))
}

func incoming(id, text string) interaction.MessageReceived {
	return interaction.MessageReceived{MessageID: domain.MessageID(id), Kind: interaction.KindText,
		SentAt: noon, At: after(1), Content: interaction.Content{Text: text}}
}

func outgoing(id, text string) interaction.MessageQueued {
	return interaction.MessageQueued{MessageID: domain.MessageID(id), Author: interaction.AuthorAgent,
		By: "ada", Kind: interaction.KindText, Content: interaction.Content{Text: text}, At: after(10)}
}

func TestARepeatedDeliveryChangesNothing(t *testing.T) {
	again := incoming("m1", "hello")
	again.SentAt = after(100)
	require.Equal(t, fold(t, incoming("m1", "hello")), fold(t, incoming("m1", "hello"), again))
}

func TestAMessageIsDelayedWhenTheProviderWasLate(t *testing.T) {
	late := incoming("m1", "hello")
	late.At = after(61)
	require.True(t, fold(t, late)["m1"].Delayed())
	require.False(t, fold(t, incoming("m1", "hello"))["m1"].Delayed())
}

func TestEditsAndRevocationsShowOnTheMessage(t *testing.T) {
	edited := fold(t, incoming("m1", "helo"), interaction.MessageEdited{MessageID: "m1",
		Content: interaction.Content{Text: "hello"}})["m1"]
	require.True(t, edited.Edited)
	require.Equal(t, "hello", edited.Text)
	revoked := fold(t, incoming("m1", "secret"), interaction.MessageRevoked{MessageID: "m1"})["m1"]
	require.True(t, revoked.Revoked)
	require.Empty(t, revoked.Text)
}

func TestAnEditedCaptionKeepsTheStoredFile(t *testing.T) {
	picture := interaction.MessageReceived{MessageID: "m1", Kind: interaction.KindImage, At: noon,
		Content: interaction.Content{Text: "the leek", Media: &interaction.Media{ProviderID: "p", MimeType: "image/jpeg",
			FileName: "photo.jpg", Size: 9}}}
	stored := interaction.MediaStored{MessageID: "m1", BlobID: "b", Key: []byte("key"), MimeType: "image/png", Size: 7}
	recaptioned := interaction.MessageEdited{MessageID: "m1", Content: interaction.Content{Text: "the leak",
		Media: &interaction.Media{ProviderID: "p2", MimeType: "image/jpeg"}}}
	want := fold(t, picture, stored)["m1"]
	want.Edited, want.Text, want.Words = true, "the leak", " the leak "
	require.Equal(t, want, fold(t, picture, stored, recaptioned)["m1"])
	require.Equal(t, want, fold(t, picture, recaptioned, stored)["m1"], "the file may arrive after the edit")

	unnamed := recaptioned
	unnamed.Content.Problem = &interaction.Failure{Reason: interaction.ProblemFile}
	require.Equal(t, want, fold(t, picture, stored, unnamed)["m1"], "an edit need not say where the file is")

	recaptioned.Content.Text = ""
	require.Empty(t, fold(t, picture, stored, recaptioned)["m1"].Text, "the caption was deleted")
}

func TestWhatTheCustomerWroteReplacesThePlaceholder(t *testing.T) {
	placeholder := incoming("m1", "")
	placeholder.Kind = interaction.KindUnsupported
	placeholder.Content.Problem = &interaction.Failure{Reason: interaction.ProblemWithheld, Code: "131060"}
	message := incoming("m1", "I would like an appointment")
	message.Content.Referral = &interaction.Referral{Headline: "Offer"}
	arrived := interaction.ContentArrived{MessageID: "m1", Kind: message.Kind, QuotedID: "m0", Forwarded: true,
		Content: message.Content}
	want := fold(t, message)["m1"]
	want.QuotedID, want.Forwarded = "m0", true
	require.Equal(t, want, fold(t, placeholder, arrived)["m1"], "the content appears as if it had come with the message, not as an edit")

	edit := interaction.MessageEdited{MessageID: "m1", Content: interaction.Content{Text: "I need an appointment"}}
	r := fold(t, placeholder, edit, arrived)["m1"]
	require.Equal(t, "I need an appointment", r.Text, "the customer's edit wins")
	require.Equal(t, "TEXT", r.Kind)

	revoked := fold(t, placeholder, interaction.MessageRevoked{MessageID: "m1"}, arrived)["m1"]
	require.True(t, revoked.Revoked)
	require.Empty(t, revoked.Text)
}

func TestAFileThatWasMissingIsFetchedWhenTheProviderDeliversIt(t *testing.T) {
	picture := interaction.MessageReceived{MessageID: "m1", Kind: interaction.KindImage, At: noon,
		Content: interaction.Content{Text: "the leek", Problem: &interaction.Failure{Reason: interaction.ProblemFile}}}
	arrived := interaction.ContentArrived{MessageID: "m1", Kind: interaction.KindImage, Content: interaction.Content{
		Text: "the leek", Media: &interaction.Media{ProviderID: "p", MimeType: "image/jpeg"}}}
	r := fold(t, picture, interaction.MediaFailed{MessageID: "m1"}, arrived)["m1"]
	require.Equal(t, MediaPending, r.MediaState)
	require.Empty(t, r.Failure)
	r = fold(t, picture, interaction.MediaFailed{MessageID: "m1"}, arrived,
		interaction.MediaStored{MessageID: "m1", BlobID: "b"})["m1"]
	require.Equal(t, MediaStored, r.MediaState)
}

func TestAnEditReplacesOnlyWhatItCarries(t *testing.T) {
	at, elsewhere := &interaction.Location{Latitude: 1}, &interaction.Location{Latitude: 2}
	place := incoming("m1", "here")
	place.Content.Location = at
	edit := func(c interaction.Content) Row {
		return fold(t, place, interaction.MessageEdited{MessageID: "m1", Content: c})["m1"]
	}
	require.Equal(t, at, edit(interaction.Content{Text: "not there"}).Location)
	require.Equal(t, "here", edit(interaction.Content{Location: elsewhere}).Text)
	require.Equal(t, elsewhere, edit(interaction.Content{Location: elsewhere}).Location)
	require.Equal(t, "here", edit(interaction.Content{}).Text)
}

func TestEachSideHasOneReaction(t *testing.T) {
	r := fold(t, incoming("m1", "hi"), interaction.ReactionReceived{MessageID: "m1", Emoji: "👍"},
		interaction.ReactionSent{MessageID: "m1", Emoji: "🎉"},
		interaction.ReactionReceived{MessageID: "m1", Emoji: "❤️"})["m1"]
	require.Equal(t, []Reaction{{"🎉", "AGENT"}, {"❤️", "CUSTOMER"}}, r.Reactions)
	gone := fold(t, incoming("m1", "hi"), interaction.ReactionReceived{MessageID: "m1", Emoji: "👍"},
		interaction.ReactionReceived{MessageID: "m1"})["m1"]
	require.Empty(t, gone.Reactions)
}

func TestADeliveryStatusOnlyRisesAndKeepsItsTimes(t *testing.T) {
	r := fold(t, outgoing("o1", "yes"), interaction.MessageAccepted{MessageID: "o1", ProviderTag: "tag", At: after(11)},
		interaction.MessageRead{MessageID: "o1", StatusAt: after(13)},
		interaction.MessageDelivered{MessageID: "o1", StatusAt: after(12)},
		interaction.MessageFailed{MessageID: "o1", Code: "X", Reason: interaction.FailedOther})["o1"]
	require.Equal(t, "READ", r.Status)
	require.Equal(t, after(13), *r.ReadAt)
	require.Equal(t, after(13), *r.DeliveredAt, "read implies delivered")
	require.Equal(t, "tag", r.ProviderTag)
}

func TestALateStatusSettlesAnUnknownOutcome(t *testing.T) {
	r := fold(t, outgoing("o1", "yes"), interaction.MessageOutcomeUnknown{MessageID: "o1", Code: "TIMEOUT"},
		interaction.MessageDelivered{MessageID: "o1", StatusAt: after(12)})["o1"]
	require.Equal(t, "DELIVERED", r.Status)
	require.Empty(t, r.FailureCode)
}

func TestTheOwnerSettlesAnUnknownOutcome(t *testing.T) {
	inDoubt := interaction.MessageOutcomeUnknown{MessageID: "o1", Code: "TIMEOUT"}
	sent := fold(t, outgoing("o1", "yes"), inDoubt,
		interaction.MessageSettled{MessageID: "o1", By: "ada", As: interaction.StatusSent})["o1"]
	require.Equal(t, "SENT", sent.Status)
	require.Empty(t, sent.FailureCode)

	failed := fold(t, outgoing("o1", "yes"), inDoubt,
		interaction.MessageSettled{MessageID: "o1", By: "ada", As: interaction.StatusFailed})["o1"]
	require.Equal(t, "FAILED", failed.Status)
	require.Equal(t, string(interaction.FailedMarked), failed.Failure)
}

func TestAFailedMessageNamesItsRetry(t *testing.T) {
	again := outgoing("o2", "yes")
	again.RetryOf = "o1"
	rows := fold(t, outgoing("o1", "yes"), interaction.MessageFailed{MessageID: "o1", Code: "131026",
		Reason: interaction.FailedUnreachable}, again)
	require.Equal(t, "o2", rows["o1"].RetriedBy)
	require.Equal(t, string(interaction.FailedUnreachable), rows["o1"].Failure)
	require.Equal(t, "yes", rows["o2"].Text)
}

func TestAnUnsupportedMessageKeepsTheReasonAndNoText(t *testing.T) {
	poll := incoming("m1", "")
	poll.Kind = interaction.KindUnsupported
	poll.Content.Problem = &interaction.Failure{Reason: interaction.ProblemUnsupported, Kind: "poll",
		Detail: "Ask +49 151 2345678"}
	r := fold(t, poll)["m1"]
	require.Equal(t, []string{"", "CONTENT_UNSUPPORTED", "poll", "Ask +49 151 2345678"},
		[]string{r.Text, r.Failure, r.FailureCode, r.FailureDetail})
	poll.Content.Problem.Code = "131051"
	require.Equal(t, "poll", fold(t, poll)["m1"].Description, "also when the provider gives a code")
	require.Equal(t, "Ask •••", seen(t, blind, policy.MaskFull, poll).FailureDetail)
}

func TestAChosenListEntryShowsItsDescription(t *testing.T) {
	chosen := incoming("m1", "")
	chosen.Kind, chosen.Content.Choice = interaction.KindReply, &interaction.Choice{ID: "7",
		Title: "Tomorrow", Description: "9 to 12"}
	r := fold(t, chosen)["m1"]
	require.Equal(t, "Tomorrow", r.Text)
	require.Equal(t, "9 to 12", r.Description)
}

func TestAReactionIsNotAMessage(t *testing.T) {
	reaction := outgoing("o1", "")
	reaction.Kind = interaction.KindReaction
	require.Empty(t, fold(t, reaction, interaction.MessageAccepted{MessageID: "o1"}))
}

func TestAFileIsPendingUntilStored(t *testing.T) {
	picture := interaction.MessageReceived{MessageID: "m1", Kind: interaction.KindImage, At: noon,
		Content: interaction.Content{Media: &interaction.Media{ProviderID: "p", MimeType: "image/jpeg"}}}
	require.Equal(t, MediaPending, fold(t, picture)["m1"].MediaState)
	require.Equal(t, MediaFailed, fold(t, picture, interaction.MediaFailed{MessageID: "m1"})["m1"].MediaState)
	stored := fold(t, picture, interaction.MediaStored{MessageID: "m1", BlobID: "b", MimeType: "image/png",
		Size: 7})["m1"]
	require.Equal(t, MediaStored, stored.MediaState)
	require.Equal(t, "image/png", stored.MimeType)
}

func TestASharedContactShowsNumbersAsWritten(t *testing.T) {
	want := []Card{{Name: "Ida Berg", Company: "Ferries Ltd", Phones: []string{"+49 1", "492"}, Emails: []string{"ida@example.org"}}}
	require.Equal(t, want, cards([]interaction.Card{{
		Name: "Ida Berg", Company: "Ferries Ltd",
		Phones: []interaction.CardPhone{{Number: "+49 1", ChannelID: "491"}, {ChannelID: "492"}, {}},
		Emails: []string{"ida@example.org"},
	}}))
}

func TestAnErasedMessageHasNoText(t *testing.T) {
	log := projectionstest.Record("interaction-one", incoming("m1", ""))
	log[0].Erased = true
	r := projectionstest.Fold(t, table, log)["m1"]
	require.True(t, r.Erased)
	require.Empty(t, r.Text)
}

func models() []projections.Model {
	return []projections.Model{settings.Model(), contacts.Model(), interactions.Model(), waiting.Model(), Model()}
}

func thread(t *testing.T) database.DB {
	quoting := outgoing("o1", "it is on its way")
	quoting.QuotedID = "m1"
	events := []domain.Event{
		interaction.Opened{AccountID: "shop", AddressID: "a", QueueID: "sales", Number: 1, At: noon},
		incoming("m1", "my number is +49 151 2345678"),
		interaction.MessageReceived{MessageID: "m2", Kind: interaction.KindContacts, At: after(2),
			Content: interaction.Content{
				Cards: []interaction.Card{{
					Name: "Ida Berg", Phones: []interaction.CardPhone{{Number: "4915199"}},
					Emails: []string{"ida@example.org"},
				}}}},
		interaction.MessageReceived{MessageID: "m3", Kind: interaction.KindLocation, At: after(3),
			Content: interaction.Content{
				Location: &interaction.Location{Latitude: 1.5678, Longitude: 2.5, Name: "Office, call 0151 2345678"}}},
		interaction.Accepted{By: "ada", At: after(4)},
		quoting,
		interaction.MessageAccepted{MessageID: "o1", ProviderTag: "tag-1", At: after(11)},
		interaction.NoteAdded{NoteID: "n1", By: "ada", Text: "regular", At: after(12)},
		interaction.WhisperAdded{NoteID: "w1", By: "sup", Text: "be kind", At: after(13)},
	}
	return under(t, policy.MaskFull, events...)
}

// under returns a database whose policy masks names, numbers and email addresses in this mode.
func under(t *testing.T, mode policy.Mode, events ...domain.Event) database.DB {
	t.Helper()
	mask := policy.Mask{Mode: mode}
	return projectionstest.Run(t, models(), []eventstore.Recorded(projectionstest.Record("policy-one",
		policy.Created{Settings: policy.Settings{MaskName: mask, MaskPhone: mask, MaskEmail: mask}})),
		projectionstest.Record("interaction-one", events...))
}

// seen returns a message as the viewer sees it, in a session with no other message.
func seen(t *testing.T, by access.Viewer, mode policy.Mode, m interaction.MessageReceived) Row {
	t.Helper()
	db := under(t, mode, interaction.Opened{AccountID: "shop", AddressID: "a", QueueID: "sales", Number: 1,
		At: noon}, m)
	r, found, err := ByID(t.Context(), db.For(by), by, string(m.MessageID))
	require.NoError(t, err)
	require.True(t, found)
	return r
}

func TestARevokedNoteKeepsItsPlaceButNotItsText(t *testing.T) {
	r := Row{}
	for _, e := range projectionstest.Record("interaction-one",
		interaction.NoteAdded{NoteID: "n1", By: "ada", Text: "call 0151 2345678", At: noon},
		interaction.NoteRevoked{NoteID: "n1", By: "ada", At: after(1)}) {
		require.Equal(t, []string{"n1"}, keys(e))
		r = evolve(r, e)
	}
	require.True(t, r.Revoked)
	require.Empty(t, r.Text)
	require.False(t, r.Private)
	require.Equal(t, AuthorNote, r.Author)
}

var (
	admin = access.NewViewer("root", user.Settings{Role: user.Admin}, access.Scope{})
	owner = access.NewViewer("ada", user.Settings{Role: user.Agent}, access.Scope{})
	mate  = access.NewViewer("ben", user.Settings{Role: user.Agent},
		access.Scope{Queues: []domain.QueueID{"sales"}, Accounts: []domain.AccountID{"shop"}})
	alien = access.NewViewer("cho", user.Settings{Role: user.Agent},
		access.Scope{Queues: []domain.QueueID{"lab"}, Accounts: []domain.AccountID{"shop"}})
	blind = access.NewViewer("eve", user.Settings{Role: user.Auditor, Masked: true}, access.Scope{})
)

func ids(rows []Row) []string {
	found := []string{}
	for _, r := range rows {
		found = append(found, r.ID)
	}
	return found
}

func TestOnlyTheOwnerAndSupervisorsSeeWhispers(t *testing.T) {
	db := thread(t)
	for _, c := range []struct {
		viewer access.Viewer
		want   []string
	}{
		{admin, []string{"m1", "m2", "m3", "o1", "n1", "w1"}},
		{owner, []string{"m1", "m2", "m3", "o1", "n1", "w1"}},
		{mate, []string{"m1", "m2", "m3", "o1", "n1"}},
		{alien, []string{}},
	} {
		page, err := Last(t.Context(), db.For(c.viewer), c.viewer, "one", nil, nil, 10)
		require.NoError(t, err)
		require.Equal(t, c.want, ids(page.Rows), string(c.viewer.User))
	}
}

func TestAViewerOfAnInteractionAlsoReadsWhatWasJoinedIntoIt(t *testing.T) {
	db := projectionstest.Run(t, models(),
		projectionstest.Record("interaction-one", interaction.Opened{AccountID: "shop", AddressID: "a", QueueID: "sales", Number: 1, At: noon},
			incoming("m1", "by number"), interaction.Joined{Other: "two", At: after(5)}),
		projectionstest.Record("interaction-two", interaction.Opened{AccountID: "shop", AddressID: "b", QueueID: "lab", Number: 1, At: noon},
			incoming("m2", "by user id"), interaction.JoinedInto{Survivor: "one", At: after(5)}, interaction.Closed{At: after(5)}))
	page, err := Last(t.Context(), db.Clear, mate, "one", []string{"two"}, nil, 10)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"m1", "m2"}, ids(page.Rows), "although the other queue is not theirs")
	_, found, err := ByID(t.Context(), db.Clear, mate, "m2")
	require.NoError(t, err)
	require.True(t, found)
	page, err = Last(t.Context(), db.Clear, alien, "one", []string{"two"}, nil, 10)
	require.NoError(t, err)
	require.Empty(t, page.Rows, "who sees only the one that was joined reads it there")
}

func TestThePageBeforeAMessageEndsWithTheOneBeforeIt(t *testing.T) {
	db := thread(t)
	last, err := Last(t.Context(), db.Clear, mate, "one", nil, nil, 2)
	require.NoError(t, err)
	require.Equal(t, []string{"o1", "n1"}, ids(last.Rows))
	require.True(t, last.HasPrevious)
	before, err := Last(t.Context(), db.Clear, mate, "one", nil, &last.Rows[0].Position, 5)
	require.NoError(t, err)
	require.Equal(t, []string{"m1", "m2", "m3"}, ids(before.Rows))
	require.False(t, before.HasPrevious)
	require.True(t, before.HasNext)
}

func TestAMessageIsReadAsItWasFolded(t *testing.T) {
	db := thread(t)
	r, found, err := ByID(t.Context(), db.Clear, mate, "o1")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, &Quoted{ID: "m1", Author: "CUSTOMER", Kind: "TEXT",
		Text: "my number is +49 151 2345678"}, r.Quoted)
	require.Equal(t, "ACCEPTED", r.Status)
	interactionID, messageID, err := OfProviderTag(t.Context(), db.Clear, "tag-1")
	require.NoError(t, err)
	require.Equal(t, []string{"one", "o1"}, []string{interactionID, messageID})
	of, err := Of(t.Context(), db.Clear, "m2")
	require.NoError(t, err)
	require.Equal(t, "one", of)
}

func TestMaskedViewersSeeNoNumbersNamesOrProviderIDs(t *testing.T) {
	db := thread(t)
	rows, err := ByIDs(t.Context(), db.For(blind), blind, []string{"m1", "m2", "m3", "o1"})
	require.NoError(t, err)
	require.Len(t, rows, 4)
	require.Equal(t, "my number is •••", rows[0].Text)
	require.Equal(t, []Card{{Name: "•••", Phones: []string{"•••"}, Emails: []string{"•••"}}}, rows[1].Cards)
	require.Equal(t, "•••", rows[2].Location.Name)
	require.InDelta(t, 1.6, rows[2].Location.Latitude, 0, "to a tenth of a degree")
	require.Equal(t, "my number is •••", rows[3].Quoted.Text)
	require.Empty(t, rows[3].ProviderTag)
}
