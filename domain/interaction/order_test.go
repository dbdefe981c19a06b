package interaction

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnOrderIsToldInOneLine(t *testing.T) {
	for order, want := range map[string]string{
		`{"Items":[{"ProductID":"a","Quantity":2,"Price":"19.9","Currency":"EUR"},{"ProductID":"b","Quantity":1}]}`: "Order: 3 items",
		`{"Items":[{"ProductID":"a","Quantity":1}]}`:                                                                "Order: 1 item",
		`{"Items":[{"ProductID":"a","Quantity":0.5},{"ProductID":"b"}]}`:                                            "Order: 2 items",
		`{"Items":[{"ProductID":"a","Quantity":1e300},{"ProductID":"b"}]}`:                                          "Order: 2 items",
		`{"Items":[]}`: "",
		`"two"`:        "",
		``:             "",
	} {
		require.Equal(t, want, Content{Order: json.RawMessage(order)}.OrderInWords(), order)
	}
}
