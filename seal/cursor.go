package seal

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
)

// ErrCursor says a cursor was not made by this deployment, or was changed.
var ErrCursor = errors.New("not a cursor of this server")

// CursorSealer makes cursors nobody can read or forge, since a sort key may be a customer's name.
type CursorSealer struct{ aead cipher.AEAD }

// NewCursorSealer derives the cursors' key from the id key, so they stay valid over restarts and between processes.
func NewCursorSealer(key IDKey) CursorSealer {
	derived, err := hkdf.Key(sha256.New, key[:], nil, "parley cursors", 32)
	if err != nil {
		panic(err) // cannot be: 32 bytes are within what HKDF gives
	}
	return CursorSealer{aead: newAEAD([32]byte(derived))}
}

// Seal makes a cursor, base64url without padding.
func (c CursorSealer) Seal(plain []byte) string {
	return base64.RawURLEncoding.EncodeToString(c.aead.Seal([]byte{formatV1}, nil, plain, nil))
}

// Open reads what Seal made; everything else is ErrCursor.
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
