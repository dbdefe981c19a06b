package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
)

func TestASenderIsToldThatAnUnreadableMessageWasTaken(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	w.settle(t)
	held, err := w.p.db.Clear.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = held.Rollback(t.Context()) }()
	// readers can read it, but the projector cannot write
	_, err = held.Exec(t.Context(), "LOCK TABLE messages IN EXCLUSIVE MODE")
	require.NoError(t, err)

	input := vars{"commandId": newID(), "interactionId": id, "text": "At once"}
	send := func() answer { return anna.do(t, "sendMessage", "SendMessageInput", "message{id text}", input) }
	a := send()
	require.Equal(t, "NOT_READABLE_YET", a.code(), a.raw)
	require.Equal(t, "UNAVAILABLE", a.Errors[0].Extensions["kind"])
	require.Equal(t, true, a.Errors[0].Extensions["retryable"], "the screen repeats the command under the same id")

	require.NoError(t, held.Rollback(t.Context()))
	require.Eventually(t, func() bool { a = send(); return a.code() == "" }, patience, 10e6)
	require.Contains(t, a.raw, "At once")
	queued := 0
	for _, e := range w.events(t) {
		if m, ok := e.Event.(interaction.MessageQueued); ok && m.Content.Text == "At once" {
			queued++
		}
	}
	require.Equal(t, 1, queued, "a repeated command sends nothing again")
}
