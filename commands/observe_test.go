package commands_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels"
	. "parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/domain/list"
	"parley/domain/unplaced"
)

// seen returns a message that passed without us, as it arrives in a delivery.
func (w *world) seen(from channels.Sender, providerID string, author interaction.Author) Arrival {
	a := w.text(from, providerID)
	a.Message, a.Observed = nil, &ArrivedObserved{Author: author, Kind: interaction.KindText, Content: a.Message.Content}
	return a
}

func TestAMessageFromThePhoneAppJoinsTheLastInteraction(t *testing.T) {
	w := newWorld(t)
	ada := tel("393331234567")
	home := w.receive(ada, "m1")
	echo := w.seen(ada, "e1", interaction.AuthorPhoneApp)
	for range 2 {
		require.NoError(t, w.process().Receive(w.ctx(), w.account, []Arrival{echo}))
	}
	require.Equal(t, home, w.home(ada, "e1"))
	require.Len(t, all[interaction.MessageObserved](w), 1)

	w.close(home)
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{w.seen(ada, "e2", interaction.AuthorPhoneApp)}))
	require.Len(t, all[interaction.Opened](w), 1, "it opens no interaction")
	require.Len(t, all[interaction.MessageObserved](w), 2)
}

func TestAMessageFromThePhoneAppToAStrangerWaitsBeforeTheFirstSession(t *testing.T) {
	w := newWorld(t)
	ada := tel("393331234567")
	revoke := w.about(ada, "r1", func(a *Arrival) { a.Revoke = &ArrivedRevoke{TargetID: "e1"} })
	for range 2 {
		require.NoError(t, w.process().Receive(w.ctx(), w.account,
			[]Arrival{w.seen(ada, "e1", interaction.AuthorPhoneApp), revoke}))
	}
	openings := all[interaction.Opened](w)
	require.Len(t, openings, 1)
	require.Equal(t, interaction.OriginBefore, openings[0].Origin)
	require.Len(t, all[interaction.Closed](w), 1, "no one is offered it")
	require.Len(t, all[interaction.MessageRevoked](w), 1)

	w.receive(ada, "m1")
	openings = all[interaction.Opened](w)
	require.Len(t, openings, 2)
	require.Equal(t, 1, openings[1].Number, "the customer's first session is number 1")
}

func TestOldMessagesGoBeforeTheFirstSessionAtTheirTime(t *testing.T) {
	w := newWorld(t)
	ada := tel("393331234567")
	home := w.receive(ada, "m1")
	at := w.now().Add(-100 * 24 * time.Hour)
	chunk := []Arrival{w.seen(ada, "old1", interaction.AuthorCustomer), w.seen(ada, "old2", interaction.AuthorPhoneApp),
		w.seen(ada, "m1", interaction.AuthorCustomer)}
	for i := range chunk {
		chunk[i].Observed.Before, chunk[i].SentAt = true, at.Add(time.Duration(i)*time.Minute)
	}
	for range 2 {
		require.NoError(t, w.process().Receive(w.ctx(), w.account, chunk))
	}
	found := all[interaction.MessageObserved](w)
	require.Len(t, found, 2, "a message that was received is not imported")
	require.True(t, found[0].Before && found[1].Before)
	require.Equal(t, at, found[0].SentAt)
	s, _ := w.session(home)
	require.Equal(t, w.now(), s.LastInboundAt, "the window stays as it is")
	require.Len(t, all[interaction.MessageReceived](w), 1)
}

func TestACustomerWhomAnotherAppPassesOnIsOurs(t *testing.T) {
	w := newWorld(t)
	ada := tel("393331234567")
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{w.seen(ada, "s1", interaction.AuthorCustomer)}))
	handover := w.text(ada, "h1")
	handover.Message = &ArrivedMessage{Kind: interaction.KindHandover, Content: interaction.Content{Text: "wants a person"}}
	w.later(time.Hour)
	for range 2 {
		require.NoError(t, w.process().Receive(w.ctx(), w.account, []Arrival{handover}))
	}
	openings := all[interaction.Opened](w)
	require.Len(t, openings, 2)
	require.Equal(t, interaction.OriginHandover, openings[1].Origin)
	require.Equal(t, 1, openings[1].Number)
	require.NotNil(t, openings[1].LastInboundAt, "what the customer wrote to the other app opened the window")
	require.Equal(t, w.now().Add(-time.Hour), *openings[1].LastInboundAt)
}

