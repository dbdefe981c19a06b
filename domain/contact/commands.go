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

// Merge takes over the values of another contact that was merged into this one, or revises them if the
// other's own merges have changed. The other contact's MergeInto comes first; it says who merges and which
// values were chosen.
type Merge struct {
	Other State // after its MergeInto
	At    time.Time
}

// MergeInto makes this contact a pointer to the survivor.
type MergeInto struct {
	Survivor domain.ContactID
	Take     Choice
	By       domain.UserID
	At       time.Time
}

// Unmerge removes what Other contributed. Its Restore comes first.
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

// SuggestMerge records that another contact seems to be the same person.
type SuggestMerge struct {
	Other domain.ContactID
	At    time.Time
}

// DeclineMerge removes a suggestion, which is then never made again.
type DeclineMerge struct {
	Other domain.ContactID
	By    domain.UserID
	At    time.Time
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

func (Create) isContactCommand()       {}
func (Change) isContactCommand()       {}
func (AddTag) isContactCommand()       {}
func (RemoveTag) isContactCommand()    {}
func (MoveToList) isContactCommand()   {}
func (Manage) isContactCommand()       {}
func (Merge) isContactCommand()        {}
func (MergeInto) isContactCommand()    {}
func (Unmerge) isContactCommand()      {}
func (Restore) isContactCommand()      {}
func (SuggestMerge) isContactCommand() {}
func (DeclineMerge) isContactCommand() {}
func (Duplicate) isContactCommand()    {}
func (Erase) isContactCommand()        {}
