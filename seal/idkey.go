package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"log/slog"

	"github.com/google/uuid"
)

// IDKey makes pseudonyms of personal data that nobody without it can work out or try. One per deployment, for ever.
type IDKey [32]byte

// String hides the key.
func (IDKey) String() string { return "***" }

// GoString hides the key from %#v.
func (IDKey) GoString() string { return "***" }

// LogValue hides the key from slog.
func (IDKey) LogValue() slog.Value { return slog.StringValue("***") }

// MarshalText hides the key from encoders.
func (IDKey) MarshalText() ([]byte, error) { return []byte("***"), nil }

// UUID is the HMAC-SHA256 of the parts, shaped as a UUID of version 8. The parts keep their borders: ("ab", "c") and
// ("a", "bc") differ.
func (k IDKey) UUID(parts ...string) string {
	id := uuid.UUID(k.mac("uuid", parts)[:16])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

// Tag8 is a short HMAC of the parts, 8 bytes as 11 characters of base64url: enough to recognise a value again.
func (k IDKey) Tag8(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString(k.mac("tag", parts)[:8])
}

// Tag32 is a full HMAC of the parts, 32 bytes: for columns that find a whole value without holding it.
func (k IDKey) Tag32(parts ...string) []byte { return k.mac("find", parts) }

// Fingerprint tells one id key from another without giving it away.
func (k IDKey) Fingerprint() string { return hex.EncodeToString(k.mac("fingerprint", nil)[:16]) }

func (k IDKey) mac(purpose string, parts []string) []byte {
	m := hmac.New(sha256.New, k[:])
	write(m, purpose)
	for _, p := range parts {
		write(m, p)
	}
	return m.Sum(nil)
}

func write(h hash.Hash, part string) {
	h.Write(binary.AppendUvarint(nil, uint64(len(part))))
	h.Write([]byte(part))
}
