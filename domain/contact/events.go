// Package contact holds one person in one list: details, tags, merge with undo, and who manages the contact.
package contact

import (
	"time"

	"parley/domain"
)

// Event is something that happened to a contact. Its own id is the stream's.
type Event interface {
	domain.Event
	isContactEvent()
}

// Details is everything personal about a contact.
type Details struct {
	FirstName string            `json:"firstName,omitempty"`
	LastName  string            `json:"lastName,omitempty"`
	Phones    []string          `json:"phones,omitempty"` // digits with country code, no plus; the first is the primary one
	Mails     []string          `json:"mails,omitempty"`
	UserIDs   []string          `json:"userIds,omitempty"` // business-scoped user ids
	Fields    map[string]string `json:"fields,omitempty"`  // custom fields by key
}

// Created says a contact was added to a list, by a person or because an unknown customer wrote.
type Created struct {
	ContactID domain.ContactID `json:"contactId"`
	ListID    domain.ListID    `json:"listId"`
	AddressID domain.AddressID `json:"addressId,omitempty"` // set when a customer's message made it
	Origin    string           `json:"origin"`              // TRIGGER, USER, DUPLICATE, IMPORT
	Details   Details          `json:"details" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// DetailsChanged says the contact's name was changed; it carries the names as they are now.
type DetailsChanged struct {
	ContactID domain.ContactID `json:"contactId"`
	FirstName string           `json:"firstName" seal:"true"`
	LastName  string           `json:"lastName" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// PhoneAdded says a number was added.
type PhoneAdded struct {
	ContactID domain.ContactID `json:"contactId"`
	Phone     string           `json:"phone" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// PhoneRemoved says a number was removed.
type PhoneRemoved struct {
	ContactID domain.ContactID `json:"contactId"`
	Phone     string           `json:"phone" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// MailAdded says a mail address was added.
type MailAdded struct {
	ContactID domain.ContactID `json:"contactId"`
	Mail      string           `json:"mail" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// MailRemoved says a mail address was removed.
type MailRemoved struct {
	ContactID domain.ContactID `json:"contactId"`
	Mail      string           `json:"mail" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// FieldSet says a custom field has a value; an empty one clears it.
type FieldSet struct {
	ContactID domain.ContactID `json:"contactId"`
	Key       string           `json:"key"`
	Value     string           `json:"value" seal:"true"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

// TagAdded says a tag was put on the contact.
type TagAdded struct {
	Tag string        `json:"tag"`
	By  domain.UserID `json:"by,omitempty"`
	At  time.Time     `json:"at"`
}

// TagRemoved says a tag was taken off the contact.
type TagRemoved struct {
	Tag string        `json:"tag"`
	By  domain.UserID `json:"by,omitempty"`
	At  time.Time     `json:"at"`
}

// MovedToList says the contact belongs to another list now.
type MovedToList struct {
	ListID domain.ListID `json:"listId"`
	By     domain.UserID `json:"by"`
	At     time.Time     `json:"at"`
}

// Managed says an agent worked on the contact; Snapshot is what he saw and keeps as his own (R41, A15).
type Managed struct {
	ContactID domain.ContactID `json:"contactId"`
	By        domain.AgentID   `json:"by"`
	Snapshot  Details          `json:"snapshot" seal:"true"`
	At        time.Time        `json:"at"`
}

// Merged says this contact survives and took another one in.
type Merged struct {
	ContactID domain.ContactID `json:"contactId"`
	Other     domain.ContactID `json:"other"`
	Filled    Details          `json:"filled" seal:"true"` // what was empty here and came from the other
	Tags      []string         `json:"tags,omitempty"`     // what was missing here and came from the other
	By        domain.UserID    `json:"by"`
	At        time.Time        `json:"at"`
}

// MergedInto says this contact was taken in by another and is only a pointer to it now.
type MergedInto struct {
	Survivor domain.ContactID `json:"survivor"`
	By       domain.UserID    `json:"by"`
	At       time.Time        `json:"at"`
}

// Unmerged says a merge was undone on the side of the one that had survived.
type Unmerged struct {
	Other domain.ContactID `json:"other"`
	By    domain.UserID    `json:"by"`
	At    time.Time        `json:"at"`
}

// Restored says a merge was undone on the side of the one that had been taken in.
type Restored struct {
	From domain.ContactID `json:"from"`
	By   domain.UserID    `json:"by"`
	At   time.Time        `json:"at"`
}

// Duplicated says an independent copy was made in another list.
type Duplicated struct {
	CopyID domain.ContactID `json:"copyId"`
	ListID domain.ListID    `json:"listId"`
	By     domain.UserID    `json:"by"`
	At     time.Time        `json:"at"`
}

// Erased says everything personal was destroyed on request.
type Erased struct {
	By     domain.UserID `json:"by"`
	Reason string        `json:"reason"` // a code, never free text
	At     time.Time     `json:"at"`
}

func (Created) EventType() string        { return "ContactCreated" }
func (DetailsChanged) EventType() string { return "ContactDetailsChanged" }
func (PhoneAdded) EventType() string     { return "ContactPhoneAdded" }
func (PhoneRemoved) EventType() string   { return "ContactPhoneRemoved" }
func (MailAdded) EventType() string      { return "ContactMailAdded" }
func (MailRemoved) EventType() string    { return "ContactMailRemoved" }
func (FieldSet) EventType() string       { return "ContactFieldSet" }
func (TagAdded) EventType() string       { return "ContactTagAdded" }
func (TagRemoved) EventType() string     { return "ContactTagRemoved" }
func (MovedToList) EventType() string    { return "ContactMovedToList" }
func (Managed) EventType() string        { return "ContactManaged" }
func (Merged) EventType() string         { return "ContactMerged" }
func (MergedInto) EventType() string     { return "ContactMergedInto" }
func (Unmerged) EventType() string       { return "ContactUnmerged" }
func (Restored) EventType() string       { return "ContactRestored" }
func (Duplicated) EventType() string     { return "ContactDuplicated" }
func (Erased) EventType() string         { return "ContactErased" }

func (Created) isContactEvent()        {}
func (DetailsChanged) isContactEvent() {}
func (PhoneAdded) isContactEvent()     {}
func (PhoneRemoved) isContactEvent()   {}
func (MailAdded) isContactEvent()      {}
func (MailRemoved) isContactEvent()    {}
func (FieldSet) isContactEvent()       {}
func (TagAdded) isContactEvent()       {}
func (TagRemoved) isContactEvent()     {}
func (MovedToList) isContactEvent()    {}
func (Managed) isContactEvent()        {}
func (Merged) isContactEvent()         {}
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
func (e MailAdded) SealedFor() string      { return string(e.ContactID) }
func (e MailRemoved) SealedFor() string    { return string(e.ContactID) }
func (e FieldSet) SealedFor() string       { return string(e.ContactID) }
func (e Managed) SealedFor() string        { return string(e.ContactID) }
func (e Merged) SealedFor() string         { return string(e.ContactID) }
