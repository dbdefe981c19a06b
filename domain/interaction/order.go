package interaction

import (
	"encoding/json"
	"fmt"
	"math"
)

// OrderItem is one line of an order.
type OrderItem struct {
	ProductID string  `json:"productId"` // the retailer's own id of it
	Quantity  float64 `json:"quantity"`
	Price     string  `json:"price"` // of one, a decimal number as the provider wrote it
	Currency  string  `json:"currency"`
}

// OrderItems are the lines of the order a message carries; none when it carries none. JSON names match in any case.
func (c Content) OrderItems() []OrderItem {
	var order struct{ Items []OrderItem }
	if len(c.Order) == 0 || json.Unmarshal(c.Order, &order) != nil {
		return nil
	}
	return order.Items
}

// OrderInWords says how much was ordered in one line, such as "Order: 3 items"; empty when nothing was.
func (c Content) OrderInWords() string {
	items := c.OrderItems()
	if len(items) == 0 {
		return ""
	}
	pieces := 0.0
	for _, i := range items {
		pieces += i.Quantity
	}
	if pieces != math.Trunc(pieces) || pieces < 1 || pieces > 1e6 {
		pieces = float64(len(items)) // not counted in pieces
	}
	if pieces == 1 {
		return "Order: 1 item"
	}
	return fmt.Sprintf("Order: %.0f items", pieces)
}
