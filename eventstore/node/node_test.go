package node_test

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/eventstore/node"
	"parley/eventstore/storetest"
	"parley/internal/devpg"
)

func TestNodeBehavesAsAnEventStore(t *testing.T) {
	storetest.Run(t, startNode(t, node.Config{DatabaseURL: devpg.TestDatabase(t)}).URL())
}

func TestClusterBehavesAsAnEventStore(t *testing.T) {
	if url := os.Getenv("EVENTSTORE_TEST_URL"); url != "" {
		storetest.Run(t, url)
	}
}

// startNode runs a node until the test ends.
func startNode(t testing.TB, cfg node.Config) *node.Node {
	t.Helper()
	cfg.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	n, err := node.Start(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(n.Stop)
	return n
}

func within(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func event() esdb.EventData {
	return esdb.EventData{EventID: uuid.New(), EventType: "Tested", ContentType: esdb.ContentTypeJson, Data: []byte(`{}`)}
}

func appendOne(t testing.TB, client *esdb.Client, stream string) *esdb.WriteResult {
	t.Helper()
	result, err := client.AppendToStream(within(t), stream, esdb.AppendToStreamOptions{}, event())
	require.NoError(t, err)
	return result
}

func subscribeAll(t testing.TB, client *esdb.Client, from esdb.AllPosition) *esdb.Subscription {
	t.Helper()
	sub, err := client.SubscribeToAll(within(t), esdb.SubscribeToAllOptions{From: from})
	require.NoError(t, err)
	t.Cleanup(func() { _ = sub.Close() })
	return sub
}

// nextEvent skips what is not an event; a dropped subscription fails the test.
func nextEvent(t testing.TB, sub *esdb.Subscription) *esdb.RecordedEvent {
	t.Helper()
	for {
		e := sub.Recv()
		if e.SubscriptionDropped != nil {
			require.NoError(t, e.SubscriptionDropped.Error)
		}
		if e.EventAppeared != nil {
			return e.EventAppeared.OriginalEvent()
		}
	}
}
