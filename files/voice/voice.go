// Package voice turns what browsers record (WebM with Opus) into what WhatsApp takes as a voice note (Ogg with Opus,
// mono): the same packets in other pages, so nothing is decoded.
package voice

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// ErrFormat says this is not a recording of one Opus track in WebM.
var ErrFormat = errors.New("not a recording in WebM with Opus")

// MimeType is the type of what Reader gives.
const MimeType = "audio/ogg; codecs=opus"

// Looks says whether a file that starts like this may be a recording in WebM. Four bytes are enough.
func Looks(start []byte) bool {
	return len(start) >= 4 && binary.BigEndian.Uint32(start) == idHeader
}

// Reader gives the Ogg file while it reads the WebM file. It holds one page of about a second, however long the recording.
// Its errors are those of what it reads from, and ErrFormat.
type Reader struct {
	webm  webm
	ogg   ogg
	began bool
	out   []byte // made and not yet given
	err   error
}

// NewReader converts the recording that r gives.
func NewReader(r io.Reader) *Reader {
	return &Reader{webm: webm{in: bufio.NewReader(r)}, ogg: newOgg()}
}

// Read gives the next bytes of the Ogg file.
func (r *Reader) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		r.out, r.err = r.more()
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

// more is the next page or pages; the last come with io.EOF.
func (r *Reader) more() ([]byte, error) {
	for {
		packet, err := r.webm.next()
		if err == io.EOF && r.began {
			return r.ogg.end(), io.EOF
		}
		if err == io.EOF {
			return nil, ErrFormat // nothing was recorded
		}
		if err != nil {
			return nil, err
		}
		samples, err := samples(packet)
		if err != nil {
			return nil, err
		}
		var pages []byte
		if !r.began {
			head, err := mono(r.webm.track.private)
			if err != nil {
				return nil, err
			}
			r.began, pages = true, r.ogg.start(head)
		}
		if pages = append(pages, r.ogg.add(packet, samples)...); len(pages) > 0 {
			return pages, nil
		}
	}
}
