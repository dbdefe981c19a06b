// Package voice converts browser recordings (WebM with Opus) into WhatsApp voice notes (Ogg with Opus, mono).
// It repacks the packets, so nothing is decoded.
package voice

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// ErrFormat means the input is not a recording of one Opus track in WebM.
var ErrFormat = errors.New("not a recording in WebM with Opus")

// MimeType is the type of a Reader's output.
const MimeType = "audio/ogg; codecs=opus"

// IsWebM reports whether a file with this start may be a WebM recording. Four bytes are enough.
func IsWebM(start []byte) bool {
	return len(start) >= 4 && binary.BigEndian.Uint32(start) == idHeader
}

// Reader returns the Ogg file while reading the WebM file. It buffers one page of about a second, however
// long the recording is. Its errors are ErrFormat and those of its source.
type Reader struct {
	webm  webm
	ogg   ogg
	began bool
	out   []byte // produced but not yet returned
	err   error
}

// NewReader converts the recording read from r.
func NewReader(r io.Reader) *Reader {
	return &Reader{webm: webm{in: bufio.NewReader(r)}, ogg: newOgg()}
}

// Read reads the next bytes of the Ogg file.
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

// more returns the next page or pages. The last ones come with io.EOF.
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
