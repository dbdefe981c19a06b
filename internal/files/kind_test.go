package files

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/account"
	"parley/domain/interaction"
)

// WhatsApp declares what WhatsApp accepts.
var WhatsApp = account.Capabilities{VoiceNotes: true, Media: []account.MediaLimit{
	{Kind: "image", MaxBytes: 5 << 20, MimeTypes: []string{"image/jpeg", "image/png"}},
	{Kind: "video", MaxBytes: 16 << 20, MimeTypes: []string{"video/mp4", "video/3gpp"}},
	{Kind: "audio", MaxBytes: 16 << 20,
		MimeTypes: []string{"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}},
	{Kind: "sticker", MaxBytes: 500 << 10, StillBytes: 100 << 10, MimeTypes: []string{"image/webp"}},
	{Kind: "document", MaxBytes: 100 << 20},
}}

func TestAFileIsSentAsAKindTheProviderAccepts(t *testing.T) {
	png := func(depth, colour byte) properties {
		return properties{mime: "image/png", head: append(make([]byte, 24), depth, colour), width: 10,
			height: 10}
	}
	ogg := func(channels byte) properties {
		head := append(append([]byte("OggS"), make([]byte, 24)...), "OpusHead\x01"...)
		return properties{mime: "audio/ogg", head: append(head, channels)}
	}
	photo := properties{mime: "image/jpeg", width: 4000, height: 3000}
	sticker := properties{mime: "image/webp", width: 512, height: 512}
	animatedSticker := sticker
	animatedSticker.animated = true
	all := limits{providers: []account.Capabilities{WhatsApp}}
	for _, c := range []struct {
		name     string
		file     properties
		size     int64
		recorded bool
		kind     interaction.MessageKind
		mime     string
	}{
		{"a photo of 5 MB", photo, 5 << 20, false, interaction.KindImage, "image/jpeg"},
		{"a photo above 5 MB", photo, 5<<20 + 1, false, interaction.KindDocument, "image/jpeg"},
		{"a photo too large to decode", properties{mime: "image/jpeg", width: 60_000, height: 1000}, 9, false,
			interaction.KindDocument, "image/jpeg"},
		{"an RGBA screenshot", png(8, 6), 9, false, interaction.KindImage, "image/png"},
		{"a PNG with a palette", png(8, 3), 9, false, interaction.KindDocument, "image/png"},
		{"a 16-bit PNG", png(16, 2), 9, false, interaction.KindDocument, "image/png"},
		{"a GIF image", properties{mime: "image/gif", width: 9, height: 9}, 9, false, interaction.KindDocument,
			"image/gif"},
		{"an SVG image", properties{mime: "image/svg+xml"}, 9, false, interaction.KindDocument,
			"image/svg+xml"},
		{"a sticker of 100 KB", sticker, 100 << 10, false, interaction.KindSticker, "image/webp"},
		{"a sticker above 100 KB", sticker, 100<<10 + 1, false, interaction.KindDocument, "image/webp"},
		{"an animated sticker of 500 KB", animatedSticker, 500 << 10, false, interaction.KindSticker,
			"image/webp"},
		{"a WebP of another size", properties{mime: "image/webp", width: 800, height: 600}, 9, false,
			interaction.KindDocument, "image/webp"},
		{"a video of 16 MB", properties{mime: "video/mp4"}, 16 << 20, false, interaction.KindVideo,
			"video/mp4"},
		{"a video above 16 MB", properties{mime: "video/mp4"}, 16<<20 + 1, false, interaction.KindDocument,
			"video/mp4"},
		{"a QuickTime video", properties{mime: "video/quicktime"}, 9, false, interaction.KindDocument,
			"video/quicktime"},
		{"an MP3 file", properties{mime: "audio/mpeg"}, 9, false, interaction.KindAudio, "audio/mpeg"},
		{"a recorded voice note", ogg(1), 9, true, interaction.KindVoice, "audio/ogg; codecs=opus"},
		{"an attached Opus file", ogg(1), 9, false, interaction.KindAudio, "audio/ogg; codecs=opus"},
		{"a stereo recording", ogg(2), 9, true, interaction.KindDocument, "audio/ogg; codecs=opus"},
		{"a recording from Safari", properties{mime: "video/mp4"}, 9, true, interaction.KindAudio, "audio/mp4"},
		{"an Ogg Vorbis file", properties{mime: "audio/ogg"}, 9, false, interaction.KindDocument, "audio/ogg"},
		{"a CSV table", properties{mime: "text/csv"}, 9, false, interaction.KindDocument, "text/plain"},
		{"a PDF file", properties{mime: "application/pdf"}, 9, false, interaction.KindDocument,
			"application/pdf"},
	} {
		kind, mime := kindOf(c.file, c.size, c.recorded, all)
		require.Equal(t, []string{string(c.kind), c.mime}, []string{string(kind), mime}, c.name)
	}
}

func TestAFileThatOneProviderRefusesAsItsKindIsSentAsADocument(t *testing.T) {
	photo := properties{mime: "image/jpeg", width: 40, height: 30}
	recording := properties{mime: "audio/ogg", head: append(append(append([]byte("OggS"), make([]byte, 24)...),
		"OpusHead\x01"...), 1)}
	media := []account.MediaLimit{
		{Kind: "image", MaxBytes: 100, MimeTypes: []string{"image/jpeg"}},
		{Kind: "audio", MaxBytes: 100, MimeTypes: []string{"audio/ogg"}},
	}
	able, plain := account.Capabilities{VoiceNotes: true, Media: media}, account.Capabilities{}
	speechless := account.Capabilities{Media: media}
	for _, c := range []struct {
		name      string
		file      properties
		size      int64
		providers []account.Capabilities
		want      interaction.MessageKind
	}{
		{"a photo within every limit", photo, 100, []account.Capabilities{able, speechless}, interaction.KindImage},
		{"a photo above the limit", photo, 101, []account.Capabilities{able}, interaction.KindDocument},
		{"a photo where one provider accepts none", photo, 100, []account.Capabilities{able, plain}, interaction.KindDocument},
		{"a recording at a provider with voice notes", recording, 100, []account.Capabilities{able}, interaction.KindVoice},
		{"a recording at a provider without voice notes", recording, 100, []account.Capabilities{speechless},
			interaction.KindAudio},
	} {
		kind, _ := kindOf(c.file, c.size, true, limits{providers: c.providers})
		require.Equal(t, c.want, kind, c.name)
	}
}

func TestTheSizeOfAWebPIsReadFromEachOfItsFormats(t *testing.T) {
	extended := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00"),
		0xff, 0x01, 0, 0xff, 0x03, 0)
	lossy := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a"), 0, 2, 0,
		0x41)
	lossless := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00\x2f"),
		binary.LittleEndian.AppendUint32(nil, 511|255<<14)...)
	for _, c := range []struct {
		head          []byte
		width, height int
		animated      bool
	}{
		{extended, 512, 1024, true},
		{lossy, 512, 256, false},
		{append(lossless, make([]byte, 5)...), 512, 256, false},
		{lossy[:20], 0, 0, false},
	} {
		width, height, animated := webp(c.head)
		require.Equal(t, []any{c.width, c.height, c.animated}, []any{width, height, animated})
	}
}

func FuzzFileNamesAreSafe(f *testing.F) {
	f.Add("../../etc/passwd")
	f.Add("a\u202Egpj.exe")
	f.Fuzz(func(t *testing.T, name string) {
		clean := cleanName(name)
		require.NotRegexp(t, `[/\\\x00-\x1f"<>:|?*\x{202a}-\x{202e}\x{2066}-\x{2069}]|^\.`, clean)
		require.LessOrEqual(t, len([]rune(clean)), maxName+1)
		require.Equal(t, clean, cleanName(clean), "a clean name stays as it is")
	})
}
