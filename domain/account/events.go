// Package account holds the organisation's numbers: the provider of each, its queues,
// and what agents may do there.
package account

import (
	"slices"
	"time"

	"parley/domain"
	"parley/domain/setting"
)

// Settings holds the settings of one account.
type Settings struct {
	Name               string            `json:"name"`
	ShortCode          string            `json:"shortCode"` // up to five letters or digits, unique, shown on session tabs
	Channel            string            `json:"channel"`
	Provider           string            `json:"provider"`
	ProviderSettings   map[string]string `json:"providerSettings"` // by name, as the provider declares them; no secrets
	DisplayNumber      string            `json:"displayNumber"`
	Disabled           bool              `json:"disabled,omitempty"` // nothing is sent, and its queues are not shown
	QueueID            domain.QueueID    `json:"queueId"`            // where new interactions wait
	Queues             []domain.QueueID  `json:"queues"`             // whose agents share the account
	ListID             domain.ListID     `json:"listId,omitempty"`   // where new contacts go
	CreateContacts     bool              `json:"createContacts"`     // an unknown sender becomes a contact
	Attachments        bool              `json:"attachments"`        // agents may send files
	MaxAttachmentBytes int64             `json:"maxAttachmentBytes"`
	TransferToAgent    bool              `json:"transferToAgent"`
	TransferToQueue    bool              `json:"transferToQueue"`
	TransferTimeout    int               `json:"transferTimeout"` // seconds
	MandatoryDispose   bool              `json:"mandatoryDispose"`
	MarkAsRead         bool              `json:"markAsRead"`                  // tells customers that their messages were read
	WindowHours        int               `json:"windowHours"`                 // how long free text may be sent; 0: always
	RatePerSecond      int               `json:"ratePerSecond"`               // messages sent
	RecontactTemplate  string            `json:"recontactTemplate,omitempty"` // sent once the window has closed
}

// Window returns how long free text is allowed after the customer's last message; 0 is always.
func (s Settings) Window() time.Duration { return time.Duration(s.WindowHours) * time.Hour }

// AllQueues returns the queues whose agents share the account, including the one where new interactions wait.
func (s Settings) AllQueues() []domain.QueueID {
	if slices.Contains(s.Queues, s.QueueID) {
		return s.Queues
	}
	return append(slices.Clone(s.Queues), s.QueueID)
}

// SettingName names the events: AccountCreated, AccountChanged and AccountArchived.
func (Settings) SettingName() string { return "Account" }

// SecretReplaced says a secret was replaced. The secret itself is never in an event.
type SecretReplaced struct {
	setting.OwnEvent[Settings]
	Name  string        `json:"name"`
	Last4 string        `json:"last4"`
	By    domain.UserID `json:"by,omitempty"`
	At    time.Time     `json:"at"`
}

func (SecretReplaced) EventType() string { return "AccountSecretReplaced" }
