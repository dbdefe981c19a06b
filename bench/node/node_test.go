// Package node benchmarks the embedded event store through the official client, on a Postgres that syncs its
// commits.
package node

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/internal/devpg"
	"parley/internal/node"
)

func startNode(b *testing.B) *esdb.Client {
	b.Helper()
	dir, err := os.MkdirTemp("", "parley-bench-")
	require.NoError(b, err)
	b.Cleanup(func() { _ = os.RemoveAll(dir) })
	postgres, err := devpg.Start(b.Context(), devpg.Config{Dir: dir})
	require.NoError(b, err)
	b.Cleanup(func() { _ = postgres.Stop() })
	n, err := node.Start(b.Context(), node.Config{Insecure: true, DatabaseURL: postgres.URL("postgres"),
		Log: slog.New(slog.DiscardHandler)})
	require.NoError(b, err)
	b.Cleanup(n.Stop)
	config, err := esdb.ParseConnectionString(n.URL())
	require.NoError(b, err)
	config.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(config)
	require.NoError(b, err)
	b.Cleanup(func() { _ = client.Close() })
	return client
}

func event() esdb.EventData {
	return esdb.EventData{
		EventID: uuid.New(), EventType: "InteractionMessageReceived", ContentType: esdb.ContentTypeJson,
		Data:     []byte(`{"text":"` + strings.Repeat("x", 400) + `"}`),
		Metadata: []byte(`{"actor":"bench","commandId":"` + uuid.NewString() + `"}`),
	}
}

// BenchmarkNodeAppend128Writers appends single events from 128 writers, each to its own stream at the exact
// revision.
func BenchmarkNodeAppend128Writers(b *testing.B) {
	client := startNode(b)
	var remaining atomic.Int64
	remaining.Store(int64(b.N))
	var group sync.WaitGroup
	b.ResetTimer()
	for range 128 {
		group.Go(func() {
			stream := "interaction-" + uuid.NewString()
			var expected esdb.ExpectedRevision = esdb.NoStream{}
			for remaining.Add(-1) >= 0 {
				result, err := client.AppendToStream(b.Context(), stream,
					esdb.AppendToStreamOptions{ExpectedRevision: expected}, event())
				if err != nil {
					b.Error(err)
					return
				}
				expected = esdb.Revision(result.NextExpectedVersion)
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkNodeCatchUp reads the history through a subscription to the log.
func BenchmarkNodeCatchUp(b *testing.B) {
	client := startNode(b)
	for remaining := b.N; remaining > 0; remaining -= 500 {
		batch := make([]esdb.EventData, min(remaining, 500))
		for i := range batch {
			batch[i] = event()
		}
		_, err := client.AppendToStream(b.Context(), "interaction-"+uuid.NewString(),
			esdb.AppendToStreamOptions{}, batch...)
		require.NoError(b, err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	b.ResetTimer()
	sub, err := client.SubscribeToAll(ctx, esdb.SubscribeToAllOptions{From: esdb.Start{}})
	require.NoError(b, err)
	for seen := 0; seen < b.N; {
		e := sub.Recv()
		if e.SubscriptionDropped != nil {
			require.NoError(b, e.SubscriptionDropped.Error)
		}
		if e.EventAppeared != nil {
			seen++
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
