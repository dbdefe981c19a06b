package live

import (
	"encoding/base64"
	"encoding/binary"
)

// place is how far the read models are: in which log, in which epoch of them, at which commit position.
type place struct {
	log      [16]byte
	epoch    uint64
	position uint64
}

// String is what browsers keep.
func (p place) String() string {
	raw := make([]byte, 0, 32)
	raw = append(raw, p.log[:]...)
	raw = binary.BigEndian.AppendUint64(raw, p.epoch)
	raw = binary.BigEndian.AppendUint64(raw, p.position)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// parsePlace reads what String wrote.
func parsePlace(s string) (place, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(raw) != 32 {
		return place{}, false
	}
	return place{
		log: [16]byte(raw[:16]), epoch: binary.BigEndian.Uint64(raw[16:24]), position: binary.BigEndian.Uint64(raw[24:]),
	}, true
}

// comparable says whether positions of both mean the same.
func (p place) comparable(other place) bool { return p.log == other.log && p.epoch == other.epoch }
