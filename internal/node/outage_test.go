package node_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/eventstore/storetest"
	"parley/internal/devpg"
	"parley/internal/node"
	"parley/internal/testwait"
)

// patientURL makes the client search for a missing node longer than by default.
func patientURL(n *node.Node) string {
	return n.URL() + "&maxDiscoverAttempts=1000&discoveryInterval=50"
}

func TestTheNodeSurvivesARestartOfPostgres(t *testing.T) {
	dir, err := os.MkdirTemp("", "parley-outage-")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	start := func() *devpg.Server {
		server, err := devpg.Start(t.Context(), devpg.Config{Dir: dir})
		require.NoError(t, err)
		return server
	}
	postgres := start()
	defer func() { _ = postgres.Stop() }()
	n := startNode(t, node.Config{Insecure: true, DatabaseURL: postgres.URL("postgres")})
	client := storetest.Connect(t, patientURL(n))
	sub := subscribeAll(t, client, esdb.Start{})
	appendOne(t, client, "outage-1")
	require.EqualValues(t, 0, nextEvent(t, sub).EventNumber)

	require.NoError(t, postgres.Stop())
	_, err = client.AppendToStream(withTimeout(t), "outage-1", esdb.AppendToStreamOptions{}, event())
	var known *esdb.Error
	require.ErrorAs(t, err, &known)
	require.Equal(t, esdb.ErrorUnavailable, known.Code())
	_, err = readOne(t, client, "outage-1")
	require.ErrorAs(t, err, &known)
	require.Equal(t, esdb.ErrorUnavailable, known.Code())

	postgres = start()
	retried := event()
	require.Eventually(t, func() bool {
		_, err := client.AppendToStream(withTimeout(t), "outage-1",
			esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(0)}, retried)
		return err == nil
	}, testwait.Limit, 10*time.Millisecond)

	require.EqualValues(t, 1, nextEvent(t, sub).EventNumber, "the subscription resumes")
	found, err := readOne(t, client, "outage-1")
	require.NoError(t, err)
	require.Equal(t, retried.EventID, found.OriginalEvent().EventID)
}

func readOne(t *testing.T, client *esdb.Client, stream string) (*esdb.ResolvedEvent, error) {
	t.Helper()
	reading, err := client.ReadStream(withTimeout(t), stream, esdb.ReadStreamOptions{Direction: esdb.Backwards,
		From: esdb.End{}}, 1)
	if err != nil {
		return nil, err
	}
	defer reading.Close()
	return reading.Recv()
}

