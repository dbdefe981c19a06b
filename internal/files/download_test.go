package files_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
)

// receive stores a file as the customer's message incoming.
func (h *house) receive(content []byte, name string) *house {
	h.t.Helper()
	b, err := h.store.Put(h.t.Context(), bytes.NewReader(content), 1<<30)
	require.NoError(h.t, err)
	h.project(
		interaction.MessageReceived{MessageID: incoming, Kind: interaction.KindDocument, At: noon,
			Content: interaction.Content{Media: &interaction.Media{ProviderID: "p", FileName: name}}},
		interaction.MediaStored{MessageID: incoming, BlobID: domain.BlobID(b.ID), Key: b.Key,
			MimeType: b.MimeType, Size: b.Size},
	)
	return h
}

func encoded(t *testing.T, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, encode(&b))
	return b.Bytes()
}

var dot = image.NewNRGBA(image.Rect(0, 0, 2, 2))

// pngOf returns a PNG that claims the given size.
func pngOf(t *testing.T, width, height uint32) []byte {
	t.Helper()
	b := encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, dot) })
	binary.BigEndian.PutUint32(b[16:], width)
	binary.BigEndian.PutUint32(b[20:], height)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func webpOf(t *testing.T, chunk string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(chunk)
	require.NoError(t, err)
	return b
}

const (
	svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`

	lossyDot    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA" // 1×1
	losslessDot = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="         // 1×1
)

func TestImagesAudioAndVideoAreShownAndOtherFilesSaved(t *testing.T) {
	h := open(t)
	mp4 := append([]byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"), make([]byte, 64)...)
	opusPage := append([]byte("\x01\x13OpusHead\x01\x01"), make([]byte, 40)...)
	opus := append([]byte("OggS\x00\x02"), append(make([]byte, 20), opusPage...)...)
	jpg := encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, dot, nil) })
	for what, c := range map[string]struct {
		content []byte
		inline  bool
		mime    string
	}{
		"a JPEG": {jpg, true, "image/jpeg"},
		"a PNG":  {pngOf(t, 2, 2), true, "image/png"},
		"a GIF": {encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, dot, nil) }),
			true, "image/gif"},
		"a lossy WebP":    {webpOf(t, lossyDot), true, "image/webp"},
		"a lossless WebP": {webpOf(t, losslessDot), true, "image/webp"},
		"an MP4":          {mp4, true, "video/mp4"},
		"a voice note":    {opus, true, "audio/ogg"},
		"an MP3": {bytes.Repeat(append([]byte{0xff, 0xfb, 0x90, 0x64}, make([]byte, 413)...), 3),
			true, "audio/mpeg"},
		"a JPEG with a script": {append(bytes.Clone(jpg), "<script>alert(1)</script>"...), true, "image/jpeg"},
		"a huge PNG":           {pngOf(t, 51_000, 1000), false, "image/png"},
		"a PNG without a size": {pngOf(t, 0, 9), false, "image/png"},
		"a truncated JPEG":     {jpg[:20], false, "image/jpeg"},
		"an SVG":               {[]byte(`<?xml version="1.0"?>` + svg), false, "application/octet-stream"},
		"a bare SVG":           {[]byte(svg), false, "application/octet-stream"},
		"an HTML page": {[]byte("<!doctype html><script>alert(1)</script>"), false,
			"application/octet-stream"},
		"an XHTML page": {[]byte(`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">` +
			`<script>alert(1)</script></html>`), false, "application/octet-stream"},
		"plain text":      {[]byte("just words"), false, "application/octet-stream"},
		"a PDF":           {[]byte("%PDF-1.7 x"), false, "application/pdf"},
		"arbitrary bytes": {[]byte{0, 1, 2, 3}, false, "application/octet-stream"},
	} {
		resp, body := h.receive(c.content, "x.png").get("msg_" + incoming)
		require.Equal(t, 200, resp.StatusCode, what)
		require.Equal(t, c.content, body, what)
		require.Equal(t, c.mime, resp.Header.Get("Content-Type"), what)
		how := "attachment"
		if c.inline {
			how = "inline"
		}
		require.Equal(t, how+`; filename="x.png"; filename*=UTF-8''x.png`,
			resp.Header.Get("Content-Disposition"), what)
		require.Equal(t, "sandbox; default-src 'none'", resp.Header.Get("Content-Security-Policy"))
		require.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
		require.Equal(t, "private, no-store", resp.Header.Get("Cache-Control"))
	}
}

