package messages

import (
	"math/big"
	"regexp"
	"strings"

	"parley/domain/interaction"
)

func items(o *interaction.Order) []interaction.OrderItem {
	if o == nil {
		return nil
	}
	return o.Items
}

// amount matches prices that are cheap to add up. Others might take very long.
var amount = regexp.MustCompile(`^\d{1,15}(\.\d{1,6})?$`)

// Total returns the price of an order as a decimal number, and its currency. It returns false if the lines
// have different currencies, or prices that are hidden or not numbers.
func Total(items []interaction.OrderItem) (total, currency string, known bool) {
	sum, decimals := new(big.Rat), 0
	for _, i := range items {
		if i.Currency != items[0].Currency || !amount.MatchString(i.Price) {
			return "", "", false
		}
		price, _ := new(big.Rat).SetString(i.Price)
		sum.Add(sum, price.Mul(price, new(big.Rat).SetFloat64(i.Quantity)))
		_, fraction, _ := strings.Cut(i.Price, ".")
		decimals = max(decimals, len(fraction))
	}
	if len(items) == 0 {
		return "", "", false
	}
	return sum.FloatString(decimals), items[0].Currency, true
}
