package webhook

import (
	"crypto/sha256"
	"crypto/subtle"
	"io"
	"net/http"
)

// handshake answers the provider's question whether this address is ours: the challenge comes back when the token is right.
func (h *Handler) handshake(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	_, token, known, err := h.Accounts.Secrets(r.Context(), r.PathValue("accountId"))
	if err != nil {
		again(w)
		return
	}
	challenge := q.Get("hub.challenge")
	right := same(token, q.Get("hub.verify_token")) && known && token != ""
	if !right || q.Get("hub.mode") != "subscribe" || len(challenge) > 1024 {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, challenge)
}

// same compares in a time that tells nothing about where, or in how many characters, the two differ.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
