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

// IDKey derives pseudonyms from personal data. Without the key, nobody can compute them or find them by trying
// all phone numbers. A deployment has one id key, which never changes.
type IDKey [32]byte

// String hides the key.
func (IDKey) String() string { return "***" }

// GoString hides the key from %#v.
func (IDKey) GoString() string { return "***" }

// LogValue hides the key from slog.
func (IDKey) LogValue() slog.Value { return slog.StringValue("***") }

// MarshalText hides the key from encoders.
func (IDKey) MarshalText() ([]byte, error) { return []byte("***"), nil }

// UUID returns the HMAC-SHA256 of the parts as a UUID of version 8. Boundaries between parts matter: ("ab",
// "c") and ("a", "bc") differ.
func (k IDKey) UUID(parts ...string) string {
	id := uuid.UUID(k.mac("uuid", parts)[:16])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

// UUIDInShard returns the id that UUID returns, with its first two hex digits replaced by the shard.
func (k IDKey) UUIDInShard(shard string, parts ...string) string {
	return shard + k.UUID(parts...)[len(shard):]
}

// Tag8 returns a short HMAC of the parts, 8 bytes as 11 characters of base64url. That is enough to
// recognise a value.
func (k IDKey) Tag8(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString(k.mac("tag", parts)[:8])
}

// Fingerprint identifies an id key without revealing it.
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
