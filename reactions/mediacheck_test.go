package reactions

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/blobs"
	"parley/projections/media"
)

func TestAFileIsComparedWithWhatTheProviderPromised(t *testing.T) {
	sum, other := sha256.Sum256([]byte("the picture")), sha256.Sum256([]byte("a page"))
	for _, c := range []struct {
		name   string
		job    media.Job
		found  string
		sum    []byte
		refuse bool
	}{
		{"the promised sum in base64 is accepted",
			media.Job{SHA256: base64.StdEncoding.EncodeToString(sum[:])}, "image/jpeg", sum[:], false},
		{"the promised sum in hex is accepted", media.Job{SHA256: hex.EncodeToString(sum[:])}, "image/jpeg", sum[:], false},
		{"another sum is refused",
			media.Job{MimeType: "image/jpeg", SHA256: base64.StdEncoding.EncodeToString(sum[:])}, "image/jpeg", other[:], true},
		{"a sum that is none promises nothing", media.Job{MimeType: "image/jpeg", SHA256: "AAAA"}, "image/jpeg", sum[:], false},
		{"a page in place of a picture is refused", media.Job{MimeType: "image/jpeg"}, "text/html; charset=utf-8", other[:], true},
		{"an error in JSON in place of a recording is refused",
			media.Job{MimeType: "audio/ogg; codecs=opus"}, "application/json", other[:], true},
		{"a picture of another format is accepted", media.Job{MimeType: "image/jpeg"}, "image/webp", sum[:], false},
		{"a recording in a container for films is accepted", media.Job{MimeType: "audio/mp4"}, "video/mp4", sum[:], false},
		{"a picture that no one recognises is accepted",
			media.Job{MimeType: "image/jpeg"}, "application/octet-stream", sum[:], false},
		{"a page in place of a document is refused",
			media.Job{MimeType: "application/pdf", FileName: "invoice.pdf"}, "text/html", other[:], true},
		{"a web page that the customer sent is accepted",
			media.Job{MimeType: "application/octet-stream", FileName: "Page.HTML"}, "text/html", sum[:], false},
		{"a document of another format is accepted", media.Job{MimeType: "application/pdf"}, "text/plain", sum[:], false},
		{"a file of no promised kind is accepted unless it is a page", media.Job{}, "text/plain", sum[:], false},
	} {
		err := checkFile(c.job, blobs.Blob{MimeType: c.found, SHA256: c.sum})
		require.Equal(t, c.refuse, err != nil, c.name)
	}
}
