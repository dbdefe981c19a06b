package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/eventstore"
	"parley/internal/faultynode"
)

func TestReadModelsShowAnEventThatCameBehindACheckpoint(t *testing.T) {
	w := newWorld(t)
	front := faultynode.Start(t, w.node.Addr())
	front.Set(faultynode.EarlyCheckpoints, true)
	s, err := eventstore.Open(t.Context(), eventstore.Config{URL: front.URL(), Catalog: catalog(), Log: w.log})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	c := w.config(things())
	c.Store = s
	w.run(c)
	for range 3 {
		w.eventually("things_v1", w.append("a", put{Thing: "pen"}))
	}
	require.Eventually(t, func() bool {
		rows := w.rows(`SELECT * FROM app.things`)
		return len(rows) == 1 && rows[0] == "(pen,a,3)"
	}, timeout, 10e6, "an event that came too late is not shown, or shown twice")
	require.Positive(t, s.Late())
}