func TestACallIsOneLineFromRingingToItsEnd(t *testing.T) {
	w := newWorld(t)
	ada := tel("393331234567")
	call := func(outcome interaction.CallOutcome) Arrival {
		a := w.text(ada, "c1")
		a.Message = &ArrivedMessage{Kind: interaction.KindCall,
			Content: interaction.Content{Call: &interaction.Call{Outcome: outcome}}}
		return a
	}
	for range 2 {
		require.NoError(t, w.process().Receive(w.ctx(), w.account,
			[]Arrival{call(interaction.CallRinging), call(interaction.CallMissed), call(interaction.CallRinging)}))
	}
	require.Len(t, all[interaction.MessageReceived](w), 1)
	ended := all[interaction.ContentArrived](w)
	require.Len(t, ended, 1)
	require.Equal(t, interaction.CallMissed, ended[0].Content.Call.Outcome)
	require.Len(t, all[interaction.Opened](w), 1, "a call that no one answered is offered")
}

func TestACustomersWishAboutMarketingIsKeptOnTheirContact(t *testing.T) {
	w := newWorld(t)
	ada := tel("393331234567")
	wish := func(stop bool) Arrival {
		a := w.text(ada, "")
		a.Message, a.Preference = nil, &ArrivedPreference{Stop: stop}
		return a
	}
	stop := wish(true)
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{stop}))
	kept := all[unplaced.Kept](w)
	require.Len(t, kept, 1, "the account has no list")
	require.Equal(t, "preference", kept[0].Kind)

	listID, _, err := w.SaveList(w.ctx(), "", list.Settings{Name: "Customers"}, "", someone())
	require.NoError(t, err)
	shop := w.shop()
	shop.ListID, shop.CreateContacts = listID, true
	_, _, err = w.SaveAccount(w.ctx(), w.account, shop, nil, "", someone())
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, w.process().Receive(w.ctx(), w.account, []Arrival{stop}))
	}
	require.Len(t, all[contact.Created](w), 1)
	require.Len(t, all[contact.MarketingStopped](w), 1)
	w.later(time.Hour)
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{wish(false)}))
	require.Len(t, all[contact.MarketingResumed](w), 1)
}

func TestANoticeIsRecordedOnceOnItsAccount(t *testing.T) {
	w := newWorld(t)
	notice := Arrival{SentAt: w.now(), Notice: &ArrivedNotice{Field: "account_update", Event: "ACCOUNT_VIOLATION",
		Facts: []account.Fact{{Name: "Violation type", Value: "ALCOHOL"}}}}
	for range 2 {
		require.NoError(t, w.process().Receive(w.ctx(), w.account, []Arrival{notice}))
	}
	found := all[account.Noticed](w)
	require.Len(t, found, 1)
	require.Equal(t, "ACCOUNT_VIOLATION", found[0].Event)
	require.NoError(t, w.Receive(w.ctx(), domain.AccountID(NewID()), []Arrival{notice}))
	require.Len(t, all[unplaced.Kept](w), 1, "an account that does not exist")
}

func TestEveryArrivalIsCountedByWhatBecameOfIt(t *testing.T) {
	w := newWorld(t)
	counts := w.counts
	ada := tel("393331234567")
	edit := w.about(ada, "m3", func(a *Arrival) { a.Edit = &ArrivedEdit{TargetID: "gone"} })
	foreign := Arrival{Unplaced: &ArrivedUnplaced{Kind: "group_message", Part: "{}"}}
	for range 2 {
		for _, a := range []Arrival{w.text(ada, "m1"), w.seen(ada, "e1", interaction.AuthorPhoneApp), edit, foreign} {
			require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{a}))
		}
	}
	require.Equal(t, map[string]int{
		"message placed": 1, "message duplicate": 1, "echo placed": 1, "echo duplicate": 1, "edit early": 2,
		"group_message unplaced": 1, "group_message duplicate": 1,
	}, counts)
}
