package files

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
)

func TestAFileIsSentAsWhatTheProviderTakes(t *testing.T) {
	png := func(depth, colour byte) seen {
		return seen{mime: "image/png", head: append(make([]byte, 24), depth, colour), width: 10, height: 10}
	}
	ogg := func(channels byte) seen {
		head := append(append([]byte("OggS"), make([]byte, 24)...), "OpusHead\x01"...)
		return seen{mime: "audio/ogg", head: append(head, channels)}
	}
	photo := seen{mime: "image/jpeg", width: 4000, height: 3000}
	sticker := seen{mime: "image/webp", width: 512, height: 512}
	moving := sticker
	moving.animated = true
	for _, c := range []struct {
		what     string
		seen     seen
		size     int64
		recorded bool
		kind     interaction.MessageKind
		mime     string
	}{
		{"a photo", photo, 5 << 20, false, interaction.KindImage, "image/jpeg"},
		{"one above 5 MB", photo, 5<<20 + 1, false, interaction.KindDocument, "image/jpeg"},
		{"one too large to decode", seen{mime: "image/jpeg", width: 60_000, height: 1000}, 9, false, interaction.KindDocument, "image/jpeg"},
		{"a screenshot", png(8, 6), 9, false, interaction.KindImage, "image/png"},
		{"a PNG of a palette", png(8, 3), 9, false, interaction.KindDocument, "image/png"},
		{"a deep PNG", png(16, 2), 9, false, interaction.KindDocument, "image/png"},
		{"a GIF", seen{mime: "image/gif", width: 9, height: 9}, 9, false, interaction.KindDocument, "image/gif"},
		{"an SVG", seen{mime: "image/svg+xml"}, 9, false, interaction.KindDocument, "image/svg+xml"},
		{"a sticker", sticker, 100 << 10, false, interaction.KindSticker, "image/webp"},
		{"a heavy sticker", sticker, 100<<10 + 1, false, interaction.KindDocument, "image/webp"},
		{"a moving sticker", moving, 500 << 10, false, interaction.KindSticker, "image/webp"},
		{"a WebP picture", seen{mime: "image/webp", width: 800, height: 600}, 9, false, interaction.KindDocument, "image/webp"},
		{"a video", seen{mime: "video/mp4"}, 16 << 20, false, interaction.KindVideo, "video/mp4"},
		{"a large video", seen{mime: "video/mp4"}, 16<<20 + 1, false, interaction.KindDocument, "video/mp4"},
		{"a video of another format", seen{mime: "video/quicktime"}, 9, false, interaction.KindDocument, "video/quicktime"},
		{"music", seen{mime: "audio/mpeg"}, 9, false, interaction.KindAudio, "audio/mpeg"},
		{"a voice note", ogg(1), 9, true, interaction.KindVoice, "audio/ogg; codecs=opus"},
		{"the same, attached", ogg(1), 9, false, interaction.KindAudio, "audio/ogg; codecs=opus"},
		{"one in stereo", ogg(2), 9, true, interaction.KindDocument, "audio/ogg; codecs=opus"},
		{"a recording of Safari", seen{mime: "video/mp4"}, 9, true, interaction.KindAudio, "audio/mp4"},
		{"Vorbis", seen{mime: "audio/ogg"}, 9, false, interaction.KindDocument, "audio/ogg"},
		{"a table", seen{mime: "text/csv"}, 9, false, interaction.KindDocument, "text/plain"},
		{"a PDF", seen{mime: "application/pdf"}, 9, false, interaction.KindDocument, "application/pdf"},
	} {
		kind, mime := kindOf(c.seen, c.size, c.recorded)
		require.Equal(t, []string{string(c.kind), c.mime}, []string{string(kind), mime}, c.what)
	}
}

func TestTheSizeOfAWebPIsReadInEachOfItsKinds(t *testing.T) {
	extended := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00"), 0xff, 0x01, 0, 0xff, 0x03, 0)
	lossy := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a"), 0, 2, 0, 0x41)
	lossless := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00\x2f"), binary.LittleEndian.AppendUint32(nil, 511|255<<14)...)
	for _, c := range []struct {
		head          []byte
		width, height int
		animated      bool
	}{
		{extended, 512, 1024, true}, {lossy, 512, 256, false}, {append(lossless, make([]byte, 5)...), 512, 256, false}, {lossy[:20], 0, 0, false},
	} {
		width, height, animated := webp(c.head)
		require.Equal(t, []any{c.width, c.height, c.animated}, []any{width, height, animated})
	}
}

func FuzzNoNameLeavesItsFolderOrHidesWhatItIs(f *testing.F) {
	f.Add("../../etc/passwd")
	f.Add("a\u202Egpj.exe")
	f.Fuzz(func(t *testing.T, name string) {
		clean := cleanName(name)
		require.NotRegexp(t, `[/\\\x00-\x1f"<>:|?*\x{202a}-\x{202e}\x{2066}-\x{2069}]|^\.`, clean)
		require.LessOrEqual(t, len([]rune(clean)), maxName+1)
		require.Equal(t, clean, cleanName(clean), "clean stays clean")
	})
}
