package node_test

import (
	"context"
	"log/slog"
	"os"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/eventstore/storetest"
	"parley/internal/devpg"
	"parley/internal/node"
	"parley/internal/testwait"
)

func TestTheNodePassesTheEventStoreSuite(t *testing.T) {
	storetest.Run(t, startNode(t, node.Config{Insecure: true, DatabaseURL: devpg.TestDatabase(t)}).URL())
}

func TestAClusterPassesTheEventStoreSuite(t *testing.T) {
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

func withTimeout(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), testwait.Limit)
	t.Cleanup(cancel)
	return ctx
}

func event() esdb.EventData {
	return esdb.EventData{EventID: uuid.New(), EventType: "Tested", ContentType: esdb.ContentTypeJson,
		Data: []byte(`{}`)}
}

func appendOne(t testing.TB, client *esdb.Client, stream string) *esdb.WriteResult {
	t.Helper()
	result, err := client.AppendToStream(withTimeout(t), stream, esdb.AppendToStreamOptions{}, event())
	require.NoError(t, err)
	return result
}

func subscribeAll(t testing.TB, client *esdb.Client, from esdb.AllPosition) *esdb.Subscription {
	t.Helper()
	sub, err := client.SubscribeToAll(withTimeout(t), esdb.SubscribeToAllOptions{From: from})
	require.NoError(t, err)
	t.Cleanup(func() { _ = sub.Close() })
	return sub
}

// nextEvent skips messages that are not events. A dropped subscription fails the test.
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
