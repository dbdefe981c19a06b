package voice_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"parley/internal/files/voice"
)

// element encodes an id, a size of eight bytes and the content.
func element(id uint64, content ...byte) []byte {
	size := binary.BigEndian.AppendUint64(nil, uint64(len(content)))
	size[0] = 1
	return append(append(idBytes(id), size...), content...)
}

// open encodes the start of an element of unknown size, as browsers write when they stream.
func open(id uint64) []byte {
	return append(idBytes(id), 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
}

func idBytes(id uint64) []byte {
	return bytes.TrimLeft(binary.BigEndian.AppendUint64(nil, id), "\x00")
}

func head(channels byte) []byte {
	return append([]byte("OpusHead\x01"), channels, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, 0)
}

func entry(number byte, codec string, private []byte) []byte {
	parts := [][]byte{element(0xD7, number), element(0x86, []byte(codec)...), element(0x63A2, private...)}
	return element(0xAE, bytes.Join(parts, nil)...)
}

func simple(track byte, packet []byte) []byte {
	return element(0xA3, append([]byte{0x80 | track, 0, 0, 0x80}, packet...)...)
}

// packet returns a packet of n bytes that lasts 20 ms (CELT, one frame).
func packet(n int, fill byte) []byte {
	p := bytes.Repeat([]byte{fill}, n)
	p[0] = 0xF8
	return p
}

// recording returns what Chromium produces: a segment and clusters of unknown size, and a simple block per
// packet.
func recording(channels byte, packets ...[]byte) []byte {
	all := [][]byte{
		element(0x1A45DFA3, element(0x4282, []byte("webm")...)...), open(0x18538067),
		element(0x1549A966, 1, 2, 3),
		element(0x1654AE6B, bytes.Join([][]byte{entry(2, "V_VP8", nil), entry(1, "A_OPUS", head(channels))},
			nil)...),
	}
	for i, p := range packets {
		if i%50 == 0 {
			all = append(all, open(0x1F43B675), element(0xE7, 0))
		}
		all = append(all, simple(1, p))
	}
	return bytes.Join(all, nil)
}

type page struct {
	flags    byte
	granule  uint64
	sequence uint32
	packets  [][]byte
}

// pages parses an Ogg file and checks what every reader checks.
func pages(t *testing.T, file []byte) (all []page) {
	t.Helper()
	for len(file) > 0 {
		require.Equal(t, "OggS\x00", string(file[:5]))
		segments := file[27 : 27+int(file[26])]
		size := 27 + len(segments)
		p := page{
			flags:   file[5],
			granule: binary.LittleEndian.Uint64(file[6:]), sequence: binary.LittleEndian.Uint32(file[18:]),
		}
		var current []byte
		for _, s := range segments {
			current = append(current, file[size:size+int(s)]...)
			if size += int(s); s < 255 {
				p.packets = append(p.packets, current)
				current = nil
			}
		}
		require.Nil(t, current, "no packet spans pages")
		whole := bytes.Clone(file[:size])
		sum := binary.LittleEndian.Uint32(whole[22:])
		clear(whole[22:26])
		require.Equal(t, checksum(whole), sum)
		all, file = append(all, p), file[size:]
	}
	return all
}

// checksum computes the CRC bit by bit.
func checksum(b []byte) (crc uint32) {
	for _, x := range b {
		for bit := 7; bit >= 0; bit-- {
			top := crc>>31 ^ uint32(x>>bit)&1
			crc = crc<<1 ^ top*0x04c11db7
		}
	}
	return crc
}

func convert(t *testing.T, webm []byte) []page {
	t.Helper()
	ogg, err := io.ReadAll(voice.NewReader(iotest.OneByteReader(bytes.NewReader(webm))))
	require.NoError(t, err)
	return pages(t, ogg)
}

func TestARecordingIsRepackedAsAMonoVoiceNote(t *testing.T) {
	var packets [][]byte
	for i := range 120 {
		packets = append(packets, packet(1+i*3, byte(i)))
	}
	found := convert(t, recording(2, packets...))
	require.Equal(t, page{flags: 2, packets: [][]byte{head(1)}}, found[0], "always one channel")
	comments := []byte("OpusTags\x06\x00\x00\x00Parley\x00\x00\x00\x00")
	require.Equal(t, page{sequence: 1, packets: [][]byte{comments}}, found[1])
	var got [][]byte
	for i, p := range found[2:] {
		require.EqualValues(t, i+2, p.sequence)
		got = append(got, p.packets...)
		require.EqualValues(t, len(got)*960, p.granule, "samples at 48 kHz up to the end of the page")
		require.Equal(t, i == len(found)-3, p.flags == 4, "only the last page has the flag")
	}
	require.Equal(t, packets, got)
	require.Len(t, found, 2+3, "one page per second")
}

func TestTheDurationOfAPacketIsReadFromItsHeader(t *testing.T) {
	for _, c := range []struct {
		packet  []byte
		samples uint64
	}{
		{[]byte{0 << 3}, 480}, {[]byte{3 << 3}, 2880}, {[]byte{9 << 3}, 960}, {[]byte{12 << 3}, 480},
		{[]byte{15 << 3}, 960},
		{[]byte{16 << 3}, 120}, {[]byte{31 << 3}, 960}, {[]byte{31<<3 | 1}, 1920}, {[]byte{31<<3 | 2}, 1920},
		{[]byte{31<<3 | 3, 6}, 5760},
	} {
		found := convert(t, recording(1, c.packet))
		require.Equal(t, c.samples, found[2].granule, c.packet)
	}
	for _, wrong := range [][]byte{{31<<3 | 3}, {31<<3 | 3, 0}, {31<<3 | 3, 7}, {3<<3 | 3, 63}} {
		_, err := io.ReadAll(voice.NewReader(bytes.NewReader(recording(1, wrong))))
		require.ErrorIs(t, err, voice.ErrFormat)
	}
}

func TestLargePacketsGetTheirOwnPages(t *testing.T) {
	packets := [][]byte{packet(255, 1), packet(510, 2), packet(64000, 3), packet(64000, 4), packet(5, 5)}
	found := convert(t, recording(1, packets...))
	var got [][]byte
	for _, p := range found[2:] {
		got = append(got, p.packets...)
	}
	require.Equal(t, packets, got)
}

func TestBlockGroupsAreReadAndOtherTracksSkipped(t *testing.T) {
	block := element(0xA1, append([]byte{0x81, 0, 0, 0}, packet(9, 9)...)...)
	group := element(0xA0, append(block, element(0x9B, 20)...)...)
	webm := bytes.Join([][]byte{recording(1, packet(3, 1)), simple(2, []byte("a picture")), group}, nil)
	require.Equal(t, [][]byte{packet(3, 1), packet(9, 9)}, convert(t, webm)[2].packets)
}

func TestAFileThatIsNotARecordingIsRefused(t *testing.T) {
	good := recording(1, packet(30, 1))
	huge := append(idBytes(0xA3), 0x01, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
	laced := element(0xA3, append([]byte{0x81, 0, 0, 0x06}, packet(9, 9)...)...)
	surround := bytes.Replace(good, head(1), append(head(6)[:18], 1), 1)
	for what, file := range map[string][]byte{
		"an empty file":                      {},
		"another file format":                []byte("OggS and so on"),
		"no Opus track":                      bytes.Replace(good, []byte("A_OPUS"), []byte("A_FLAC"), 1),
		"no packets at all":                  recording(1),
		"a truncated packet":                 good[:len(good)-1],
		"a block of unknown size":            append(bytes.Clone(good), huge...),
		"an unknown element of unknown size": append(bytes.Clone(good), open(0xBF)...),
		"several packets in one block":       append(bytes.Clone(good), laced...),
		"more than two channels":             surround,
		"blocks before the tracks":           append(element(0x1A45DFA3), simple(1, packet(3, 3))...),
		"a header that is too short": bytes.Replace(good, element(0x63A2, head(1)...),
			element(0x63A2, head(1)[:12]...), 1),
	} {
		_, err := io.ReadAll(voice.NewReader(bytes.NewReader(file)))
		require.ErrorIs(t, err, voice.ErrFormat, what)
	}
	broken := errors.New("connection lost")
	_, err := io.ReadAll(voice.NewReader(io.MultiReader(bytes.NewReader(good), iotest.ErrReader(broken))))
	require.ErrorIs(t, err, broken, "a read error is not taken for the end")
	require.True(t, voice.IsWebM(good))
	require.False(t, voice.IsWebM([]byte("OggS")))
}

func FuzzConvertedFilesAreValid(f *testing.F) {
	f.Add(recording(1, packet(30, 1), packet(300, 2)))
	f.Fuzz(func(t *testing.T, file []byte) {
		ogg, err := io.ReadAll(voice.NewReader(bytes.NewReader(file)))
		if err != nil {
			require.ErrorIs(t, err, voice.ErrFormat)
			return
		}
		require.NotEmpty(t, pages(t, ogg))
	})
}
