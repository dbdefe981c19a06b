package node

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/devpg"
	"parley/internal/testwait"
)

// The listener never polls in this test, so only notifications can tell it of new events.
func TestANodeIsNotifiedOfAnotherNodesAppends(t *testing.T) {
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	writing, err := Start(t.Context(), Config{Insecure: true, DatabaseURL: devpg.TestDatabase(t), Log: log})
	require.NoError(t, err)
	defer writing.Stop()
	ctx, cancel := context.WithCancel(t.Context())
	seen := newTail(0)
	listener := &notifier{config: writing.config, pages: writing.pages, tail: seen, health: writing.health, poll: time.Hour}
	ended := make(chan struct{})
	go func() { defer close(ended); listener.listen(ctx) }()
	defer func() { cancel(); <-ended }()

	for range 40 { // the listener may find the first when it connects, and no other
		event := proposed{id: uuid.New(), kind: "Tested", json: true, data: []byte(`{}`)}
		written, err := writing.writer.submit(ctx, &proposal{action: actionAppend, stream: "notified-1",
			expected: expectAny, events: []proposed{event}})
		require.NoError(t, err)
		for late := time.After(testwait.Limit); ; {
			head, grown := seen.watch()
			if head >= written.position {
				break
			}
			select {
			case <-grown:
			case <-late:
				require.FailNow(t, "no notification came")
			}
		}
	}
}
