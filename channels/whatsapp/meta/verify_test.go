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

func TestARightSignatureIsAccepted(t *testing.T) {
	require.NoError(t, provider().Verify(secret, signed(signature), []byte(body)))
	require.Equal(t, signature, meta.Sign(secret, []byte(body)))
}

func TestAForgedSignatureIsRefused(t *testing.T) { // S40
	sha1 := "sha1=" + signature[len("sha256="):]
	for name, c := range map[string]struct {
		secret string
		header http.Header
		body   string
	}{
		"missing":             {secret, http.Header{}, body},
		"empty":               {secret, signed(""), body},
		"truncated":           {secret, signed(signature[:len(signature)-2]), body},
		"too long":            {secret, signed(signature + "00"), body},
		"no algorithm":        {secret, signed(signature[7:]), body},
		"other algorithm":     {secret, signed(sha1), body},
		"other account's":     {"app-secret-2", signed(signature), body},
		"other body":          {secret, signed(signature), body + " "},
		"no hex":              {secret, signed("sha256=" + strings.Repeat("z", 64)), body},
		"two headers":         {secret, signed(signature, signature), body},
		"empty secret's own":  {"", signed(meta.Sign("", []byte(body))), body},
		"the body's own hash": {secret, signed("sha256=" + hex.EncodeToString(make([]byte, 32))), body},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, provider().Verify(c.secret, c.header, []byte(c.body)), channels.ErrSignature)
		})
	}
}

func TestTenThousandMutatedRequestsAreRefused(t *testing.T) { // S40
	p := provider()
	random := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		b, s := []byte(body), []byte(signature)
		if random.IntN(2) == 0 {
			b[random.IntN(len(b))] ^= byte(1 + random.IntN(255))
		} else {
			s[7+random.IntN(len(s)-7)] ^= byte(1 + random.IntN(31)) // stays another character, never another case of it
		}
		require.Error(t, p.Verify(secret, signed(string(s)), b))
	}
}
