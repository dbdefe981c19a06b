package reactions

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"

	"parley/internal/blobs"
	"parley/projections/media"
)

// errWrongFile says that the provider served something other than the customer's file, such as an error page.
var errWrongFile = errors.New("the provider served another file")

// checkFile compares a downloaded file with what the provider promised: with the SHA-256, or with the kind where no
// SHA-256 was promised.
func checkFile(job media.Job, file blobs.Blob) error {
	if promised, ok := promisedSum(job.SHA256); ok {
		if !bytes.Equal(promised, file.SHA256) {
			return errWrongFile
		}
		return nil
	}
	if !sameKind(job.MimeType, job.FileName, file.MimeType) {
		return errWrongFile
	}
	return nil
}

// promisedSum reads a SHA-256 in base64 or hex. Anything else promises nothing.
func promisedSum(written string) ([]byte, bool) {
	for _, decode := range []func(string) ([]byte, error){
		hex.DecodeString, base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
	} {
		if sum, err := decode(written); err == nil && len(sum) == sha256.Size {
			return sum, true
		}
	}
	return nil, false
}

// sameKind reports whether a file of the found type may be the promised one. It rejects only what is certainly
// something else: text in place of a picture, a recording or a video, and a web page in place of a document.
func sameKind(promised, name, found string) bool {
	promised, found = bareType(promised), bareType(found)
	switch kind, _, _ := strings.Cut(promised, "/"); kind {
	case "image", "video", "audio":
		return !strings.HasPrefix(found, "text/") && found != "application/json" && found != "application/pdf"
	}
	if found != "text/html" {
		return true
	}
	name = strings.ToLower(name)
	return strings.HasPrefix(promised, "text/") || strings.Contains(promised, "html") ||
		strings.HasSuffix(name, ".html") || strings.HasSuffix(name, ".htm")
}

// bareType returns a MIME type without its parameters.
func bareType(mimeType string) string {
	kind, _, _ := strings.Cut(mimeType, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}