func TestRangesOfAFileAreServed(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789"), 20_000)
	h := open(t).receive(content, "x")
	resp, body := h.get("msg_"+incoming, "Range", "bytes=131070-131079")
	require.Equal(t, 206, resp.StatusCode)
	require.Equal(t, content[131070:131080], body)
	require.Equal(t, "bytes 131070-131079/200000", resp.Header.Get("Content-Range"))
}

func TestAFileIsServedOnlyToThoseWhoMaySeeItsMessage(t *testing.T) {
	h := open(t).receive([]byte("%PDF-1.7 x"), "x.pdf")
	for _, id := range []string{
		"", incoming, "int_" + incoming, "msg_" + outgoing, "msg_../../etc/passwd", "msg_{" + incoming + "}",
	} {
		resp, _ := h.get(id)
		require.Equal(t, 404, resp.StatusCode, id)
	}
	require.Equal(t, 200, h.as(ben).status())
	revoked := ben
	revoked.Queues = nil
	require.Equal(t, 404, h.as(revoked).status(), "ben's queue was taken away")
	require.Equal(t, 404, h.as(cho).status())
	h.as(ada).project(interaction.MessageRevoked{MessageID: incoming})
	require.Equal(t, 404, h.status(), "the customer deleted it")
}

func (h *house) status() int {
	resp, _ := h.get("msg_" + incoming)
	return resp.StatusCode
}

func TestAFileIsServedOnlyWhileItIsStored(t *testing.T) {
	h := open(t)
	h.project(interaction.MessageReceived{MessageID: incoming, Kind: interaction.KindImage, At: noon,
		Content: interaction.Content{Media: &interaction.Media{ProviderID: "p"}}})
	require.Equal(t, 404, h.status())
	h = open(t).receive([]byte("x"), "x")
	h.project(interaction.MediaStored{MessageID: incoming, BlobID: domain.BlobID(outgoing),
		MimeType: "text/plain", Size: 1})
	require.Equal(t, 404, h.status(), "the file's key was destroyed")
	h.project(interaction.MediaStored{MessageID: incoming, BlobID: domain.BlobID(outgoing),
		Key:      make([]byte, 32),
		MimeType: "text/plain", Size: 1})
	require.Equal(t, 404, h.status(), "the file's bytes are gone")
}

func TestAMaskedViewerGetsTheFileWithAMaskedName(t *testing.T) {
	h := open(t).receive([]byte("%PDF-1.7 x"), "call 0151 2345678.pdf")
	resp, body := h.as(blind).get("msg_" + incoming)
	require.Equal(t, 200, resp.StatusCode)
	require.Equal(t, "%PDF-1.7 x", string(body))
	name := resp.Header.Get("Content-Disposition")
	require.NotContains(t, name, "2345678")
	require.Contains(t, name, "call")
	clear, _ := h.as(auditor).get("msg_" + incoming)
	require.Contains(t, clear.Header.Get("Content-Disposition"), "2345678")
}

func TestCustomersFileNamesCannotInjectHeaders(t *testing.T) {
	h := open(t).receive([]byte("%PDF-1.7 x"), "../\u202Eä\"; x=\"y\r\n.pdf")
	resp, _ := h.get("msg_" + incoming)
	require.Equal(t, `attachment; filename="__; x=_y.pdf"; filename*=UTF-8''%C3%A4_%3B%20x%3D_y.pdf`,
		resp.Header.Get("Content-Disposition"))
}

func TestAFileWeSentIsServedFromTheUpload(t *testing.T) {
	h := open(t)
	up := h.attach([]byte("%PDF-1.7 x"), "X-File-Name", "offer.pdf")
	kind, media, err := h.uploads.Find(t.Context(), "ada", up.ID)
	require.NoError(t, err)
	h.project(interaction.MessageQueued{MessageID: outgoing, Author: interaction.AuthorAgent, By: "ada",
		Kind:    kind,
		Content: interaction.Content{Text: "here", Media: &media}, At: noon})
	resp, body := h.get("msg_" + outgoing)
	require.Equal(t, 200, resp.StatusCode)
	require.Equal(t, "%PDF-1.7 x", string(body))
	require.Contains(t, resp.Header.Get("Content-Disposition"), `filename="offer.pdf"`)
}
