package interaction

import "math"

// Order is what a customer picked from a catalog.
type Order struct {
	CatalogID string      `json:"catalogId,omitempty"`
	Items     []OrderItem `json:"items,omitempty"`
}

// OrderItem is one line of an order.
type OrderItem struct {
	ProductID string  `json:"productId"` // the retailer's own id of it
	Quantity  float64 `json:"quantity"`
	Price     string  `json:"price"` // of one, a decimal number as the provider wrote it
	Currency  string  `json:"currency"`
}

// Pieces counts the pieces of an order, or its lines if something is not sold by the piece. A nil order has none.
func (o *Order) Pieces() int {
	if o == nil {
		return 0
	}
	pieces := 0.0
	for _, i := range o.Items {
		pieces += i.Quantity
	}
	if pieces != math.Trunc(pieces) || pieces < 1 || pieces > 1e6 {
		return len(o.Items)
	}
	return int(pieces)
}
