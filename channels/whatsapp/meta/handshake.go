package meta

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"

	"parley/channels"
)

// handshake returns Meta's challenge when the verify token is the account's.
func handshake(req channels.Request, a channels.Account) channels.Response {
	q := req.URL.Query()
	token, challenge := a.Secret(VerifyToken), q.Get("hub.challenge")
	right := equal(token, q.Get("hub.verify_token")) && token != ""
	if !right || q.Get("hub.mode") != "subscribe" || len(challenge) > 1024 {
		return channels.Response{Status: http.StatusForbidden}
	}
	return channels.Response{ContentType: "text/plain; charset=utf-8", Body: challenge}
}

// equal compares two strings in a time that reveals neither where they differ nor how long they are.
func equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
