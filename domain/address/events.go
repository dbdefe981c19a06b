// Package address holds which spellings and ids belong to one customer. Every alias leads to its canonical
// address, the first one seen.
package address

import (
	"time"

	"parley/domain"
)

// Event is something that happened to one alias. The stream's id is the keyed hash of the alias.
type Event interface {
	domain.Event
	isAddressEvent()
}

// AliasNamed says which address an alias belongs to. The first alias seen belongs to itself.
type AliasNamed struct {
	Canonical domain.AddressID `json:"canonical"`
	At        time.Time        `json:"at"`
}

// AliasLinked says that two addresses are one customer. What belonged to From now belongs to Canonical.
type AliasLinked struct {
	From      domain.AddressID `json:"from"`
	Canonical domain.AddressID `json:"canonical"`
	Reason    string           `json:"reason"` // SEEN_TOGETHER, NUMBER_CHANGED, USER_ID_CHANGED
	At        time.Time        `json:"at"`
}

func (AliasNamed) EventType() string  { return "AddressAliasNamed" }
func (AliasLinked) EventType() string { return "AddressAliasLinked" }
func (AliasNamed) isAddressEvent()    {}
func (AliasLinked) isAddressEvent()   {}
