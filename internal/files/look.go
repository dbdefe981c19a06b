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
	headSize   = 3072    // bytes used to detect the type
	headerSize = 1 << 20 // how far into a picture its size may be stored
	maxPixels  = 50e6    // larger pictures are not shown, since decoding them takes too much memory
)

// properties describes a file by its content, never by its name.
type properties struct {
	mime          string // without parameters
	head          []byte
	width, height int // of a picture; 0 if unknown
	animated      bool
}

// inspect reads the start of a file and rewinds it.
func inspect(r io.ReadSeeker) (properties, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return properties{}, fmt.Errorf("inspect file: %w", err)
	}
	s := properties{head: head[:n]}
	s.mime, _, _ = strings.Cut(mimetype.Detect(s.head).String(), ";")
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return properties{}, fmt.Errorf("inspect file: %w", err)
	}
	switch s.mime {
	case "image/jpeg":
		if c, err := jpeg.DecodeConfig(io.LimitReader(r, headerSize)); err == nil {
			s.width, s.height = c.Width, c.Height
		}
	case "image/png":
		if len(s.head) >= 24 {
			s.width = int(binary.BigEndian.Uint32(s.head[16:]))
			s.height = int(binary.BigEndian.Uint32(s.head[20:]))
		}
	case "image/gif":
		if len(s.head) >= 10 {
			s.width = int(binary.LittleEndian.Uint16(s.head[6:]))
			s.height = int(binary.LittleEndian.Uint16(s.head[8:]))
		}
	case "image/webp":
		s.width, s.height, s.animated = webp(s.head)
	case "audio/x-m4a":
		s.mime = "audio/mp4"
	}
	_, err = r.Seek(0, io.SeekStart)
	return s, err
}

// webp reads the size of a picture in any of the format's three variants (RFC 9649).
func webp(head []byte) (width, height int, animated bool) {
	if len(head) < 30 {
		return 0, 0, false
	}
	switch string(head[12:16]) {
	case "VP8 ":
		width = int(binary.LittleEndian.Uint16(head[26:])) & 0x3fff
		height = int(binary.LittleEndian.Uint16(head[28:])) & 0x3fff
		return width, height, false
	case "VP8L":
		bits := binary.LittleEndian.Uint32(head[21:])
		return int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1, false
	case "VP8X":
		const animation = 2
		w, h := append(bytes.Clone(head[24:27]), 0), append(bytes.Clone(head[27:30]), 0)
		width = int(binary.LittleEndian.Uint32(w)) + 1
		height = int(binary.LittleEndian.Uint32(h)) + 1
		return width, height, head[20]&animation != 0
	}
	return 0, 0, false
}

// decodable reports whether a picture may be decoded: its size is known and not huge.
func (s properties) decodable() bool {
	return s.width > 0 && s.height > 0 && float64(s.width)*float64(s.height) <= maxPixels
}

// opusChannels returns the number of channels of an Ogg Opus file, or 0 for other files.
func (s properties) opusChannels() int {
	const at = 28 // after a first page with one segment
	if len(s.head) > at+9 && bytes.HasPrefix(s.head, []byte("OggS")) &&
		bytes.HasPrefix(s.head[at:], []byte("OpusHead")) {
		return int(s.head[at+9])
	}
	return 0
}
