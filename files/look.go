package files

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/jpeg"
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

const (
	headSize   = 3072    // what a type is told by
	headerSize = 1 << 20 // how far into a picture its size may be written
	maxPixels  = 50e6    // more is not shown, since decoding it takes too much memory
)

// seen is what the bytes of a file say about it, never its name.
type seen struct {
	mime          string // without parameters
	head          []byte
	width, height int // of a picture; 0 when it does not say
	animated      bool
}

// look reads the start of a file and comes back to where it was: the beginning.
func look(r io.ReadSeeker) (seen, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return seen{}, fmt.Errorf("look at file: %w", err)
	}
	s := seen{head: head[:n]}
	s.mime, _, _ = strings.Cut(mimetype.Detect(s.head).String(), ";")
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return seen{}, fmt.Errorf("look at file: %w", err)
	}
	switch s.mime {
	case "image/jpeg":
		if c, err := jpeg.DecodeConfig(io.LimitReader(r, headerSize)); err == nil {
			s.width, s.height = c.Width, c.Height
		}
	case "image/png":
		if len(s.head) >= 24 {
			s.width, s.height = int(binary.BigEndian.Uint32(s.head[16:])), int(binary.BigEndian.Uint32(s.head[20:]))
		}
	case "image/gif":
		if len(s.head) >= 10 {
			s.width, s.height = int(binary.LittleEndian.Uint16(s.head[6:])), int(binary.LittleEndian.Uint16(s.head[8:]))
		}
	case "image/webp":
		s.width, s.height, s.animated = webp(s.head)
	case "audio/x-m4a":
		s.mime = "audio/mp4"
	}
	_, err = r.Seek(0, io.SeekStart)
	return s, err
}

// webp reads the size of a picture in any of the format's three kinds (RFC 9649).
func webp(head []byte) (width, height int, animated bool) {
	if len(head) < 30 {
		return 0, 0, false
	}
	switch string(head[12:16]) {
	case "VP8 ":
		return int(binary.LittleEndian.Uint16(head[26:])) & 0x3fff, int(binary.LittleEndian.Uint16(head[28:])) & 0x3fff, false
	case "VP8L":
		bits := binary.LittleEndian.Uint32(head[21:])
		return int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1, false
	case "VP8X":
		const animation = 2
		wide, high := append(bytes.Clone(head[24:27]), 0), append(bytes.Clone(head[27:30]), 0)
		return int(binary.LittleEndian.Uint32(wide)) + 1, int(binary.LittleEndian.Uint32(high)) + 1, head[20]&animation != 0
	}
	return 0, 0, false
}

// modest says whether a picture may be decoded: its size is known and not huge.
func (s seen) modest() bool {
	return s.width > 0 && s.height > 0 && float64(s.width)*float64(s.height) <= maxPixels
}

// opusChannels is how many channels an Ogg file of Opus has, 0 when it is none.
func (s seen) opusChannels() int {
	const at = 28 // after a first page of one segment
	if len(s.head) > at+9 && bytes.HasPrefix(s.head, []byte("OggS")) && bytes.HasPrefix(s.head[at:], []byte("OpusHead")) {
		return int(s.head[at+9])
	}
	return 0
}
