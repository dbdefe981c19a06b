// Package account holds the WhatsApp numbers of the organisation: which provider, which queue, and what agents may do there.
package account

import (
	"time"

	"parley/domain"
)

// Event is something that happened to this setting. Its own id is the stream's.
type Event interface {
	domain.Event
	isAccountEvent()
}

// Settings is how an account works.
type Settings struct {
	Name               string           `json:"name"`
	Key                string           `json:"key"` // up to five letters or digits, unique, shown on session tabs
	Channel            string           `json:"channel"`
	Provider           string           `json:"provider"` // META
	PhoneNumberID      string           `json:"phoneNumberId"`
	BusinessID         string           `json:"businessId,omitempty"` // WABA
	DisplayNumber      string           `json:"displayNumber"`
	BaseURL            string           `json:"baseUrl,omitempty"` // empty: the provider's own
	APIVersion         string           `json:"apiVersion,omitempty"`
	Disabled           bool             `json:"disabled,omitempty"` // the channel is not active (R5)
	QueueID            domain.QueueID   `json:"queueId"`            // where new interactions wait
	Queues             []domain.QueueID `json:"queues"`             // whose agents share the account (R80)
	ListID             domain.ListID    `json:"listId,omitempty"`   // new contacts go there (A18)
	CreateContacts     bool             `json:"createContacts"`     // the contact trigger (R21, R22)
	Attachments        bool             `json:"attachments"`        // R56
	MaxAttachmentBytes int64            `json:"maxAttachmentBytes"` // R55, A4
	TransferToAgent    bool             `json:"transferToAgent"`    // R68, R71
	TransferToQueue    bool             `json:"transferToQueue"`
	TransferTimeout    int              `json:"transferTimeout"` // seconds (R72)
	MandatoryDispose   bool             `json:"mandatoryDispose"`
	MarkAsRead         bool             `json:"markAsRead"`                  // tell the customer that we read
	WindowHours        int              `json:"windowHours"`                 // free text after the last inbound; 0 = no limit
	RatePerSecond      int              `json:"ratePerSecond"`               // sends to the provider
	RecontactTemplate  string           `json:"recontactTemplate,omitempty"` // R103
}

// Created says it was set up.
type Created struct {
	Settings Settings      `json:"settings"`
	By       domain.UserID `json:"by,omitempty"` // empty when the program set it up
	At       time.Time     `json:"at"`
}

// Changed says it is set differently now; Settings is the full new value.
type Changed struct {
	Settings Settings      `json:"settings"`
	By       domain.UserID `json:"by,omitempty"`
	At       time.Time     `json:"at"`
}

// Archived says it is out of use; what refers to it stays readable.
type Archived struct {
	By domain.UserID `json:"by,omitempty"`
	At time.Time     `json:"at"`
}

// SecretReplaced says a credential was replaced. The secret itself is never in an event.
type SecretReplaced struct {
	Name  string        `json:"name"` // appSecret, verifyToken, accessToken
	Last4 string        `json:"last4"`
	By    domain.UserID `json:"by,omitempty"`
	At    time.Time     `json:"at"`
}

func (Created) EventType() string        { return "AccountCreated" }
func (Changed) EventType() string        { return "AccountChanged" }
func (Archived) EventType() string       { return "AccountArchived" }
func (SecretReplaced) EventType() string { return "AccountSecretReplaced" }

func (Created) isAccountEvent()        {}
func (Changed) isAccountEvent()        {}
func (Archived) isAccountEvent()       {}
func (SecretReplaced) isAccountEvent() {}
