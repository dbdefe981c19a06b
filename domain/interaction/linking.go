package interaction

import (
	"time"

	"parley/domain"
)

// ContactLinked says which contact the customer is.
type ContactLinked struct {
	ContactID domain.ContactID `json:"contactId"`
	By        domain.UserID    `json:"by,omitempty"`
	At        time.Time        `json:"at"`
}

func (ContactLinked) EventType() string   { return "InteractionContactLinked" }
func (ContactLinked) isInteractionEvent() {}

// LinkContact links the customer to a contact.
type LinkContact struct {
	ContactID domain.ContactID
	First     bool // only if no contact is linked yet
	By        domain.UserID
	At        time.Time
}

func (LinkContact) isInteractionCommand() {}

// ErrContactMissing refuses a link to no contact.
var ErrContactMissing = &domain.Refusal{
	Kind: domain.Invalid, Code: "CONTACT_MISSING",
	Message: "Choose a contact to link.",
}

func linkContact(s State, c LinkContact) ([]Event, error) {
	switch {
	case c.ContactID == "":
		return nil, ErrContactMissing
	case s.ContactID == c.ContactID, c.First && s.ContactID != "":
		return nil, nil
	}
	return []Event{ContactLinked{ContactID: c.ContactID, By: c.By, At: c.At}}, nil
}
