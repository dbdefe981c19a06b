package files

import (
	"strings"

	"parley/domain/interaction"
	"parley/files/voice"
)

// What Meta takes of each kind, in bytes (media reference, "Supported media types").
const (
	maxImage           = 5 << 20
	maxSound           = 16 << 20 // audio and video
	maxSticker         = 100 << 10
	maxAnimatedSticker = 500 << 10
	stickerSide        = 512 // pixels
)

// kindOf says as what a file is sent, and its type as the provider wants to hear it. What is not taken as a picture, video,
// sound or sticker goes as a document.
func kindOf(s seen, size int64, recorded bool) (interaction.MessageKind, string) {
	mime := s.mime
	if s.opusChannels() > 0 {
		mime = voice.MimeType
	}
	switch mime {
	case "image/jpeg":
		if size <= maxImage && s.modest() {
			return interaction.KindImage, mime
		}
	case "image/png":
		if size <= maxImage && s.modest() && trueColour(s.head) {
			return interaction.KindImage, mime
		}
	case "image/webp":
		if s.width == stickerSide && s.height == stickerSide && size <= stickerLimit(s.animated) {
			return interaction.KindSticker, mime
		}
	case "video/mp4", "video/3gpp":
		if recorded && size <= maxSound { // what Safari records: sound alone, in a file made for both
			return interaction.KindAudio, "audio/mp4"
		}
		if size <= maxSound {
			return interaction.KindVideo, mime
		}
	case voice.MimeType:
		if recorded && s.opusChannels() == 1 && size <= maxSound {
			return interaction.KindVoice, mime
		}
		if s.opusChannels() == 1 && size <= maxSound {
			return interaction.KindAudio, mime
		}
	case "audio/aac", "audio/amr", "audio/mpeg", "audio/mp4":
		if size <= maxSound {
			return interaction.KindAudio, mime
		}
	}
	if strings.HasPrefix(mime, "text/") {
		mime = "text/plain" // the one kind of text that is taken
	}
	return interaction.KindDocument, mime
}

// trueColour says whether a PNG has 8 bits a channel, RGB or RGBA: the others are refused.
func trueColour(head []byte) bool {
	const depth, colour = 24, 25
	return len(head) > colour && head[depth] == 8 && (head[colour] == 2 || head[colour] == 6)
}

func stickerLimit(animated bool) int64 {
	if animated {
		return maxAnimatedSticker
	}
	return maxSticker
}
