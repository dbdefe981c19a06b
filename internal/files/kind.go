package files

import (
	"slices"
	"strings"

	"parley/domain/account"
	"parley/domain/interaction"
	"parley/internal/files/voice"
	"parley/projections/settings"
)

const stickerSide = 512 // pixels

// limits say which files can be uploaded.
type limits struct {
	bytes     int64
	providers []account.Capabilities
}

// limits returns the size limit of the most generous account, and the providers of all of them.
func (u *Uploads) limits(accounts ...settings.Account) (l limits) {
	for _, a := range accounts {
		l.bytes = max(l.bytes, a.Settings.MaxAttachmentBytes)
		if p, ok := u.Providers.Named(a.Settings.Provider); ok {
			l.providers = append(l.providers, p.Capabilities)
		}
	}
	return l
}

// accept reports whether every provider accepts the file as this kind.
func (l limits) accept(kind string, mimeType string, bytes int64, animated bool) bool {
	return !slices.ContainsFunc(l.providers, func(c account.Capabilities) bool {
		return !c.Accepts(kind, mimeType, bytes, animated)
	})
}

// kindOf returns the kind a file is sent as, and the type to declare to the provider. Anything not
// accepted as an image, video, audio or sticker is sent as a document.
func kindOf(s properties, size int64, recorded bool, l limits) (interaction.MessageKind, string) {
	accept := func(kind string, mime string) bool { return l.accept(kind, mime, size, s.animated) }
	switch mime := s.mime; {
	case mime == "image/webp":
		if s.width == stickerSide && s.height == stickerSide && accept("sticker", mime) {
			return interaction.KindSticker, mime
		}
	case strings.HasPrefix(mime, "image/"):
		if s.decodable() && (mime != "image/png" || isTrueColour(s.head)) && accept("image", mime) {
			return interaction.KindImage, mime
		}
	case recorded && (mime == "video/mp4" || mime == "video/3gpp"): // Safari records audio into a video container
		if accept("audio", "audio/mp4") {
			return interaction.KindAudio, "audio/mp4"
		}
	case strings.HasPrefix(mime, "video/"):
		if accept("video", mime) {
			return interaction.KindVideo, mime
		}
	case s.opusChannels() > 0:
		mono := s.opusChannels() == 1 && accept("audio", "audio/ogg")
		if mono && recorded && l.voiceNotes() {
			return interaction.KindVoice, voice.MimeType
		}
		if mono {
			return interaction.KindAudio, voice.MimeType
		}
		return interaction.KindDocument, voice.MimeType
	case strings.HasPrefix(mime, "audio/") && mime != "audio/ogg": // without Opus, Ogg is not accepted
		if accept("audio", mime) {
			return interaction.KindAudio, mime
		}
	case strings.HasPrefix(mime, "text/"):
		return interaction.KindDocument, "text/plain" // the only text type accepted
	}
	return interaction.KindDocument, s.mime
}

// voiceNotes reports whether every provider can send a recording as a voice note.
func (l limits) voiceNotes() bool {
	return !slices.ContainsFunc(l.providers, func(c account.Capabilities) bool { return !c.VoiceNotes })
}

// isTrueColour reports whether a PNG has 8 bits per channel, RGB or RGBA. Meta refuses others.
func isTrueColour(head []byte) bool {
	const depth, colour = 24, 25
	return len(head) > colour && head[depth] == 8 && (head[colour] == 2 || head[colour] == 6)
}
