package contact

import (
	"time"

	"parley/domain"
)

// Command changes one contact. It carries the time and new ids.
type Command interface{ isContactCommand() }

// Create adds a contact to a list, with its first tags.
type Create struct {
	Created
	Tags   []string
	Manage bool // make it one of the author's own contacts
}

// Change sets the parts that are not nil. Only actual differences are recorded.
type Change struct {
	FirstName, LastName  *string
	Phones, Emails, Tags []string          // nil leaves them alone; empty removes all
	Fields               map[string]string // by key; an empty value clears the field
	By                   domain.UserID
	Manage               bool
	At                   time.Time
}

// AddTag adds a tag to the contact.
type AddTag struct {
	Tag string
	By  domain.UserID
	At  time.Time
}

// RemoveTag removes a tag from the contact.
type RemoveTag struct {
	Tag string
	By  domain.UserID
	At  time.Time
}

// MoveToList moves the contact to another list.
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

// Merge merges another contact into this one. MergeInto must reserve the other one first.
type Merge struct {
	Other State // after its MergeInto
	By    domain.UserID
	At    time.Time
}

// MergeInto makes this contact a pointer to the survivor.
type MergeInto struct {
	Survivor domain.ContactID
	By       domain.UserID
	At       time.Time
}

// Unmerge removes what Other contributed.
type Unmerge struct {
	Other domain.ContactID
	By    domain.UserID
	At    time.Time
}

// Restore makes a merged contact independent again.
type Restore struct {
	From domain.ContactID
	By   domain.UserID
	At   time.Time
}

// Duplicate records that a copy was made. The copy's own Create follows.
type Duplicate struct {
	CopyID domain.ContactID
	ListID domain.ListID
	By     domain.UserID
	At     time.Time
}

// Erase deletes everything personal. The caller destroys the key afterwards.
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
