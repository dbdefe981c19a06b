package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/channels/webhook"
	"parley/channels/whatsapp/meta"
)

func TestForgedDeliveriesAreRefusedAndStoreNothing(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	mine, other := w.accounts[0], w.accounts[1]
	body := textDelivery(mine, "393471112233", "Mallory", "wamid.forged", "Let me in", w.p.now())
	right := sign(mine.AppSecret, body)
	older := hmac.New(sha1.New, []byte(mine.AppSecret))
	older.Write(body)
	longer := hmac.New(sha512.New, []byte(mine.AppSecret))
	longer.Write(body)
	before := len(w.events(t))
	for name, signature := range map[string]string{
		"none": "", "wrong": sign("guess", body), "truncated": right[:len(right)-2], "extended": right + "00",
		"the scheme alone":   "sha256=",
		"without its scheme": strings.TrimPrefix(right, "sha256="), "another account's": sign(other.AppSecret, body),
		"SHA-1":                           "sha1=" + hex.EncodeToString(older.Sum(nil)),
		"SHA-512":                         "sha512=" + hex.EncodeToString(longer.Sum(nil)),
		"SHA-1 under the name of SHA-256": "sha256=" + hex.EncodeToString(older.Sum(nil)),
		"of another body":                 sign(mine.AppSecret, append(body, ' ')),
		"an empty secret's":               sign("", body),
	} {
		require.Equal(t, http.StatusUnauthorized, postWebhook(t, w.url+mine.WebhookPath, signature, body), name)
	}
	for _, path := range []string{webhook.Path(meta.Name, newID(), ""), webhook.Path(meta.Name, "x", ""), other.WebhookPath} {
		status := postWebhook(t, w.url+path, right, body)
		require.Contains(t, []int{http.StatusUnauthorized, http.StatusNotFound}, status, path)
	}
	huge := []byte(`{"object":"` + strings.Repeat("x", 4<<20) + `"}`)
	require.NotEqual(t, http.StatusOK, postWebhook(t, w.url+mine.WebhookPath, sign(mine.AppSecret, huge), huge))
	require.Equal(t, before, len(w.events(t)))
	require.Equal(t, http.StatusOK, postWebhook(t, w.url+mine.WebhookPath, right, body))
	require.Greater(t, len(w.events(t)), before)
}

func TestTheWebhookHandshakeRequiresTheToken(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	a := w.accounts[0]
	ask := func(path, token string) (int, string) {
		res, err := http.Get(w.url + path + "?hub.mode=subscribe&hub.challenge=12345&hub.verify_token=" + token)
		require.NoError(t, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return res.StatusCode, string(body)
	}
	status, body := ask(a.WebhookPath, a.VerifyToken)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "12345", body)
	for _, token := range []string{"", "x", a.VerifyToken[1:], w.accounts[1].VerifyToken} {
		status, body = ask(a.WebhookPath, token)
		require.Equal(t, http.StatusForbidden, status, token)
		require.NotContains(t, body, "12345")
	}
	status, _ = ask(webhook.Path(meta.Name, newID(), ""), "")
	require.Equal(t, http.StatusForbidden, status)
}

func TestCrossSiteRequestsAreRefused(t *testing.T) {
	t.Parallel()
	w := startWorld(t, "anna")
	anna := w.signIn(t, "anna", w.passwords["anna"])
	require.Equal(t, http.StatusOK, anna.ask(t, "{me{role}}", nil).status)
	mutation := `{"query":"mutation{signIn(input:{commandId:\"` + newID() + `\"}){presence{state}}}"}`
	form := "multipart/form-data; boundary=x"
	forged := []struct {
		name, path, kind, body string
		header                 http.Header
	}{
		{"a foreign origin header", "/graphql", "application/json", mutation, http.Header{"Origin": {"https://evil.example"}}},
		{"cross-site by fetch metadata", "/graphql", "application/json", mutation, http.Header{"Sec-Fetch-Site": {"cross-site"}}},
		{"same site, another host", "/graphql", "application/json", mutation,
			http.Header{"Sec-Fetch-Site": {"same-site"}, "Origin": {"http://other.127.0.0.1"}}},
		{"a null origin header", "/graphql", "application/json", mutation, http.Header{"Origin": {"null"}}},
		{"plain text form", "/graphql", "text/plain", mutation,
			http.Header{"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}}},
		{"a multipart form post", "/graphql", form, "--x\r\n\r\n" + mutation + "\r\n--x--", http.Header{"Origin": {"https://evil.example"}}},
		{"a cross-site upload", "/attachments", form, "--x\r\n\r\nx\r\n--x--", http.Header{"Origin": {"https://evil.example"}}},
		{"a password change", "/auth/password", "application/json", `{"current":"a","password":"b"}`,
			http.Header{"Origin": {"https://evil.example"}}},
	}
	before := len(w.events(t))
	for _, f := range forged {
		r, err := http.NewRequest(http.MethodPost, w.url+f.path, strings.NewReader(f.body))
		require.NoError(t, err)
		r.Header = anna.header.Clone()
		r.Header.Set("Content-Type", f.kind)
		for name, values := range f.header {
			r.Header[name] = values
		}
		res, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusForbidden, res.StatusCode, f.name)
	}
	require.Equal(t, before, len(w.events(t)))
	_, res, err := anna.dial(t, http.Header{"Origin": {"https://evil.example"}})
	require.Error(t, err)
	require.Equal(t, http.StatusForbidden, res.StatusCode, "a foreign page's socket, with a valid cookie")
	own, _, err := anna.dial(t, http.Header{"Origin": {w.url}})
	require.NoError(t, err)
	own.close()
}
