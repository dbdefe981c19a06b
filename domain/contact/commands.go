package contact

import (
	"time"

	"parley/domain"
)

// Command is a wish about one contact. Clock and ids arrive inside it.
type Command interface{ isContactCommand() }

// Create adds a contact to a list, with its first tags.
type Create struct {
	Created
	Tags   []string
	Manage bool // it becomes one of the author's own contacts (R40)
}

// Change says what shall be different. A part that is nil stays as it is when this is decided; of the others what differs is
// recorded, and nothing else. Whoever sends it has put the stored values back where a masked form showed none (A16).
type Change struct {
	FirstName, LastName *string
	Phones, Mails, Tags []string          // nil: as they are; empty: none
	Fields              map[string]string // by key; an empty value clears one
	By                  domain.UserID
	Manage              bool
	At                  time.Time
}

// AddTag puts a tag on the contact.
type AddTag struct {
	Tag string
	By  domain.UserID
	At  time.Time
}

// RemoveTag takes a tag off.
type RemoveTag struct {
	Tag string
	By  domain.UserID
	At  time.Time
}

// MoveToList puts the contact into another list.
type MoveToList struct {
	ListID domain.ListID
	By     domain.UserID
	At     time.Time
}

// Manage makes the contact, as it is now, one of the agent's own.
type Manage struct {
	By domain.AgentID
	At time.Time
}

// Merge takes another contact in. MergeInto on the other one comes first: it is the reservation.
type Merge struct {
	Other State // as folded after its MergeInto
	By    domain.UserID
	At    time.Time
}

// MergeInto makes this contact a pointer to the survivor.
type MergeInto struct {
	Survivor domain.ContactID
	By       domain.UserID
	At       time.Time
}

// Unmerge gives back what Other brought.
type Unmerge struct {
	Other domain.ContactID
	By    domain.UserID
	At    time.Time
}

// Restore makes a contact that was taken in stand by itself again.
type Restore struct {
	From domain.ContactID
	By   domain.UserID
	At   time.Time
}

// Duplicate says an independent copy is made; the copy's own Create comes after it.
type Duplicate struct {
	CopyID domain.ContactID
	ListID domain.ListID
	By     domain.UserID
	At     time.Time
}

// Erase destroys what is personal. The key itself is destroyed elsewhere, after the event.
type Erase struct {
	By     domain.UserID
	Reason string // a code
	At     time.Time
}

func (Create) isContactCommand()     {}
func (Change) isContactCommand()     {}
func (AddTag) isContactCommand()     {}
func (RemoveTag) isContactCommand()  {}
func (MoveToList) isContactCommand() {}
func (Manage) isContactCommand()     {}
func (Merge) isContactCommand()      {}
func (MergeInto) isContactCommand()  {}
func (Unmerge) isContactCommand()    {}
func (Restore) isContactCommand()    {}
func (Duplicate) isContactCommand()  {}
func (Erase) isContactCommand()      {}
