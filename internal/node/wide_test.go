package node_test

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/eventstore/storetest"
	"parley/internal/devpg"
	"parley/internal/node"
)

func TestPositionsCanBeWideAndUnevenAsOnACluster(t *testing.T) {
	database := devpg.TestDatabase(t)
	conn, err := pgx.Connect(t.Context(), database)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), `DO $$ BEGIN
		EXECUTE format('ALTER DATABASE %I SET eventlog.positions = wide', current_database()); END $$`)
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
	client := storetest.Connect(t, startNode(t, node.Config{Insecure: true, DatabaseURL: database}).URL())

	var positions []uint64
	for range 4 {
		positions = append(positions, appendOne(t, client, "wide-1").CommitPosition)
	}
	require.Greater(t, positions[0], uint64(1000))
	require.Greater(t, positions[1], positions[0]+100)
	require.NotEqual(t, positions[2]-positions[1], positions[3]-positions[2])

	_, err = client.SubscribeToAll(withTimeout(t), esdb.SubscribeToAllOptions{
		From: esdb.Position{Commit: positions[1] + 1, Prepare: positions[1] + 1},
	})
	require.ErrorContains(t, err, "invalid position", "there is no event")
	sub := subscribeAll(t, client, esdb.Position{Commit: positions[1], Prepare: positions[1]})
	require.Equal(t, positions[2], nextEvent(t, sub).Position.Commit)

	filtered, err := client.SubscribeToAll(withTimeout(t), esdb.SubscribeToAllOptions{
		From: esdb.Start{}, MaxSearchWindow: 1, CheckpointInterval: 1,
		Filter: &esdb.SubscriptionFilter{Type: esdb.EventFilterType, Prefixes: []string{"none"}},
	})
	require.NoError(t, err)
	defer filtered.Close()
	for {
		e := filtered.Recv()
		require.Nil(t, e.CaughtUp, "no checkpoint came without a prepare position, as some of a cluster's do")
		if e.CheckPointReached != nil && e.CheckPointReached.Prepare == 0 {
			require.Contains(t, positions, e.CheckPointReached.Commit)
			return
		}
	}
}
