package live

import (
	"encoding/base64"
	"encoding/binary"
)

// cursor is a position of the read models: the log, the epoch of the read models, and the commit position.
type cursor struct {
	log      [16]byte
	epoch    uint64
	position uint64
}

// String encodes the cursor for clients.
func (c cursor) String() string {
	raw := make([]byte, 0, 32)
	raw = append(raw, c.log[:]...)
	raw = binary.BigEndian.AppendUint64(raw, c.epoch)
	raw = binary.BigEndian.AppendUint64(raw, c.position)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// parseCursor parses what String returned.
func parseCursor(s string) (cursor, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(raw) != 32 {
		return cursor{}, false
	}
	return cursor{
		log:      [16]byte(raw[:16]),
		epoch:    binary.BigEndian.Uint64(raw[16:24]),
		position: binary.BigEndian.Uint64(raw[24:]),
	}, true
}

// comparable reports whether positions of both cursors have the same meaning.
func (c cursor) comparable(other cursor) bool { return c.log == other.log && c.epoch == other.epoch }
