package seal

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
)

// ErrCursor means a cursor was altered or comes from another deployment.
var ErrCursor = errors.New("not a cursor of this server")

// CursorSealer makes cursors that clients can neither read nor forge, since a sort key may be a customer's
// name.
type CursorSealer struct{ aead cipher.AEAD }

// NewCursorSealer derives its key from the id key, so that cursors stay valid across restarts and
// processes.
func NewCursorSealer(key IDKey) CursorSealer {
	derived, err := hkdf.Key(sha256.New, key[:], nil, "parley cursors", 32)
	if err != nil {
		panic(err) // cannot happen: HKDF can derive 32 bytes
	}
	return CursorSealer{aead: newAEAD([32]byte(derived))}
}

// Seal returns a cursor in base64url without padding.
func (c CursorSealer) Seal(plain []byte) string {
	return base64.RawURLEncoding.EncodeToString(c.aead.Seal([]byte{formatV1}, nil, plain, nil))
}

// Open reads what Seal returned. For anything else it returns ErrCursor.
func (c CursorSealer) Open(cursor string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil {
		return nil, ErrCursor
	}
	plain, err := openV1(c.aead, raw, nil)
	if err != nil {
		return nil, ErrCursor
	}
	return plain, nil
}
