package messages

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
	"parley/domain/policy"
)

func ordered(items ...interaction.OrderItem) interaction.MessageReceived {
	order := &interaction.Order{CatalogID: "C1", Items: items}
	return interaction.MessageReceived{
		MessageID: "m1", Kind: interaction.KindOrder, SentAt: noon, At: after(1),
		Content: interaction.Content{Text: "for Saturday", Order: order},
	}
}

func TestAnOrderShowsItsLines(t *testing.T) {
	want := []interaction.OrderItem{{ProductID: "sku-1", Quantity: 2, Price: "19.9", Currency: "EUR"},
		{ProductID: "sku-2", Quantity: 1, Price: "5", Currency: "EUR"}}
	order := ordered(want...)
	require.Equal(t, want, fold(t, order)["m1"].Items)
	require.Equal(t, want, seen(t, admin, policy.MaskFull, order).Items)
	require.Equal(t, want, seen(t, blind, policy.MaskFull, order).Items, "the order holds nothing personal")
	require.Empty(t, fold(t, order, interaction.MessageRevoked{MessageID: "m1"})["m1"].Items)
}

func TestAnOrdersTotalIsExactToTheCent(t *testing.T) {
	item := func(quantity float64, price, currency string) interaction.OrderItem {
		return interaction.OrderItem{Quantity: quantity, Price: price, Currency: currency}
	}
	for _, c := range []struct {
		name  string
		items []interaction.OrderItem
		want  string
	}{
		{"quantities multiply the prices", []interaction.OrderItem{item(2, "19.9", "EUR"), item(1, "5", "EUR")}, "44.8 EUR"},
		{"amounts beyond float precision", []interaction.OrderItem{item(3, "0.10", "EUR"),
			item(1, "1000000000000.01", "EUR")}, "1000000000000.31 EUR"},
		{"two different currencies", []interaction.OrderItem{item(1, "1", "EUR"), item(1, "1", "USD")}, ""},
		{"a hidden price", []interaction.OrderItem{item(1, "•••", "EUR")}, ""},
		{"an endlessly large price", []interaction.OrderItem{item(1, "1e999999999", "EUR")}, ""},
		{"an order without lines", nil, ""},
	} {
		total, currency, known := Total(c.items)
		require.Equal(t, c.want != "", known, c.name)
		if known {
			require.Equal(t, c.want, total+" "+currency, c.name)
		}
	}
}

func TestMaskedViewersSeeNoNumbersInOrders(t *testing.T) {
	order := ordered(interaction.OrderItem{ProductID: "+49 151 2345678", Quantity: 1, Price: "491512345678",
		Currency: "ida@example.org"})
	require.Equal(t, []interaction.OrderItem{{ProductID: "•••", Quantity: 1, Price: "•••", Currency: "•••"}},
		seen(t, blind, policy.MaskFull, order).Items)
}
