// Package channels connects to the outside world: what providers report, what we ask of them, and how both fail.
package channels

import (
	"context"
	"io"

	"parley/domain/account"
)

// Provider talks to one provider. It holds no account's settings, so one value serves all accounts. Its methods
// may be called concurrently.
type Provider interface {
	// Declaration returns the provider's name, the settings and secrets of its accounts, and its capabilities.
	Declaration() account.Provider

	// Routes lists the webhook requests the provider makes.
	Routes() []Route

	// Verify returns ErrSignature unless the raw request proves that the provider sent it for this account.
	// A missing proof is a wrong one, and an account without its secrets accepts nothing.
	Verify(Request, Account) error

	// Parse returns the items of a delivery, in order. It fails with ErrEnvelope only if the body is not a
	// delivery of this provider. A part that cannot be read becomes an Unsupported message or a Notice with
	// its raw bytes.
	Parse(Delivery) ([]Inbound, error)

	// Owners returns the ids of the accounts that an item concerns: one, or for a notice perhaps several, or none.
	// The delivery was sent to receiver and verified with its secrets; accounts lists all accounts at this provider.
	Owners(item Inbound, receiver Account, accounts []Account) []string

	// Send asks the provider to deliver one message. Every error is a *SendError.
	Send(context.Context, Account, Outbound) (Sent, error)

	// MarkRead tells the customer that this message and all before it were read. It is called only if the
	// provider can do that. Errors are *SendError.
	MarkRead(ctx context.Context, a Account, providerMessageID string) error

	// UploadMedia uploads a file and returns the id to send it by. It is called only where files are uploaded.
	// Errors are *SendError; nothing reaches a customer, so an upload may be repeated whatever its outcome.
	UploadMedia(ctx context.Context, a Account, file Upload) (mediaID string, err error)

	// FetchMedia writes the bytes of a customer's file to w. mediaID is what Parse gave: an id or a URL. It
	// stops with ErrTooLarge after limit bytes, and with ErrMediaGone if the provider no longer has the file.
	// After an error, discard what was written to w.
	FetchMedia(ctx context.Context, a Account, mediaID string, w io.Writer, limit int64) (MediaInfo, error)

	// Health asks the provider whether the account's settings and secrets are right. Errors are *SendError.
	Health(context.Context, Account) error
}

// Upload is a file to upload before it is sent.
type Upload struct {
	MimeType string
	FileName string
	Size     int64 // in bytes; 0 when unknown
	Body     io.Reader
}

// MediaInfo describes a downloaded file.
type MediaInfo struct {
	MimeType string // as the provider claims; check the bytes before trusting it
	Size     int64  // bytes written
	SHA256   []byte // of the bytes written
}
