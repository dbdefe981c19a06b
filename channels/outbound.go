package channels

import (
	"errors"
	"fmt"
	"io"
	"time"

	"parley/domain/interaction"
)

// OutboundKind says which part of an Outbound is set.
type OutboundKind string

// The kinds of outgoing message.
const (
	SendText     OutboundKind = "text"
	SendReaction OutboundKind = "reaction"
	SendMedia    OutboundKind = "media"
	SendTemplate OutboundKind = "template"
)

// Outbound is one message for the provider to deliver.
type Outbound struct {
	To               string // the digits of the customer's WaID, or a business-scoped user id
	Kind             OutboundKind
	Text             string // for SendText
	PreviewURL       bool   // for SendText: show a preview of the first link
	Reaction         *Reaction
	Media            *OutboundMedia
	Template         *Template
	QuotedProviderID string // the message this one replies to
	CallbackData     string // returned with every status
}

// OutboundMedia is the file of a message. The provider's capabilities say how it takes files: by the id of an
// upload, from a link, or with the message.
type OutboundMedia struct {
	Medium   MediaKind
	ID       string                        // for providers that files are uploaded to
	Link     string                        // for providers that fetch files
	Open     func() (io.ReadCloser, error) // for providers that take files with the message
	MimeType string
	Caption  string
	FileName string
	Voice    bool
}

// Template is an approved text with its variables.
type Template struct {
	Name     string
	Language string // with an underscore, such as pt_BR
	Header   []Variable
	Body     []Variable
	Buttons  []TemplateButton
}

// Variable fills one variable of a template. Name is empty for numbered variables;
// Media is for a header with a file.
type Variable struct {
	Name  string
	Text  string
	Media *OutboundMedia
}

// TemplateButton fills the variable of one button.
type TemplateButton struct {
	Index int    // counted from 0
	Type  string // quick_reply, url or copy_code
	Value string // the payload, the end of the link, or the code
}

// Sent is the provider's receipt. The message is accepted, but not yet sent.
type Sent struct {
	ProviderMessageID string
	WaID              string // the recipient as later deliveries will name them
	UserID            string
	Held              bool // a template waiting for a quality check
}

// Outcome is what is known about a message after a failed call.
type Outcome string

// The three outcomes.
const (
	NotAccepted Outcome = "NOT_ACCEPTED" // not sent: try again, but not before RetryAfter
	Unknown     Outcome = "UNKNOWN"      // may have been sent: wait for a status, never resend automatically
	Failed      Outcome = "FAILED"       // not sent, and a retry would not help: tell the agent
)

// Effect is what an error means for more than this message.
type Effect string

// The effects. Most errors have none.
const (
	SlowRecipient Effect = "SLOW_RECIPIENT" // pause sending to this customer
	SlowNumber    Effect = "SLOW_NUMBER"    // pause sending from this number
	StopAccount   Effect = "STOP_ACCOUNT"   // nothing can be sent until an administrator acts
	StopTemplates Effect = "STOP_TEMPLATES" // no templates can be sent until an administrator acts
)

// SendError is a failed call to the provider.
type SendError struct {
	Outcome    Outcome
	Code       string // the provider's code, an HTTP status such as HTTP_502, or TIMEOUT, CONNECTION, ADDRESS, INVALID
	Reason     interaction.FailureReason
	Detail     string        // the provider's text, which may quote personal data
	RetryAfter time.Duration // the least time to wait; 0 when the provider did not say
	Effect     Effect
	cause      error
}

// NewSendError returns a SendError that wraps its cause, which may be nil.
func NewSendError(outcome Outcome, code string, reason interaction.FailureReason, cause error) *SendError {
	return &SendError{Outcome: outcome, Code: code, Reason: reason, cause: cause}
}

// Error returns outcome and code, without personal data or secrets.
func (e *SendError) Error() string { return fmt.Sprintf("send: %s (%s)", e.Outcome, e.Code) }

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.cause }

// Errors of a provider.
var (
	ErrSignature = errors.New("webhook signature missing or wrong")
	ErrEnvelope  = errors.New("not a delivery of this provider")
	ErrTooLarge  = errors.New("file is larger than allowed")
	ErrMediaGone = errors.New("the provider no longer has this file")
)
