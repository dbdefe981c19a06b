package meta_test

import (
	"encoding/hex"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/channels/whatsapp/meta"
)

const (
	secret    = "app-secret-1"
	body      = `{"object":"whatsapp_business_account","entry":[]}`
	signature = "sha256=0ca28c0f1996234eb6829e59ad3c11a18161f6eb043943d601e420c312432cdf"
)

func signed(values ...string) http.Header {
	return http.Header{meta.SignatureHeader: values}
}

// verify verifies a request to an account with this app secret.
func verify(secret string, header http.Header, raw []byte) error {
	p := provider()
	a := channels.NewAccount("acc-1", p.Declaration(), settings, map[string]string{meta.AppSecret: secret})
	return p.Verify(channels.Request{Method: http.MethodPost, Header: header, Body: raw}, a)
}

func TestARightSignatureIsAccepted(t *testing.T) {
	require.NoError(t, verify(secret, signed(signature), []byte(body)))
	require.Equal(t, signature, meta.Sign(secret, []byte(body)))
}

func TestAForgedSignatureIsRefused(t *testing.T) {
	sha1 := "sha1=" + signature[len("sha256="):]
	for name, c := range map[string]struct {
		secret string
		header http.Header
		body   string
	}{
		"the signature is missing":              {secret, http.Header{}, body},
		"the signature is empty":                {secret, signed(""), body},
		"the signature is truncated":            {secret, signed(signature[:len(signature)-2]), body},
		"the signature is too long":             {secret, signed(signature + "00"), body},
		"the signature names no algorithm":      {secret, signed(signature[7:]), body},
		"the signature names another algorithm": {secret, signed(sha1), body},
		"the secret is another account's":       {"app-secret-2", signed(signature), body},
		"the body is a different one":           {secret, signed(signature), body + " "},
		"the signature is not hex":              {secret, signed("sha256=" + strings.Repeat("z", 64)), body},
		"there are two signatures":              {secret, signed(signature, signature), body},
		"the secret is empty":                   {"", signed(meta.Sign("", []byte(body))), body},
		"the signature is all zeros":            {secret, signed("sha256=" + hex.EncodeToString(make([]byte, 32))), body},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, verify(c.secret, c.header, []byte(c.body)), channels.ErrSignature)
		})
	}
}

func TestTenThousandMutatedRequestsAreRefused(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		b, s := []byte(body), []byte(signature)
		if random.IntN(2) == 0 {
			b[random.IntN(len(b))] ^= byte(1 + random.IntN(255))
		} else {
			s[7+random.IntN(len(s)-7)] ^= byte(1 + random.IntN(31)) // stays another character, never another case of it
		}
		require.Error(t, verify(secret, signed(string(s)), b))
	}
}
