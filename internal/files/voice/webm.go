package voice

import (
	"bufio"
	"errors"
	"io"
	"math/bits"
)

// The WebM elements that matter here (RFC 8794, RFC 9559).
const (
	idHeader       = 0x1A45DFA3
	idSegment      = 0x18538067
	idTracks       = 0x1654AE6B
	idTrackEntry   = 0xAE
	idTrackNumber  = 0xD7
	idCodec        = 0x86
	idCodecPrivate = 0x63A2
	idCluster      = 0x1F43B675
	idBlockGroup   = 0xA0
	idBlock        = 0xA1
	idSimpleBlock  = 0xA3
)

// maxPayload limits the size of one element: a packet must fit into one Ogg page.
const maxPayload = 254 * 255

// track describes a track.
type track struct {
	number  uint64
	codec   string
	private []byte // the header of an Opus track
}

func (t track) ready() bool { return t.number > 0 && t.codec == "A_OPUS" && t.private != nil }

// webm reads a file element by element. Nesting does not matter for what it looks for, so it enters container
// elements and ignores their ends, which browsers often leave out anyway.
type webm struct {
	in     *bufio.Reader
	header bool
	entry  track // the track being read
	track  track // the first Opus track
}

// next returns the next packet of the first Opus track, and io.EOF after the last.
func (w *webm) next() ([]byte, error) {
	for {
		id, size, err := w.element()
		if err != nil {
			return nil, err
		}
		if !w.header && id != idHeader {
			return nil, ErrFormat
		}
		w.header = true
		switch id {
		case idSegment, idTracks, idCluster, idBlockGroup:
		case idTrackEntry:
			w.entry = track{}
		case idTrackNumber, idCodec, idCodecPrivate:
			err = w.describe(id, size)
		case idBlock, idSimpleBlock:
			var packet []byte
			if packet, err = w.block(size); packet != nil {
				return packet, nil
			}
		default:
			err = w.skip(size)
		}
		if err != nil {
			return nil, err
		}
	}
}

func (w *webm) describe(id uint64, size int64) error {
	value, err := w.payload(size)
	if err != nil {
		return err
	}
	switch id {
	case idTrackNumber:
		w.entry.number = 0
		for _, b := range value {
			w.entry.number = w.entry.number<<8 | uint64(b)
		}
	case idCodec:
		w.entry.codec = string(value)
	case idCodecPrivate:
		w.entry.private = value
	}
	if !w.track.ready() && w.entry.ready() {
		w.track = w.entry
	}
	return nil
}

// block returns the packet in a block of our track, or nil for other tracks.
func (w *webm) block(size int64) ([]byte, error) {
	if !w.track.ready() {
		return nil, ErrFormat
	}
	number, length, err := w.number()
	if err != nil {
		return nil, inside(err)
	}
	size -= int64(length)
	if number != w.track.number {
		return nil, w.skip(size)
	}
	const timeAndFlags, lacing = 3, 0x06
	content, err := w.payload(size)
	if err != nil {
		return nil, err
	}
	if len(content) <= timeAndFlags || content[2]&lacing != 0 {
		return nil, ErrFormat
	}
	return content[timeAndFlags:], nil
}

// element reads an id and a size, -1 if unknown. Only container elements may have an unknown size.
func (w *webm) element() (id uint64, size int64, err error) {
	start, err := w.in.ReadByte()
	if err != nil {
		return 0, 0, err // a file may end only here
	}
	length := bits.LeadingZeros8(start) + 1
	if length > 4 {
		return 0, 0, ErrFormat
	}
	if id, err = w.rest(uint64(start), length); err != nil {
		return 0, 0, err
	}
	value, length, err := w.number()
	if err != nil {
		return 0, 0, inside(err)
	}
	if value == 1<<(7*length)-1 {
		return id, -1, nil
	}
	return id, int64(value), nil
}

// number reads a number of variable length.
func (w *webm) number() (value uint64, length int, err error) {
	start, err := w.in.ReadByte()
	if err != nil {
		return 0, 0, err
	}
	length = bits.LeadingZeros8(start) + 1
	if length > 8 {
		return 0, 0, ErrFormat
	}
	value, err = w.rest(uint64(start)&(1<<(8-length)-1), length)
	return value, length, err
}

func (w *webm) rest(value uint64, length int) (uint64, error) {
	for range length - 1 {
		b, err := w.in.ReadByte()
		if err != nil {
			return 0, inside(err)
		}
		value = value<<8 | uint64(b)
	}
	return value, nil
}

func (w *webm) payload(size int64) ([]byte, error) {
	if size < 0 || size > maxPayload {
		return nil, ErrFormat
	}
	value := make([]byte, size)
	if _, err := io.ReadFull(w.in, value); err != nil {
		return nil, inside(err)
	}
	return value, nil
}

func (w *webm) skip(size int64) error {
	if size < 0 {
		return ErrFormat
	}
	_, err := io.CopyN(io.Discard, w.in, size)
	return inside(err)
}

// inside turns the end of the file within an element into ErrFormat.
func inside(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrFormat
	}
	return err
}
