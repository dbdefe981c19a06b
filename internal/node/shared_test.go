package node_test

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/eventstore/storetest"
	"parley/internal/devpg"
	"parley/internal/node"
)

// With PARLEY_LONG=1, 64 writers append a million events.
func TestTwoNodesOnOneDatabaseKeepOneLogWithoutGaps(t *testing.T) {
	database := devpg.TestDatabase(t)
	var clients []*esdb.Client
	for range 2 {
		clients = append(clients, storetest.Connect(t, startNode(t, node.Config{Insecure: true, DatabaseURL: database}).URL()))
	}
	writers, each := 6, 60
	if os.Getenv("PARLEY_LONG") == "1" {
		writers, each = 64, 15_625
	}
	subs := make([]*esdb.Subscription, len(clients))
	for i, client := range clients {
		var err error
		// without a time limit
		subs[i], err = client.SubscribeToAll(t.Context(), esdb.SubscribeToAllOptions{From: esdb.Start{}})
		require.NoError(t, err)
		t.Cleanup(func() { _ = subs[i].Close() })
	}

	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := range each {
				// Both nodes write to the same streams.
				stream := fmt.Sprintf("shared-%d", i%7)
				_, err := clients[w%2].AppendToStream(t.Context(), stream, esdb.AppendToStreamOptions{}, event())
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	read := make([]error, len(subs))
	for i, sub := range subs {
		group.Go(func() { read[i] = inOrder(sub, writers*each) })
	}
	group.Wait()
	require.NoError(t, errors.Join(read...))
}

// inOrder reads n events and returns an error if one is skipped, repeated or out of order.
func inOrder(sub *esdb.Subscription, n int) error {
	revisions, last := map[string]uint64{}, uint64(0)
	for seen := 0; seen < n; seen++ {
		got := sub.Recv()
		if got.SubscriptionDropped != nil {
			return fmt.Errorf("dropped at %d: %w", last, got.SubscriptionDropped.Error)
		}
		if got.EventAppeared == nil {
			seen--
			continue
		}
		e := got.EventAppeared.OriginalEvent()
		if e.Position.Commit <= last || e.EventNumber != revisions[e.StreamID] {
			return fmt.Errorf("got position %d and revision %d of %s, want more than %d, and %d", e.Position.Commit,
				e.EventNumber, e.StreamID, last, revisions[e.StreamID])
		}
		revisions[e.StreamID]++
		last = e.Position.Commit
	}
	return nil
}

func TestANodeFindsAnotherNodesAppendsWithoutANotification(t *testing.T) {
	database := devpg.TestDatabase(t)
	client := storetest.Connect(t, startNode(t, node.Config{Insecure: true, DatabaseURL: database}).URL())
	appendOne(t, client, "silent-1")
	sub := subscribeAll(t, client, esdb.End{})

	conn, err := pgx.Connect(t.Context(), database)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), `INSERT INTO eventlog.events
		SELECT position + 1, stream_id, revision + 1, gen_random_uuid(), now(), is_json, stream, type, data, metadata
		  FROM eventlog.events ORDER BY position DESC LIMIT 1`)
	require.NoError(t, err)
	require.EqualValues(t, 1, nextEvent(t, sub).EventNumber)
}
