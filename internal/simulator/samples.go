package simulator

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
)

// AddSample stores a generated image, voice note or document. kind is image, voice or document.
func (s *Simulator) AddSample(kind string) (string, error) {
	switch kind {
	case "image":
		return s.AddMedium("image/jpeg", "picture.jpg", picture()), nil
	case "voice":
		return s.AddMedium("audio/ogg; codecs=opus", "voice.ogg", voice(3)), nil
	case "document":
		return s.AddMedium("application/pdf", "invoice.pdf", document()), nil
	}
	return "", ErrNoMedia
}

// picture returns a landscape of hills in random colours.
func picture() []byte {
	const width, height = 480, 320
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	hue, shift := rand.IntN(120), rand.IntN(200)
	for y := range height {
		for x := range width {
			img.Set(x, y, color.RGBA{uint8(90 + hue), uint8(150 + y/4), uint8(235 - y/3), 255})
			for hill := range 3 {
				if y > 150+50*hill-triangle(x+shift+130*hill, 260)/3 {
					img.Set(x, y, color.RGBA{uint8(40 + hue/2), uint8(130 - 30*hill), uint8(90 - 20*hill), 255})
				}
			}
		}
	}
	var out bytes.Buffer
	_ = jpeg.Encode(&out, img, &jpeg.Options{Quality: 85})
	return out.Bytes()
}

// triangle rises and falls between 0 and half the period.
func triangle(x, period int) int {
	x %= period
	return min(x, period-x)
}

// voice returns an Ogg file with the given seconds of Opus silence: two header packets, then 20 ms frames, 50
// to a page.
func voice(seconds int) []byte {
	var out bytes.Buffer
	head := append([]byte("OpusHead"), 1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0)
	tags := append([]byte("OpusTags"), 6, 0, 0, 0, 'P', 'a', 'r', 'l', 'e', 'y', 0, 0, 0, 0)
	oggPage(&out, 2, 0, 0, [][]byte{head})
	oggPage(&out, 0, 0, 1, [][]byte{tags})
	silence := []byte{0xf8, 0xff, 0xfe}
	for second := range seconds {
		var frames [][]byte
		for range 50 {
			frames = append(frames, silence)
		}
		flags := byte(0)
		if second == seconds-1 {
			flags = 4
		}
		oggPage(&out, flags, uint64(second+1)*48000, uint32(second+2), frames)
	}
	return out.Bytes()
}

func oggPage(out *bytes.Buffer, flags byte, granule uint64, sequence uint32, packets [][]byte) {
	page := append([]byte("OggS"), 0, flags)
	page = binary.LittleEndian.AppendUint64(page, granule)
	page = binary.LittleEndian.AppendUint32(page, 0x50415259)
	page = binary.LittleEndian.AppendUint32(page, sequence)
	page = append(page, 0, 0, 0, 0, byte(len(packets)))
	for _, p := range packets {
		page = append(page, byte(len(p)))
	}
	for _, p := range packets {
		page = append(page, p...)
	}
	binary.LittleEndian.PutUint32(page[22:], oggChecksum(page))
	out.Write(page)
}

// oggChecksum returns Ogg's CRC-32: polynomial 04c11db7, not reflected, no inversion.
func oggChecksum(page []byte) (crc uint32) {
	for _, b := range page {
		crc ^= uint32(b) << 24
		for range 8 {
			if crc&0x80000000 != 0 {
				crc = crc<<1 ^ 0x04c11db7
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}

// document returns a PDF of one page with one line.
func document() []byte {
	text := "BT /Body 24 Tf 72 740 Td (Invoice 2026/117) Tj ET"
	parts := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R " +
			"/Resources << /Font << /Body 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(text), text),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, p := range parts {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, p)
	}
	xref := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(parts)+1)
	for _, o := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(parts)+1, xref)
	return out.Bytes()
}
