package channels

import (
	"errors"
	"fmt"
	"time"
)

// OutboundKind says which part of an Outbound is filled in.
type OutboundKind string

// The kinds of message we send.
const (
	SendText     OutboundKind = "text"
	SendReaction OutboundKind = "reaction"
	SendMedia    OutboundKind = "media"
	SendTemplate OutboundKind = "template"
)

// Outbound is one message for the provider to deliver.
type Outbound struct {
	To               string // digits as the customer's WaID has them, or a business-scoped user id
	Kind             OutboundKind
	Text             string // for SendText
	PreviewURL       bool   // for SendText: show a card for the first link
	Reaction         *Reaction
	Media            *OutboundMedia
	Template         *Template
	QuotedProviderID string // the message this one answers
	CallbackData     string // comes back with every status
}

// OutboundMedia is a file uploaded before, or one the provider can fetch from a link.
type OutboundMedia struct {
	Medium   MediaKind
	ID       string
	Link     string
	Caption  string
	FileName string
	Voice    bool
}

// Template is an approved text with its variables.
type Template struct {
	Name     string
	Language string // underscore form, such as pt_BR
	Header   []Variable
	Body     []Variable
	Buttons  []TemplateButton
}

// Variable fills one place of a template. Name is empty for numbered places; Media is for a header that is a file.
type Variable struct {
	Name  string
	Text  string
	Media *OutboundMedia
}

// TemplateButton fills the variable part of one button.
type TemplateButton struct {
	Index int    // counted from 0
	Type  string // quick_reply, url or copy_code
	Value string // the payload, the link's ending, or the code
}

// Sent is the provider's receipt. The message is accepted, not yet sent.
type Sent struct {
	ProviderMessageID string
	WaID              string // the recipient as the provider spells them; later webhooks use this
	UserID            string
	Held              bool // a template held back for a quality check
}

// Outcome is what a failed call left behind.
type Outcome string

// The three outcomes.
const (
	NotTaken Outcome = "NOT_TAKEN" // certainly not sent: try again, not before RetryAfter
	Unknown  Outcome = "UNKNOWN"   // may have been sent: wait for a status, never resend unasked
	Refused  Outcome = "REFUSED"   // certainly not sent and will not be: tell the agent
)

// Effect is what an error means beyond the one message.
type Effect string

// The effects. Most errors have none.
const (
	WindowClosed  Effect = "WINDOW_CLOSED"  // the 24 h window is shut: only templates now
	SlowRecipient Effect = "SLOW_RECIPIENT" // pause sending to this customer
	SlowNumber    Effect = "SLOW_NUMBER"    // pause sending from this number
	StopAccount   Effect = "STOP_ACCOUNT"   // an administrator has to act before anything can be sent
	StopTemplates Effect = "STOP_TEMPLATES" // an administrator has to act before templates can be sent
)

// SendError is a call to the provider that did not succeed.
type SendError struct {
	Outcome    Outcome
	Code       string        // the provider's code, an HTTP status such as HTTP_502, or TIMEOUT, CONNECTION, ADDRESS, INVALID
	Words      string        // what to tell the agent, without personal data
	RetryAfter time.Duration // how long to wait at least; 0 when the provider did not say
	Effect     Effect
	cause      error
}

// NewSendError makes a SendError that wraps the fault behind it, which may be nil.
func NewSendError(outcome Outcome, code, words string, cause error) *SendError {
	return &SendError{Outcome: outcome, Code: code, Words: words, cause: cause}
}

// Error names outcome and code. It holds no personal data and no credentials.
func (e *SendError) Error() string { return fmt.Sprintf("send: %s (%s)", e.Outcome, e.Code) }

// Unwrap is the fault behind it.
func (e *SendError) Unwrap() error { return e.cause }

// Errors of a provider.
var (
	ErrSignature = errors.New("webhook signature missing or wrong")
	ErrEnvelope  = errors.New("not an envelope of this provider")
	ErrTooLarge  = errors.New("medium is larger than allowed")
	ErrMediaGone = errors.New("the provider no longer has this medium")
)