func TestTheNodeRecoversFromKilledConnections(t *testing.T) {
	database := devpg.TestDatabase(t)
	client := storetest.Connect(t, patientURL(startNode(t, node.Config{Insecure: true, DatabaseURL: database})))
	sub := subscribeAll(t, client, esdb.Start{})
	conn, err := pgx.Connect(t.Context(), database)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	for i := range uint64(5) {
		appendOne(t, client, "killed-1")
		require.Equal(t, i, nextEvent(t, sub).EventNumber)
		_, err := readOne(t, client, "killed-1")
		require.NoError(t, err)
		_, err = conn.Exec(t.Context(), `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		require.NoError(t, err)
	}
}

// Whatever happens between a commit and its reply, sending the same append again must not write twice.
func TestAppendsRetriedThroughOutagesAreWrittenOnce(t *testing.T) {
	database := devpg.TestDatabase(t)
	n := startNode(t, node.Config{Insecure: true, DatabaseURL: database})
	conn, err := pgx.Connect(t.Context(), database)
	require.NoError(t, err)
	defer conn.Close(t.Context())

	const writers, each = 8, 150
	written := make(chan struct{}, writers*each)
	var group sync.WaitGroup
	for w := range writers {
		client := storetest.Connect(t, patientURL(n))
		group.Go(func() {
			stream := fmt.Sprintf("retried-%d", w)
			var expected esdb.ExpectedRevision = esdb.NoStream{}
			for i := range uint64(each) {
				e, err := event(), error(nil)
				for {
					if _, err = client.AppendToStream(t.Context(), stream,
						esdb.AppendToStreamOptions{ExpectedRevision: expected}, e); err == nil {
						break
					}
					if known := new(esdb.Error); t.Context().Err() != nil || errors.As(err, &known) &&
						known.Code() == esdb.ErrorCodeWrongExpectedVersion {
						t.Errorf("append %d: %v", i, err)
						return
					}
				}
				expected = esdb.Revision(i)
				written <- struct{}{}
			}
		})
	}
	for finished := 0; finished < writers*each; finished++ {
		select {
		case <-written:
		case <-time.After(testwait.Limit):
			require.FailNow(t, "the writers make no progress")
		}
		if finished%20 > 0 {
			continue
		}
		_, err := conn.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		require.NoError(t, err)
	}
	group.Wait()

	sub := subscribeAll(t, storetest.Connect(t, n.URL()), esdb.Start{})
	revisions, ids := map[string]uint64{}, map[uuid.UUID]bool{}
	for last := uint64(0); len(ids) < writers*each; {
		e := nextEvent(t, sub)
		require.Greater(t, e.Position.Commit, last)
		last = e.Position.Commit
		require.Equal(t, revisions[e.StreamID], e.EventNumber)
		revisions[e.StreamID]++
		require.False(t, ids[e.EventID])
		ids[e.EventID] = true
	}
}

func TestAConsumerContinuesFromTheCheckpointAfterARestart(t *testing.T) {
	database := devpg.TestDatabase(t)
	first := startNode(t, node.Config{Insecure: true, DatabaseURL: database})
	client := storetest.Connect(t, first.URL())
	for range 4 {
		appendOne(t, client, "worked-1")
	}
	require.NoError(t, client.CreatePersistentSubscription(withTimeout(t), "worked-1", "workers",
		esdb.PersistentStreamSubscriptionOptions{StartFrom: esdb.Start{}}))
	sub, err := client.SubscribeToPersistentSubscription(withTimeout(t), "worked-1", "workers",
		esdb.SubscribeToPersistentSubscriptionOptions{BufferSize: 1})
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, sub.Ack(sub.Recv().EventAppeared.Event))
	}
	require.EqualValues(t, 2, sub.Recv().EventAppeared.Event.OriginalEvent().EventNumber)
	first.Stop()

	client = storetest.Connect(t, startNode(t, node.Config{Insecure: true, DatabaseURL: database}).URL())
	sub, err = client.SubscribeToPersistentSubscription(withTimeout(t), "worked-1", "workers",
		esdb.SubscribeToPersistentSubscriptionOptions{})
	require.NoError(t, err)
	require.EqualValues(t, 2, sub.Recv().EventAppeared.Event.OriginalEvent().EventNumber)
}

func TestOnlyOneNodeAtATimeRunsAGroup(t *testing.T) {
	database := devpg.TestDatabase(t)
	here := startNode(t, node.Config{Insecure: true, DatabaseURL: database})
	client := storetest.Connect(t, here.URL())
	other := storetest.Connect(t, patientURL(startNode(t, node.Config{Insecure: true, DatabaseURL: database})))
	require.NoError(t, client.CreatePersistentSubscription(withTimeout(t), "shared-1", "workers",
		esdb.PersistentStreamSubscriptionOptions{}))
	_, err := client.SubscribeToPersistentSubscription(withTimeout(t), "shared-1", "workers",
		esdb.SubscribeToPersistentSubscriptionOptions{})
	require.NoError(t, err)

	_, err = other.SubscribeToPersistentSubscription(withTimeout(t), "shared-1", "workers",
		esdb.SubscribeToPersistentSubscriptionOptions{})
	var known *esdb.Error
	require.ErrorAs(t, err, &known)
	require.Equal(t, esdb.ErrorUnavailable, known.Code())
	here.Stop()
	_, err = other.SubscribeToPersistentSubscription(withTimeout(t), "shared-1", "workers",
		esdb.SubscribeToPersistentSubscriptionOptions{})
	require.NoError(t, err)
}

func TestASubscriberContinuesFromItsPositionAfterARestart(t *testing.T) {
	database := devpg.TestDatabase(t)
	first := startNode(t, node.Config{Insecure: true, DatabaseURL: database})
	client := storetest.Connect(t, patientURL(first))
	appendOne(t, client, "restart-1")
	sub := subscribeAll(t, client, esdb.Start{})
	seen := nextEvent(t, sub)

	first.Stop()
	for sub.Recv().SubscriptionDropped == nil {
	}
	require.NoError(t, first.Wait())

	second := startNode(t, node.Config{Insecure: true, DatabaseURL: database, Listen: first.Addr()})
	require.Equal(t, first.Addr(), second.Addr())
	require.Eventually(t, func() bool {
		_, err := client.AppendToStream(withTimeout(t), "restart-1", esdb.AppendToStreamOptions{}, event())
		return err == nil
	}, testwait.Limit, 10*time.Millisecond)
	sub = subscribeAll(t, client, seen.Position)
	require.EqualValues(t, seen.EventNumber+1, nextEvent(t, sub).EventNumber)
}

func TestStopAnswersAcceptedAppends(t *testing.T) {
	n := startNode(t, node.Config{Insecure: true, DatabaseURL: devpg.TestDatabase(t)})
	client := storetest.Connect(t, n.URL())
	appendOne(t, client, "stop-1")
	answers := make(chan error, 50)
	for range cap(answers) {
		go func() {
			ctx, cancel := context.WithTimeout(t.Context(), testwait.Limit)
			defer cancel()
			_, err := client.AppendToStream(ctx, "stop-1", esdb.AppendToStreamOptions{}, event())
			answers <- err
		}()
	}
	require.NoError(t, <-answers)
	n.Stop()
	for range cap(answers) - 1 {
		<-answers // written or refused, but never left waiting
	}
}
