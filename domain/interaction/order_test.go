package interaction

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnOrderCountsItsPiecesOrElseItsLines(t *testing.T) {
	of := func(quantities ...float64) *Order {
		o := &Order{}
		for _, q := range quantities {
			o.Items = append(o.Items, OrderItem{ProductID: "sku", Quantity: q})
		}
		return o
	}
	for _, c := range []struct {
		name  string
		order *Order
		want  int
	}{
		{"two pieces of one product and one of another", of(2, 1), 3},
		{"one piece in all", of(1), 1},
		{"half a piece counts as a line", of(0.5, 0), 2},
		{"a quantity beyond reason counts as a line", of(1e300, 0), 2},
		{"an order without lines", of(), 0},
		{"a message without an order", nil, 0},
	} {
		require.Equal(t, c.want, c.order.Pieces(), c.name)
	}
}
