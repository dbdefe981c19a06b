package voice

import "encoding/binary"

// Page flags (RFC 3533 §6).
const (
	first = 2
	last  = 4
)

const (
	maxSegments = 255
	perPage     = 48000 // one second of samples
)

// ogg packs packets into pages of one logical stream.
type ogg struct {
	crc      [256]uint32
	sequence uint32
	granule  uint64 // samples written so far

	segments []byte // of the page being filled
	body     []byte
	samples  int
}

// newOgg computes the table of Ogg's checksum: polynomial 0x04c11db7, not reflected, starting from zero.
func newOgg() ogg {
	var o ogg
	for i := range o.crc {
		c := uint32(i) << 24
		for range 8 {
			if c&(1<<31) != 0 {
				c = c<<1 ^ 0x04c11db7
			} else {
				c <<= 1
			}
		}
		o.crc[i] = c
	}
	return o
}

// start returns the two header pages.
func (o *ogg) start(head []byte) []byte {
	o.put(head)
	pages := o.page(first)
	o.put(tags())
	return append(pages, o.page(0)...)
}

// add appends a packet. It returns the previous page if that was full.
func (o *ogg) add(packet []byte, samples int) (page []byte) {
	if len(o.segments) > 0 && (o.samples >= perPage || len(o.segments)+len(packet)/255+1 > maxSegments) {
		page = o.page(0)
	}
	o.put(packet)
	o.samples += samples
	return page
}

// end returns the last page.
func (o *ogg) end() []byte { return o.page(last) }

// put appends a packet as segments of 255 bytes and a shorter one, possibly empty, that ends it.
func (o *ogg) put(packet []byte) {
	for rest := len(packet); ; rest -= 255 {
		o.segments = append(o.segments, byte(min(rest, 255)))
		if rest < 255 {
			break
		}
	}
	o.body = append(o.body, packet...)
}

func (o *ogg) page(flags byte) []byte {
	o.granule += uint64(o.samples)
	page := make([]byte, 27, 27+len(o.segments)+len(o.body))
	copy(page, "OggS")
	page[5] = flags
	binary.LittleEndian.PutUint64(page[6:], o.granule)
	binary.LittleEndian.PutUint32(page[14:], 1) // the only stream in the file
	binary.LittleEndian.PutUint32(page[18:], o.sequence)
	page[26] = byte(len(o.segments))
	page = append(append(page, o.segments...), o.body...)
	binary.LittleEndian.PutUint32(page[22:], o.sum(page))
	o.sequence++
	o.segments, o.body, o.samples = o.segments[:0], o.body[:0], 0
	return page
}

func (o *ogg) sum(page []byte) (crc uint32) {
	for _, b := range page {
		crc = crc<<8 ^ o.crc[byte(crc>>24)^b]
	}
	return crc
}
