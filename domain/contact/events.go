// Package contact holds one person in one list: details, tags, reversible merges, and
// the agents who manage the contact.
package contact

import (
	"time"

	"parley/domain"
)

// Event is something that happened to a contact. The stream's id is the contact's.
type Event interface {
	domain.Event
	isContactEvent()
}

// Details is everything personal about a contact.
type Details struct {
	FirstName string            `json:"firstName,omitempty"`
	LastName  string            `json:"lastName,omitempty"`
	Phones    []string          `json:"phones,omitempty"` // digits with country code, no plus; the first is the primary one
	Emails    []string          `json:"emails,omitempty"`
	UserIDs   []string          `json:"userIds,omitempty"` // business-scoped user ids
	Fields    map[string]string `json:"fields,omitempty"`  // custom fields by key
}

// Created says that a contact was added to a list, by a person or because an unknown customer wrote.
type Created struct {
	ContactID domain.ContactID `json:"contactId"`
	ListID    domain.ListID    `json:"listId"`
	AddressID domain.AddressID `json:"addressId,omitempty"` // set if a customer's message created it
	Origin    string           `json:"origin"`              // TRIGGER, USER, DUPLICATE, IMPORT
	Details   Details          `json:"details" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// DetailsChanged carries the contact's new first and last name.
type DetailsChanged struct {
	ContactID domain.ContactID `json:"contactId"`
	FirstName string           `json:"firstName" seal:"true"`
	LastName  string           `json:"lastName" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// PhoneAdded says that a phone number was added.
type PhoneAdded struct {
	ContactID domain.ContactID `json:"contactId"`
	Phone     string           `json:"phone" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// PhoneRemoved says that a phone number was removed.
type PhoneRemoved struct {
	ContactID domain.ContactID `json:"contactId"`
	Phone     string           `json:"phone" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// EmailAdded says that an email address was added.
type EmailAdded struct {
	ContactID domain.ContactID `json:"contactId"`
	Email     string           `json:"email" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// EmailRemoved says that an email address was removed.
type EmailRemoved struct {
	ContactID domain.ContactID `json:"contactId"`
	Email     string           `json:"email" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// FieldSet says that a custom field was set, or cleared if the value is empty.
type FieldSet struct {
	ContactID domain.ContactID `json:"contactId"`
	Key       string           `json:"key"`
	Value     string           `json:"value" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// TagAdded says that a tag was added.
type TagAdded struct {
	Tag string        `json:"tag"`
	By  domain.UserID `json:"by,omitempty"`
	At  time.Time     `json:"at"`
}

// TagRemoved says that a tag was removed.
type TagRemoved struct {
	Tag string        `json:"tag"`
	By  domain.UserID `json:"by,omitempty"`
	At  time.Time     `json:"at"`
}

// MovedToList says that the contact moved to another list.
type MovedToList struct {
	ListID domain.ListID `json:"listId"`
	By     domain.UserID `json:"by"`
	At     time.Time     `json:"at"`
}

// Managed says that an agent worked on the contact. Snapshot is what they saw and keep as their own copy.
type Managed struct {
	ContactID domain.ContactID `json:"contactId"`
	By        domain.AgentID   `json:"by"`
	Snapshot  Details          `json:"snapshot" seal:"true"`
	At        time.Time        `json:"at"`
}

// Merged says that another contact was merged into this one.
type Merged struct {
	ContactID   domain.ContactID   `json:"contactId"`
	Other       domain.ContactID   `json:"other"`
	Filled      Details            `json:"filled" seal:"true"`               // what was empty here and came from the other
	Overwritten Details            `json:"overwritten,omitzero" seal:"true"` // what the chosen values of the other replaced
	Tags        []string           `json:"tags,omitempty"`                   // what was missing here and came from the other
	From        Details            `json:"from,omitzero" seal:"true"`        // all that the other had
	FromTags    []string           `json:"fromTags,omitempty"`
	Before      []domain.ContactID `json:"before,omitempty"` // who had been merged into the other
	By          domain.UserID      `json:"by"`
	At          time.Time          `json:"at"`
}

// MergeRevised says that a merged contact contributes other values from now on: none if its merge is undone,
// fewer if one of its own merges was undone.
type MergeRevised struct {
	ContactID domain.ContactID   `json:"contactId"`
	Other     domain.ContactID   `json:"other"`
	From      Details            `json:"from" seal:"true"` // all that the other contributes now
	FromTags  []string           `json:"fromTags,omitempty"`
	Before    []domain.ContactID `json:"before,omitempty"`
	Details   Details            `json:"details" seal:"true"` // all that this contact has now
	Tags      []string           `json:"tags,omitempty"`
	At        time.Time          `json:"at"`
}

// MergedInto says that this contact was merged into another one and now only points to it.
type MergedInto struct {
	Survivor domain.ContactID `json:"survivor"`
	Take     Choice           `json:"take,omitzero"` // the values chosen for the survivor
	By       domain.UserID    `json:"by"`
	At       time.Time        `json:"at"`
}

// Unmerged says that a merge was undone, on the survivor's side. The MergeRevised before it has given back
// the values.
type Unmerged struct {
	Other domain.ContactID `json:"other"`
	By    domain.UserID    `json:"by"`
	At    time.Time        `json:"at"`
}

// Restored says that a merge was undone, on the merged contact's side.
type Restored struct {
	From domain.ContactID `json:"from"`
	By   domain.UserID    `json:"by"`
	At   time.Time        `json:"at"`
}

// MergeSuggested says that another contact seems to be the same person, and that only a person may merge the two.
type MergeSuggested struct {
	Other domain.ContactID `json:"other"`
	At    time.Time        `json:"at"`
}

// MergeDeclined says that the contact of a suggested merge is another person.
type MergeDeclined struct {
	Other domain.ContactID `json:"other"`
	By    domain.UserID    `json:"by"`
	At    time.Time        `json:"at"`
}

// Duplicated says that an independent copy was made in another list.
type Duplicated struct {
	CopyID domain.ContactID `json:"copyId"`
	ListID domain.ListID    `json:"listId"`
	By     domain.UserID    `json:"by"`
	At     time.Time        `json:"at"`
}

// Erased says that everything personal was deleted on request.
type Erased struct {
	By     domain.UserID `json:"by"`
	Reason string        `json:"reason"` // a code, never free text
	At     time.Time     `json:"at"`
}

func (Created) EventType() string        { return "ContactCreated" }
func (DetailsChanged) EventType() string { return "ContactDetailsChanged" }
func (PhoneAdded) EventType() string     { return "ContactPhoneAdded" }
func (PhoneRemoved) EventType() string   { return "ContactPhoneRemoved" }
func (EmailAdded) EventType() string     { return "ContactEmailAdded" }
func (EmailRemoved) EventType() string   { return "ContactEmailRemoved" }
func (FieldSet) EventType() string       { return "ContactFieldSet" }
func (TagAdded) EventType() string       { return "ContactTagAdded" }
func (TagRemoved) EventType() string     { return "ContactTagRemoved" }
func (MovedToList) EventType() string    { return "ContactMovedToList" }
func (Managed) EventType() string        { return "ContactManaged" }
func (Merged) EventType() string         { return "ContactMerged" }
func (MergeRevised) EventType() string   { return "ContactMergeRevised" }
func (MergeSuggested) EventType() string { return "ContactMergeSuggested" }
func (MergeDeclined) EventType() string  { return "ContactMergeDeclined" }
func (MergedInto) EventType() string     { return "ContactMergedInto" }
func (Unmerged) EventType() string       { return "ContactUnmerged" }
func (Restored) EventType() string       { return "ContactRestored" }
func (Duplicated) EventType() string     { return "ContactDuplicated" }
func (Erased) EventType() string         { return "ContactErased" }

func (Created) isContactEvent()        {}
func (DetailsChanged) isContactEvent() {}
func (PhoneAdded) isContactEvent()     {}
func (PhoneRemoved) isContactEvent()   {}
func (EmailAdded) isContactEvent()     {}
func (EmailRemoved) isContactEvent()   {}
func (FieldSet) isContactEvent()       {}
func (TagAdded) isContactEvent()       {}
func (TagRemoved) isContactEvent()     {}
func (MovedToList) isContactEvent()    {}
func (Managed) isContactEvent()        {}
func (Merged) isContactEvent()         {}
func (MergeRevised) isContactEvent()   {}
func (MergeSuggested) isContactEvent() {}
func (MergeDeclined) isContactEvent()  {}
func (MergedInto) isContactEvent()     {}
func (Unmerged) isContactEvent()       {}
func (Restored) isContactEvent()       {}
func (Duplicated) isContactEvent()     {}
func (Erased) isContactEvent()         {}

// Everything personal about a contact is sealed under the contact's own id.

func (e Created) SealedFor() string        { return string(e.ContactID) }
func (e DetailsChanged) SealedFor() string { return string(e.ContactID) }
func (e PhoneAdded) SealedFor() string     { return string(e.ContactID) }
func (e PhoneRemoved) SealedFor() string   { return string(e.ContactID) }
func (e EmailAdded) SealedFor() string     { return string(e.ContactID) }
func (e EmailRemoved) SealedFor() string   { return string(e.ContactID) }
func (e FieldSet) SealedFor() string       { return string(e.ContactID) }
func (e Managed) SealedFor() string        { return string(e.ContactID) }
func (e Merged) SealedFor() string         { return string(e.ContactID) }
func (e MergeRevised) SealedFor() string   { return string(e.ContactID) }
