package meta

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"parley/channels"
)

// SignatureHeader carries "sha256=" and the hex HMAC-SHA256 of the body under the app secret.
const SignatureHeader = "X-Hub-Signature-256"

// Verify checks the signature on the raw bytes, in constant time. An empty secret verifies nothing.
func (*Meta) Verify(secret string, header http.Header, raw []byte) error {
	values := header.Values(SignatureHeader)
	if secret == "" || len(values) != 1 {
		return channels.ErrSignature
	}
	hexDigest, ok := strings.CutPrefix(values[0], "sha256=")
	if !ok || len(hexDigest) != hex.EncodedLen(sha256.Size) {
		return channels.ErrSignature
	}
	claimed, err := hex.DecodeString(hexDigest)
	if err != nil || !hmac.Equal(claimed, digest(secret, raw)) {
		return channels.ErrSignature
	}
	return nil
}

// Sign is the value of SignatureHeader for a body.
func Sign(secret string, raw []byte) string {
	return "sha256=" + hex.EncodeToString(digest(secret, raw))
}

func digest(secret string, raw []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(raw)
	return mac.Sum(nil)
}
