package commands

import (
	"time"

	"parley/domain/account"
	"parley/domain/interaction"
)

// Arrival is one thing a provider reported about one customer. Exactly one of the fields below SentAt is set.
type Arrival struct {
	ProviderMessageID string
	Aliases           []string // the sender's, such as "tel:39…" and "bsuid:IT.1", preferred first
	Customer          interaction.Customer
	SentAt            time.Time // by the provider's clock; zero if unknown

	Message    *ArrivedMessage    `json:",omitempty"`
	Observed   *ArrivedObserved   `json:",omitempty"`
	Edit       *ArrivedEdit       `json:",omitempty"`
	Revoke     *ArrivedRevoke     `json:",omitempty"`
	Reaction   *ArrivedReaction   `json:",omitempty"`
	Status     *ArrivedStatus     `json:",omitempty"`
	Renamed    *ArrivedAliases    `json:",omitempty"`
	Preference *ArrivedPreference `json:",omitempty"`
	Notice     *ArrivedNotice     `json:",omitempty"`
	Unplaced   *ArrivedUnplaced   `json:",omitempty"`
}

// Kind returns what the arrival is, for counting and for those who look for it.
func (a Arrival) Kind() string {
	switch {
	case a.Message != nil && a.Message.Kind == interaction.KindCall:
		return "call"
	case a.Message != nil && a.Message.Kind == interaction.KindHandover:
		return "handover"
	case a.Message != nil && a.Message.Silent:
		return "system"
	case a.Message != nil:
		return "message"
	case a.Observed != nil && a.Observed.Before:
		return "history"
	case a.Observed != nil && a.Observed.Author == interaction.AuthorCustomer:
		return "standby"
	case a.Observed != nil:
		return "echo"
	case a.Edit != nil:
		return "edit"
	case a.Revoke != nil:
		return "revoke"
	case a.Reaction != nil:
		return "reaction"
	case a.Status != nil:
		return "status"
	case a.Renamed != nil:
		return "user_id_update"
	case a.Preference != nil:
		return "preference"
	case a.Notice != nil:
		return "account_notice"
	case a.Unplaced != nil:
		return a.Unplaced.Kind
	}
	return ""
}

// Outcome says what became of an arrival.
type Outcome string

// The outcomes of an arrival.
const (
	Placed    Outcome = "placed"    // recorded where it belongs
	Duplicate Outcome = "duplicate" // known already, or older than what is known
	Early     Outcome = "early"     // kept until the message it is about is known
	Unplaced  Outcome = "unplaced"  // kept for auditors
)

// ArrivedMessage is a message from the customer.
type ArrivedMessage struct {
	Kind      interaction.MessageKind
	Content   interaction.Content
	QuotedID  string // provider message id
	Forwarded bool
	// Silent messages are notices about the customer. They join an open interaction but open none.
	Silent bool
}

// ArrivedObserved is a message that passed between the customer and our side without us.
type ArrivedObserved struct {
	Author    interaction.Author // CUSTOMER, PHONE_APP or OTHER_APP
	Before    bool               // from before the number was connected
	Kind      interaction.MessageKind
	Content   interaction.Content
	QuotedID  string // provider message id
	Forwarded bool
	Status    interaction.Status // of a message from our side; empty if unknown
}

// ArrivedEdit is someone's edit of their own message.
type ArrivedEdit struct {
	TargetID string // provider message id
	Content  interaction.Content
}

// ArrivedRevoke is someone's deletion of their own message.
type ArrivedRevoke struct{ TargetID string }

// ArrivedReaction is an emoji on a message of either side.
type ArrivedReaction struct {
	TargetID, Emoji string
	Author          interaction.Author // empty: the customer
}

// ArrivedStatus is a provider's report about a message we sent.
type ArrivedStatus struct {
	MessageID    string // provider message id
	Status       interaction.Status
	CallbackData string
	Code         string
	Reason       interaction.FailureReason
	Detail       string
}

// ArrivedAliases reports new aliases of the customer.
type ArrivedAliases struct {
	Aliases []string
	Reason  string // NUMBER_CHANGED or USER_ID_CHANGED
	// Notice says so in the open interaction; nil for a change that is of no interest to people.
	Notice *ArrivedMessage
}

// ArrivedPreference says whether the customer still wants marketing messages.
type ArrivedPreference struct{ Stop bool }

// ArrivedNotice is what the provider says about the account or its templates.
type ArrivedNotice struct {
	Field, Event, Template string
	Facts                  []account.Fact
}

// ArrivedUnplaced is a part of a delivery that has no place, or none yet.
type ArrivedUnplaced struct {
	Kind string // the channel's name for it
	Part string // its content as the channel parsed it
}
