// Package address holds which spellings and ids belong to one customer. Every alias leads to an address, the first one
// seen. A user id belongs to one person for good. A number can pass from one person to another, so it has holders, one
// after the other.
package address

import (
	"time"

	"parley/domain"
)

// Event is something that happened to one alias, or to the address that has the same id. The stream's id is the keyed
// hash of the alias.
type Event interface {
	domain.Event
	isAddressEvent()
}

// AliasNamed says which address an alias belongs to. The first alias seen belongs to itself.
type AliasNamed struct {
	Canonical domain.AddressID `json:"canonical"`
	At        time.Time        `json:"at"`
}

// AliasIdentified says that a number came together with a user id. User belongs to Canonical; From held the number
// until then, and is the same customer.
type AliasIdentified struct {
	From      domain.AddressID `json:"from"`
	Canonical domain.AddressID `json:"canonical"`
	User      domain.AddressID `json:"user"`  // the alias of the user id
	Since     time.Time        `json:"since"` // by the provider's clock
	At        time.Time        `json:"at"`
}

// AliasMoved says that a number belongs to another customer from a moment on, because it came with another user id.
// A moment in the past changes nothing about who holds the number now.
type AliasMoved struct {
	From      domain.AddressID `json:"from"`
	Canonical domain.AddressID `json:"canonical"`
	User      domain.AddressID `json:"user,omitempty"` // the alias of the user id, if one came with it
	Since     time.Time        `json:"since"`          // by the provider's clock
	At        time.Time        `json:"at"`
}

// AliasLinked says that two addresses are one customer. What belonged to From now belongs to Canonical.
type AliasLinked struct {
	From      domain.AddressID `json:"from"`
	Canonical domain.AddressID `json:"canonical"`
	Reason    string           `json:"reason"` // SEEN_TOGETHER, NUMBER_CHANGED, USER_ID_CHANGED
	At        time.Time        `json:"at"`
}

// AliasUnlinked says that someone undid a link. The two addresses are not linked again.
type AliasUnlinked struct {
	Canonical domain.AddressID `json:"canonical"` // where the address led
	By        domain.UserID    `json:"by"`
	At        time.Time        `json:"at"`
}

// Joined says that another address leads to this one.
type Joined struct {
	From domain.AddressID `json:"from"`
	At   time.Time        `json:"at"`
}

// Parted says that another address no longer leads to this one.
type Parted struct {
	From domain.AddressID `json:"from"`
	At   time.Time        `json:"at"`
}

func (AliasNamed) EventType() string      { return "AddressAliasNamed" }
func (AliasIdentified) EventType() string { return "AddressAliasIdentified" }
func (AliasMoved) EventType() string      { return "AddressAliasMoved" }
func (AliasLinked) EventType() string     { return "AddressAliasLinked" }
func (AliasUnlinked) EventType() string   { return "AddressAliasUnlinked" }
func (Joined) EventType() string          { return "AddressJoined" }
func (Parted) EventType() string          { return "AddressParted" }
func (AliasNamed) isAddressEvent()        {}
func (AliasIdentified) isAddressEvent()   {}
func (AliasMoved) isAddressEvent()        {}
func (AliasLinked) isAddressEvent()       {}
func (AliasUnlinked) isAddressEvent()     {}
func (Joined) isAddressEvent()            {}
func (Parted) isAddressEvent()            {}
