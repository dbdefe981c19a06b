package messages

import (
	"math/big"
	"regexp"
	"strings"

	"parley/domain/interaction"
)

// amount is a price one can count with: anything else could cost more to count than it is worth.
var amount = regexp.MustCompile(`^\d{1,15}(\.\d{1,6})?$`)

// Total is what an order costs, a decimal number, and in which currency. False when its lines are in several, or have
// prices that are hidden or no numbers.
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
