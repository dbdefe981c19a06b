package node_test

import (
	"log/slog"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/eventstore/node"
	"parley/eventstore/storetest"
	"parley/internal/devpg"
)

// startNode runs a node on a database of the test's own.
func startNode(t *testing.T) *node.Node {
	t.Helper()
	n, err := node.Start(t.Context(), node.Config{DatabaseURL: devpg.TestDatabase(t), Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	require.NoError(t, err)
	t.Cleanup(n.Stop)
	return n
}

func TestNodeBehavesAsAnEventStore(t *testing.T) {
	storetest.Run(t, startNode(t).URL())
}

func TestClusterBehavesAsAnEventStore(t *testing.T) {
	if url := os.Getenv("EVENTSTORE_TEST_URL"); url != "" {
		storetest.Run(t, url)
	}
}
