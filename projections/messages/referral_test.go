package messages

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
	"parley/domain/policy"
)

func referred(from interaction.Referral) interaction.MessageReceived {
	m := incoming("m1", "is it still to be had?")
	m.Content.Referral = &from
	m.Content.Product = &interaction.Product{CatalogID: "C1", ID: "sku-1"}
	return m
}

func TestAMessageShowsTheAdvertisementAndTheProductItCameFrom(t *testing.T) {
	ad := referred(interaction.Referral{
		Type: interaction.ReferralAd, SourceID: "120", URL: "https://fb.me/x", Headline: "Sale",
		Body: "Today alone", ClickID: "clid-1",
	})
	want, product := &Referral{Type: "AD", Headline: "Sale", Body: "Today alone",
		URL: "https://fb.me/x"}, &interaction.Product{CatalogID: "C1", ID: "sku-1"}
	for _, r := range []Row{fold(t, ad)["m1"], seen(t, admin, policy.MaskFull, ad),
		seen(t, blind, policy.MaskFull, ad)} {
		require.Equal(t, want, r.Referral)
		require.Equal(t, product, r.Product)
	}
	edited := fold(t, ad, interaction.MessageEdited{MessageID: "m1",
		Content: interaction.Content{Text: "is it there?"}})["m1"]
	require.Equal(t, want, edited.Referral, "an edit changes the words")
	gone := fold(t, ad, interaction.MessageRevoked{MessageID: "m1"})["m1"]
	require.Nil(t, gone.Referral)
	require.Nil(t, gone.Product)
}

func TestOnlyWebAddressesCanBeOpened(t *testing.T) {
	for address, want := range map[string]string{
		"https://example.org/a?b=c#d": "https://example.org/a?b=c#d",
		"HTTP://example.org":          "http://example.org",
		"javascript:alert(1)":         "",
		"java\nscript:alert(1)":       "",
		" javascript:alert(1)":        "",
		"data:text/html,x":            "",
		"//example.org":               "",
		"https:example.org":           "",
		"https://me:secret@a.example": "",
		"example.org":                 "",
		"":                            "",
	} {
		require.Equal(t, want, webAddress(address), address)
	}
}

func TestMaskedViewersSeeNoNumbersInReferrals(t *testing.T) {
	ad := referred(interaction.Referral{
		Type: interaction.ReferralPost, URL: "https://wa.me/491512345678", Headline: "Call 0151 2345678",
		Body: "or ida@example.org",
	})
	ad.Content.Product = &interaction.Product{CatalogID: "0151 2345678", ID: "ida@example.org"}
	r := seen(t, blind, policy.MaskFull, ad)
	require.Equal(t, &Referral{Type: "POST", Headline: "Call •••", Body: "or •••"}, r.Referral,
		"a partly masked address would not work")
	require.Equal(t, &interaction.Product{CatalogID: "•••", ID: "•••"}, r.Product)
}
