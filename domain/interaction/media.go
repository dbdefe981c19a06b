package interaction

import (
	"time"

	"parley/domain"
)

// MediaStored says that we stored the file of a message.
type MediaStored struct {
	MessageID domain.MessageID `json:"messageId"`
	AddressID domain.AddressID `json:"addressId"`
	BlobID    domain.BlobID    `json:"blobId"`
	MimeType  string           `json:"mimeType"` // from the bytes
	Size      int64            `json:"size"`     // bytes
	SHA256    string           `json:"sha256"`   // hex, of the clear bytes
	Key       []byte           `json:"key" seal:"true"`
	At        time.Time        `json:"at"`
}

func (MediaStored) EventType() string   { return "InteractionMediaStored" }
func (MediaStored) isInteractionEvent() {}
func (e MediaStored) SealedFor() string { return string(e.AddressID) }

// MediaFailed says that the file of a message could not be fetched.
type MediaFailed struct {
	MessageID domain.MessageID `json:"messageId"`
	Code      string           `json:"code"` // one of ours below, or the provider's
	At        time.Time        `json:"at"`
}

func (MediaFailed) EventType() string   { return "InteractionMediaFailed" }
func (MediaFailed) isInteractionEvent() {}

// Our codes for why a file could not be fetched.
const (
	FileGone     = "GONE"      // the provider no longer has it
	FileTooLarge = "TOO_LARGE" // larger than any provider allows
	FileDiffers  = "DIFFERS"   // the provider keeps serving something else
	FileGivenUp  = "GIVEN_UP"  // still failing after as long as providers keep files
)

// Reason returns why the file cannot be shown.
func (e MediaFailed) Reason() FailureReason {
	switch e.Code {
	case FileTooLarge:
		return ProblemFileTooLarge
	case FileDiffers:
		return ProblemFileDiffers
	}
	return ProblemFile
}

// StoreMedia records the stored file of a message.
type StoreMedia struct{ MediaStored }

// FailMedia records that the file of a message is not available.
type FailMedia struct{ MediaFailed }

func (StoreMedia) isInteractionCommand() {}
func (FailMedia) isInteractionCommand()  {}

func storeMedia(s State, c StoreMedia) ([]Event, error) {
	m, ok := s.message(c.MessageID)
	switch {
	case !ok:
		return nil, ErrNoMessage
	case m.media == mediaStored:
		return nil, nil
	}
	e := c.MediaStored
	if e.AddressID == "" {
		e.AddressID = s.AddressID
	}
	return []Event{e}, nil
}

func failMedia(s State, c FailMedia) ([]Event, error) {
	m, ok := s.message(c.MessageID)
	switch {
	case !ok:
		return nil, ErrNoMessage
	case m.media != mediaPending:
		return nil, nil
	}
	return []Event{c.MediaFailed}, nil
}
