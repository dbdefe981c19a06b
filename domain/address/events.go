// Package address holds which spellings and ids are one customer: every alias names its canonical address, the first seen.
package address

import (
	"time"

	"parley/domain"
)

// Event is something that happened to one alias. The stream's id is the alias's keyed hash.
type Event interface {
	domain.Event
	isAddressEvent()
}

// AliasNamed says which canonical address this alias belongs to; itself when it was the first seen.
type AliasNamed struct {
	Canonical domain.AddressID `json:"canonical"`
	At        time.Time        `json:"at"`
}

// AliasLinked says two addresses turned out to be one customer: what belonged to From belongs to Canonical from now on.
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
