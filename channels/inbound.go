package channels

import (
	"encoding/json"
	"time"
)

// Inbound is one thing a provider told us.
type Inbound struct {
	PhoneNumberID string    // which of our numbers; empty for what concerns the whole business account
	BusinessID    string    // the business account (WABA) it came under
	ProviderID    string    // the provider's id of this message; empty for statuses, updates and notices
	From          Sender    // the customer, also for statuses (the recipient) and echoes (whom we wrote to)
	At            time.Time // the provider's clock, UTC; zero when it did not say
	GroupID       string    // set when it belongs to a group chat, which is no conversation of ours
	Content       Content
	Raw           []byte // the part of the body that was not understood, at most MaxRaw bytes of it
	LargeRaw      []byte // the whole part when it is larger than MaxRaw, to keep as a file
	Unplaced      bool   // whatever it says, it belongs in no conversation of ours
}

// MaxRaw is how many bytes of a part that was not understood may be kept beside the event.
const MaxRaw = 64 << 10

// KeepRaw attaches the part of the body that was not understood.
func (in *Inbound) KeepRaw(part []byte) {
	in.Raw, in.LargeRaw = part, nil
	if len(part) > MaxRaw {
		in.Raw, in.LargeRaw = part[:MaxRaw], part
	}
}

// Sender is everything a provider says about who a customer is. Any field may be empty.
type Sender struct {
	WaID         string `json:",omitempty"` // digits, without +, as the provider spells them
	UserID       string `json:",omitempty"` // business-scoped user id, such as IT.123
	ParentUserID string `json:",omitempty"` // the same across a company's portfolios, such as IT.ENT.9
	Username     string `json:",omitempty"`
	ProfileName  string `json:",omitempty"`
}

// Content is what was said: one of Message, Reaction, Edit, Revoke, System, Status, UserIDUpdate, Echo, Notice.
type Content interface {
	// Kind is the content's stable name in lower case.
	Kind() string
	isContent()
}

// Message is something a customer wrote or sent.
type Message struct {
	Body            Body
	QuotedID        string // provider id of the message it answers
	Forwarded       bool
	ForwardedOften  bool
	Referral        *Referral // the advertisement it came from
	ReferredProduct *Product  // the product page it came from
}

// Reaction is an emoji put on a message, or taken off it again.
type Reaction struct {
	TargetID string // provider id of the message reacted to
	Emoji    string // empty: the reaction was removed
}

// Edit replaces what a message said.
type Edit struct {
	TargetID string
	Body     Body
}

// Revoke takes a message back: "deleted for everyone".
type Revoke struct{ TargetID string }

// System is the provider telling that a customer changed, not a customer speaking.
type System struct {
	Type            string // the provider's word, such as user_changed_number
	Text            string
	NewWaID         string // set when the number changed
	NewUserID       string // set when the user id changed
	NewParentUserID string
}

// UserIDUpdate says that a customer's business-scoped user id was replaced. From holds the current one.
type UserIDUpdate struct {
	PreviousUserID string
	CurrentUserID  string
	PreviousParent string
	CurrentParent  string
}

// Echo is a message somebody sent from the phone app of our own number.
type Echo struct{ Message Message }

// Notice is anything that is neither a customer's nor a message's: account trouble, template and number changes.
type Notice struct {
	Field  string // the provider's word for what it is about, such as account_update
	Errors []ProviderError
}

// FieldUnreadable is what a Notice is about that holds a part nobody can read, which may have been a customer's word.
const FieldUnreadable = "unreadable"

// ProviderError is one error as the provider reports it.
type ProviderError struct {
	Code    string
	Title   string
	Details string // may quote personal data
	Words   string // what to tell the agent
	Effect  Effect // what it means beyond the one message
}

// State is how far an outgoing message has come.
type State string

// The states a status can report. Other is a word we do not know: ignore it.
const (
	StateSent      State = "sent"
	StateDelivered State = "delivered"
	StateRead      State = "read"
	StateFailed    State = "failed"
	StateOther     State = "other"
)

// Status says what became of a message we sent. It may come twice, in any order, and before Send has returned.
type Status struct {
	MessageID    string // provider id of our message
	State        State
	Word         string // the provider's own word for the state
	CallbackData string // what we sent along
	Errors       []ProviderError
	Category     string // what it is billed as, such as service or marketing
	Pricing      string // such as regular or free_customer_service
}

// Kind is "message".
func (Message) Kind() string { return "message" }

// Kind is "reaction".
func (Reaction) Kind() string { return "reaction" }

// Kind is "edit".
func (Edit) Kind() string { return "edit" }

// Kind is "revoke".
func (Revoke) Kind() string { return "revoke" }

// Kind is "system".
func (System) Kind() string { return "system" }

// Kind is "user_id_update".
func (UserIDUpdate) Kind() string { return "user_id_update" }

// Kind is "echo".
func (Echo) Kind() string { return "echo" }

// Kind is "notice".
func (Notice) Kind() string { return "notice" }

// Kind is "status".
func (Status) Kind() string { return "status" }

func (Message) isContent()      {}
func (Reaction) isContent()     {}
func (Edit) isContent()         {}
func (Revoke) isContent()       {}
func (System) isContent()       {}
func (UserIDUpdate) isContent() {}
func (Echo) isContent()         {}
func (Notice) isContent()       {}
func (Status) isContent()       {}

// MarshalJSON names the kind beside the content, for golden files and for people.
func (in Inbound) MarshalJSON() ([]byte, error) {
	type plain Inbound
	kind := ""
	if in.Content != nil {
		kind = in.Content.Kind()
	}
	return json.Marshal(struct {
		Kind string
		plain
		Raw      string `json:",omitempty"`
		LargeRaw int    `json:",omitempty"`
		Unplaced bool   `json:",omitempty"`
	}{kind, plain(in), string(in.Raw), len(in.LargeRaw), in.Unplaced})
}
