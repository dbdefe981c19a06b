package spool

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"time"
)

// headSize is the size of a record's header: the length of the sealed body, a CRC-32C of what follows, and the
// arrival in Unix milliseconds. The sealed body comes after it.
const headSize = 4 + 4 + 8

// maxRecord is far above the largest body. A greater length means that the record is damaged.
const maxRecord = 16 << 20

var errDamaged = errors.New("damaged record")

type record struct {
	at     time.Time
	sealed []byte
}

func (r record) size() int64 { return headSize + int64(len(r.sealed)) }

func checksum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

func encode(r record) []byte {
	b := make([]byte, headSize, headSize+len(r.sealed))
	binary.BigEndian.PutUint32(b, uint32(len(r.sealed)))
	binary.BigEndian.PutUint64(b[8:], uint64(r.at.UnixMilli()))
	b = append(b, r.sealed...)
	binary.BigEndian.PutUint32(b[4:], checksum(b[8:]))
	return b
}

// next reads one record. It returns io.EOF at a clean end, and errDamaged for a torn record or a wrong checksum.
func next(r io.Reader) (record, error) {
	var head [headSize]byte
	if _, err := io.ReadFull(r, head[:]); err == io.EOF {
		return record{}, io.EOF
	} else if err != nil {
		return record{}, errDamaged
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxRecord {
		return record{}, errDamaged
	}
	body := make([]byte, 8+n)
	copy(body, head[8:])
	if _, err := io.ReadFull(r, body[8:]); err != nil || checksum(body) != binary.BigEndian.Uint32(head[4:]) {
		return record{}, errDamaged
	}
	return record{at: time.UnixMilli(int64(binary.BigEndian.Uint64(head[8:]))), sealed: body[8:]}, nil
}
