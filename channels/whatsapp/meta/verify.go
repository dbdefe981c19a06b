package meta

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"parley/channels"
)

// SignatureHeader holds "sha256=" and the HMAC-SHA256 of the body under the app secret, in hex.
const SignatureHeader = "X-Hub-Signature-256"

// Verify checks the signature of the raw body, in constant time.
func (*Meta) Verify(req channels.Request, a channels.Account) error {
	secret := a.Secret(AppSecret)
	values := req.Header.Values(SignatureHeader)
	if secret == "" || len(values) != 1 {
		return channels.ErrSignature
	}
	hexDigest, ok := strings.CutPrefix(values[0], "sha256=")
	if !ok || len(hexDigest) != hex.EncodedLen(sha256.Size) {
		return channels.ErrSignature
	}
	claimed, err := hex.DecodeString(hexDigest)
	if err != nil || !hmac.Equal(claimed, digest(secret, req.Body)) {
		return channels.ErrSignature
	}
	return nil
}

// Sign returns the value of SignatureHeader for a body.
func Sign(secret string, raw []byte) string {
	return "sha256=" + hex.EncodeToString(digest(secret, raw))
}

func digest(secret string, raw []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(raw)
	return mac.Sum(nil)
}
