package channels

import (
	"encoding/json"
	"time"

	"parley/domain/interaction"
)

// Inbound is one item of a delivery.
type Inbound struct {
	Number        string    // the receiving number by the provider's id; empty when the delivery names none
	DisplayNumber string    // that number as people write it; set only for notices
	BusinessID    string    // the business account it came under
	ProviderID    string    // the provider's id of the message; empty for statuses, updates and notices
	From          Sender    // the customer; for statuses and echoes, the recipient
	At            time.Time // by the provider's clock, in UTC; zero when unknown
	GroupID       string    // set in a group chat, which is not handled
	Source        Source
	Content       Content
	Raw           []byte // the part that was not understood, up to MaxRaw bytes
	LargeRaw      []byte // the whole part when it is larger than MaxRaw
	Unplaced      bool   // concerns none of our accounts, whatever its content
}

// Source says where an item comes from. Empty means that it has just happened and is ours to handle.
type Source string

// The other sources.
const (
	Standby Source = "standby" // another app of the same number handles the customer
	History Source = "history" // from before the number was connected
)

// MaxRaw is how many bytes of a part that was not understood fit into an event.
const MaxRaw = 64 << 10

// KeepRaw attaches the part that was not understood.
func (in *Inbound) KeepRaw(part []byte) {
	in.Raw, in.LargeRaw = part, nil
	if len(part) > MaxRaw {
		in.Raw, in.LargeRaw = part[:MaxRaw], part
	}
}

// Sender identifies a customer. Any field may be empty.
type Sender struct {
	WaID         string `json:",omitempty"` // digits without +, as the provider writes them
	UserID       string `json:",omitempty"` // business-scoped user id, such as IT.123
	ParentUserID string `json:",omitempty"` // the same in all portfolios of a company, such as IT.ENT.9
	Username     string `json:",omitempty"`
	ProfileName  string `json:",omitempty"`
}

// Content is what an item says: one of Message, Reaction, Edit, Revoke, System,
// Status, UserIDUpdate, Echo, Preference, Notice, Opaque.
type Content interface {
	// Kind returns the content's stable name in lower case.
	Kind() string
	isContent()
}

// Message is a message of a customer.
type Message struct {
	Body            Body
	QuotedID        string // provider id of the message it replies to
	Forwarded       bool
	ForwardedOften  bool
	Referral        *interaction.Referral // the advertisement it came from
	ReferredProduct *interaction.Product  // the product page it came from
}

// Reaction adds an emoji to a message, or removes it.
type Reaction struct {
	TargetID string // provider id of the message reacted to
	Emoji    string // empty: the reaction was removed
}

// Edit replaces what a message said.
type Edit struct {
	TargetID string
	Body     Body
}

// Revoke deletes a message for everyone.
type Revoke struct{ TargetID string }

// System is a notice of the provider about a customer, such as a new number.
type System struct {
	Type            string // as the provider calls it, such as user_changed_number
	Text            string
	NewWaID         string // set when the number changed
	NewUserID       string // set when the user id changed
	NewParentUserID string
}

// UserIDUpdate replaces a customer's business-scoped user id. From holds the current one.
type UserIDUpdate struct {
	PreviousUserID string
	CurrentUserID  string
	PreviousParent string
	CurrentParent  string
}

// Echo is what our own side did outside this program.
type Echo struct {
	Content  Content // a Message, Edit, Revoke or Reaction
	OtherApp bool    // by another program; otherwise in the phone app
	State    State   // how far an old message got; empty if the provider does not say
}

// Preference is what a customer wants to get from us.
type Preference struct {
	Category string // as the provider calls it, such as marketing_messages
	Stop     bool   // no more of it
	Resume   bool   // welcome again
	Detail   string // the provider's description
}

// Notice concerns no customer and no message: trouble with the account, changes of templates and numbers.
type Notice struct {
	Field    string                  // what it is about, as the provider calls it, such as account_update
	Event    string                  // what happened, as the provider calls it
	Template string                  // the template it is about, if any
	Facts    []interaction.FormField // everything else it says
}

// Opaque is a part that was not understood. It may have been a customer's message. Its bytes are on the Inbound.
type Opaque struct {
	Field string // as the provider calls it, or FieldUnreadable
}

// FieldUnreadable is the field of a part that cannot be read at all.
const FieldUnreadable = "unreadable"

// ProviderError is an error the provider reports.
type ProviderError struct {
	Code    string
	Title   string
	Details string // may quote personal data
	Reason  interaction.FailureReason
}

// State is how far an outgoing message has got.
type State string

// The states a status can report. StateOther stands for any other; it is ignored.
const (
	StateSent      State = "sent"
	StateDelivered State = "delivered"
	StateRead      State = "read"
	StateFailed    State = "failed"
	StateOther     State = "other"
)

// Status reports on a message we sent. Statuses may repeat, come in any order, and arrive before Send returns.
type Status struct {
	MessageID    string // provider id of our message
	State        State
	Word         string // as the provider calls the state
	CallbackData string // what was sent with the message
	Errors       []ProviderError
	Category     string // what is billed, such as service or marketing
	Pricing      string // such as regular or free_customer_service
}

// Kind returns "message".
func (Message) Kind() string { return "message" }

// Kind returns "reaction".
func (Reaction) Kind() string { return "reaction" }

// Kind returns "edit".
func (Edit) Kind() string { return "edit" }

// Kind returns "revoke".
func (Revoke) Kind() string { return "revoke" }

// Kind returns "system".
func (System) Kind() string { return "system" }

// Kind returns "user_id_update".
func (UserIDUpdate) Kind() string { return "user_id_update" }

// Kind returns "echo".
func (Echo) Kind() string { return "echo" }

// Kind returns "preference".
func (Preference) Kind() string { return "preference" }

// Kind returns "account_notice".
func (Notice) Kind() string { return "account_notice" }

// Kind returns the provider's name for the part.
func (o Opaque) Kind() string { return o.Field }

// Kind returns "status".
func (Status) Kind() string { return "status" }

func (Message) isContent()      {}
func (Reaction) isContent()     {}
func (Edit) isContent()         {}
func (Revoke) isContent()       {}
func (System) isContent()       {}
func (UserIDUpdate) isContent() {}
func (Echo) isContent()         {}
func (Preference) isContent()   {}
func (Notice) isContent()       {}
func (Opaque) isContent()       {}
func (Status) isContent()       {}

// MarshalJSON adds the kind of the content, for golden files.
func (in Inbound) MarshalJSON() ([]byte, error) {
	type plain Inbound
	kind := ""
	if in.Content != nil {
		kind = in.Content.Kind()
	}
	return json.Marshal(struct {
		Kind string
		plain
		DisplayNumber string `json:",omitempty"`
		Source        Source `json:",omitempty"`
		Raw           string `json:",omitempty"`
		LargeRaw      int    `json:",omitempty"`
		Unplaced      bool   `json:",omitempty"`
	}{kind, plain(in), in.DisplayNumber, in.Source, string(in.Raw), len(in.LargeRaw), in.Unplaced})
}

// MarshalJSON adds the kind of what was done, for golden files.
func (e Echo) MarshalJSON() ([]byte, error) {
	type plain Echo
	kind := ""
	if e.Content != nil {
		kind = e.Content.Kind()
	}
	return json.Marshal(struct {
		ContentKind string
		plain
	}{kind, plain(e)})
}
