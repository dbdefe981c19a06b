// Package channels is the outside world: what a provider tells us, what we ask of it, and how either can go wrong.
package channels

import (
	"context"
	"io"
	"net/http"
)

// Provider speaks one provider's wire format. It holds no state about accounts, so one value serves them all
// and every method may be called concurrently.
type Provider interface {
	// Kind is the provider's stable name, such as "meta".
	Kind() string

	// Verify checks a webhook's signature on the bytes as they came in. A missing signature is a wrong one.
	Verify(secret string, header http.Header, raw []byte) error

	// Parse turns one webhook body into what it says, in the order it says it. It fails only when the body is no
	// envelope of this provider at all; a part it cannot read becomes an Unsupported message or a Notice with its raw bytes.
	Parse(raw []byte) ([]Inbound, error)

	// Send asks the provider to deliver one message. Every error is a *SendError.
	Send(ctx context.Context, with Credentials, out Outbound) (Sent, error)

	// MarkRead tells the customer that this message, and all before it, were read. Errors are *SendError.
	MarkRead(ctx context.Context, with Credentials, providerMessageID string) error

	// UploadMedia hands a file to the provider and returns the id to send it by. Errors are *SendError;
	// nothing reaches a customer by it, so it may be repeated whatever the outcome.
	UploadMedia(ctx context.Context, with Credentials, file Upload) (mediaID string, err error)

	// FetchMedia writes the bytes of a medium to w. It stops with ErrTooLarge once more than limit bytes have come,
	// and with ErrMediaGone when the provider no longer has it; then w may hold a part, which must be thrown away.
	FetchMedia(ctx context.Context, with Credentials, mediaID string, w io.Writer, limit int64) (MediaInfo, error)
}

// Credentials say which of our numbers is speaking, and prove it. They are never logged: String hides the token.
type Credentials struct {
	BaseURL       string // such as https://graph.facebook.com, without a version
	APIVersion    string // such as v24.0
	PhoneNumberID string
	AccessToken   string
}

// String names the number and hides the token.
func (c Credentials) String() string {
	return "credentials of " + c.PhoneNumberID + " at " + c.BaseURL
}

// GoString hides the token from %#v too.
func (c Credentials) GoString() string { return c.String() }

// Upload is a file to hand to the provider before it is sent.
type Upload struct {
	MimeType string
	FileName string
	Size     int64 // in bytes; 0 when not known
	Body     io.Reader
}

// MediaInfo is what the provider said about a medium, and what we saw of it.
type MediaInfo struct {
	MimeType string // as the provider claims; look at the bytes before believing it
	Size     int64  // bytes written
	SHA256   []byte // of the bytes written
}
