package voice

import "bytes"

// maxSamples is the longest duration of a packet: 120 ms at 48 kHz (RFC 6716 §3.2.5).
const maxSamples = 5760

// samples returns the duration of a packet, in samples at 48 kHz, from its first bytes (RFC 6716 §3.1).
func samples(packet []byte) (int, error) {
	if len(packet) == 0 {
		return 0, ErrFormat
	}
	config := packet[0] >> 3
	var frame int
	switch {
	case config < 12: // SILK: 10, 20, 40, 60 ms
		frame = []int{480, 960, 1920, 2880}[config&3]
	case config < 16: // hybrid: 10, 20 ms
		frame = 480 << (config & 1)
	default: // CELT: 2.5, 5, 10, 20 ms
		frame = 120 << (config & 3)
	}
	frames := 2
	switch packet[0] & 3 {
	case 0:
		frames = 1
	case 3:
		if len(packet) < 2 {
			return 0, ErrFormat
		}
		frames = int(packet[1] & 0x3f)
	}
	if frames == 0 || frames*frame > maxSamples {
		return 0, ErrFormat
	}
	return frames * frame, nil
}

// mono returns the recording's header (RFC 7845 §5.1) changed to one channel. Decoders mix stereo packets
// down.
func mono(head []byte) ([]byte, error) {
	const family = 18 // 0: one or two channels, without a mapping
	if len(head) < 19 || !bytes.HasPrefix(head, []byte("OpusHead")) || head[8]&0xf0 != 0 || head[family] != 0 {
		return nil, ErrFormat
	}
	one := bytes.Clone(head[:19])
	one[9] = 1
	return one, nil
}

// tags returns the comment header (RFC 7845 §5.2): the vendor, and no comments.
func tags() []byte { return []byte("OpusTags\x06\x00\x00\x00Parley\x00\x00\x00\x00") }
