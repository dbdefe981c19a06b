package files_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/gif"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	member = 4 << 20 // bytes of zeros, packed once
	times  = 64
)

// gzipBomb repeats one packed file many times; readers take it for a single one.
func gzipBomb(t *testing.T) []byte {
	return bytes.Repeat(encoded(t, func(b *bytes.Buffer) error {
		w := gzip.NewWriter(b)
		_, err := w.Write(make([]byte, member))
		require.NoError(t, err)
		return w.Close()
	}), times)
}

func zipBomb(t *testing.T) []byte {
	packed := encoded(t, func(b *bytes.Buffer) error {
		w, err := flate.NewWriter(b, flate.DefaultCompression)
		require.NoError(t, err)
		_, err = w.Write(make([]byte, member))
		require.NoError(t, err)
		return w.Close()
	})
	return encoded(t, func(b *bytes.Buffer) error {
		w := zip.NewWriter(b)
		for i := range times {
			f, err := w.CreateRaw(&zip.FileHeader{
				Name: fmt.Sprint("word/", i), Method: zip.Deflate,
				CompressedSize64: uint64(len(packed)), UncompressedSize64: member,
			})
			require.NoError(t, err)
			_, err = f.Write(packed)
			require.NoError(t, err)
		}
		return w.Close()
	})
}

// pngBomb claims as many pixels as it contains zeros, packed a thousandfold.
func pngBomb(t *testing.T) []byte {
	b := pngOf(t, 16_384, 16_384)
	packed := gzipBomb(t)
	chunk := append([]byte("IDAT"), packed...)
	b = binary.BigEndian.AppendUint32(b[:33], uint32(len(packed)))
	b = append(b, chunk...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(chunk))
}

// gifBomb contains as many frames as the size limit allows.
func gifBomb(t *testing.T) []byte {
	b := encoded(t, func(b *bytes.Buffer) error { return gif.Encode(b, dot, nil) })
	const header = 13 + 256*3 // including the colour table
	frame := b[header : len(b)-1]
	return append(b[:len(b)-1], append(bytes.Repeat(frame, (limit-len(b))/len(frame)), b[len(b)-1])...)
}

// recordingBomb is a recording whose only block claims 2⁵⁶ bytes.
func recordingBomb(*testing.T) []byte {
	return []byte("\x1aE\xdf\xa3\x84B\x86\x81\x01\x18S\x80g\x01\xff\xff\xff\xff\xff\xff\xff\x16T\xaek\x01\xff\xff\xff\xff\xff\xff\xfe")
}

func TestNoUploadIsEverUnpacked(t *testing.T) {
	h := open(t)
	for what, c := range map[string]struct {
		content []byte
		headers []string
		status  int
	}{
		"a gzip file":            {gzipBomb(t), nil, 201},
		"a zip file":             {zipBomb(t), nil, 201},
		"a PNG":                  {pngBomb(t), nil, 201},
		"a GIF with many frames": {gifBomb(t), nil, 201},
		"a WebP of 268 megapixels": {append([]byte("RIFF\x32\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00"+
			"\xff\x3f\x00\xff\x3f\x00"), make([]byte, 40)...), nil, 201},
		"a recording that claims 2⁵⁶ bytes": {recordingBomb(t), []string{"X-Voice", "true"}, 400},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		up := h.attach(c.content, c.headers...)
		require.Equal(t, c.status, up.Status, "%s: %s", what, up.Message)
		resp, body := h.receive(c.content, "x").get("msg_" + incoming)
		runtime.ReadMemStats(&after)
		require.Equal(t, 200, resp.StatusCode, what)
		require.Equal(t, c.content, body, what)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20),
			"%s: allocated for %d bytes of input", what, len(c.content))
		if what != "a GIF with many frames" {
			require.Contains(t, resp.Header.Get("Content-Disposition"), "attachment", what)
		}
	}
}
