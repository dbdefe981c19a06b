package commands

import (
	"time"

	"parley/domain/interaction"
)

// Arrival is one thing a provider told us about one customer. Exactly one of the parts below Customer is set.
type Arrival struct {
	ProviderMessageID string
	Aliases           []string // what the sender is known by, such as "tel:39…" and "bsuid:IT.1"; the first is preferred
	Customer          interaction.Customer
	SentAt            time.Time // the provider's clock; zero when it did not say

	Message  *ArrivedMessage
	Edit     *ArrivedEdit
	Revoke   *ArrivedRevoke
	Reaction *ArrivedReaction
	Status   *ArrivedStatus
	Renamed  *ArrivedAliases
	Unplaced *ArrivedUnplaced // whatever it was, it belongs to no conversation: the other parts are not set
}

// ArrivedMessage is something the customer wrote or sent.
type ArrivedMessage struct {
	Kind      interaction.MessageKind
	Content   interaction.Content
	QuotedID  string // provider message id
	Forwarded bool
	// Silent messages are notices about the customer: they join an open interaction but open none.
	Silent bool
}

// ArrivedEdit is a customer's change of a message of his.
type ArrivedEdit struct {
	TargetID string // provider message id
	Content  interaction.Content
}

// ArrivedRevoke is a customer's deletion of a message of his.
type ArrivedRevoke struct{ TargetID string }

// ArrivedReaction is a customer's emoji on a message, his or ours.
type ArrivedReaction struct{ TargetID, Emoji string }

// ArrivedStatus is the provider's report about a message of ours.
type ArrivedStatus struct {
	MessageID    string // provider message id
	Status       interaction.Status
	CallbackData string
	Code         string
	Reason       string
	Detail       string
}

// ArrivedAliases says the customer is known by other names from now on.
type ArrivedAliases struct {
	Aliases []string
	Reason  string // NUMBER_CHANGED or USER_ID_CHANGED
}

// ArrivedUnplaced is something said by, or about, a customer that belongs to no conversation.
type ArrivedUnplaced struct {
	Kind string // as the channel calls it
	Part string // what it said, as the channel read it
}
