package engine_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/eventstore"
	"parley/projections/engine"
)

func TestSkippedEventsStaySkippedInACopyOfTheLog(t *testing.T) {
	w, other := newWorld(t), newWorld(t)
	elsewhere, err := eventstore.Open(t.Context(), eventstore.Config{
		URL: other.node.URL(), Catalog: catalog().Streams("elsewhere"), Log: w.log,
	})
	require.NoError(t, err)
	t.Cleanup(elsewhere.Close)
	other.appendTo(elsewhere, "elsewhere-a", put{Thing: "cup"}) // gives the copy other positions

	c := w.config(boxes(nil), things())
	stop := w.run(c)
	w.append("a", put{Thing: "pen"})
	poison := w.append("a", put{Thing: "refused"})
	w.eventuallyStopped("boxes_v1")
	require.NoError(t, engine.Skip(t.Context(), c, "boxes_v1", poison.Commit, "it is broken", "op"))
	w.eventually("boxes_v1", w.append("a", put{Thing: "cup"}))
	before := w.rows(`SELECT id, things, last FROM app.boxes`)

	_, err = eventstore.Copy(t.Context(), w.store, other.store, nil)
	require.NoError(t, err)
	wanted, err := engine.Skipped(t.Context(), c)
	require.NoError(t, err)
	require.Equal(t, map[uint64]bool{poison.Commit: true}, wanted)
	moved := make(map[uint64]uint64)
	_, err = eventstore.Compare(t.Context(), w.store, other.store, eventstore.Compared{},
		func(here, there eventstore.Position) {
			if wanted[here.Commit] {
				moved[here.Commit] = there.Commit
			}
		})
	require.NoError(t, err)
	require.NotEqual(t, poison.Commit, moved[poison.Commit])

	there := c
	there.Store, there.LogID = other.store, "00000000-0000-4000-8000-000000000002"
	r, err := engine.Relocate(t.Context(), there, moved)
	require.NoError(t, err)
	require.Equal(t, before, w.rows(`SELECT id, things, last FROM app.boxes`), "the read models in service changed before the switch")
	stop()
	defer w.store.Close() // before the other world looks for what is left
	require.NoError(t, r.Switch(t.Context()))
	r.Close(t.Context())
	bound, err := engine.LogOf(t.Context(), w.db.Clear)
	require.NoError(t, err)
	require.Equal(t, there.LogID, bound)
	require.Equal(t, before, w.rows(`SELECT id, things, last FROM app.boxes`))
	require.Equal(t, []string{fmt.Sprintf("(boxes_v1,%d)", moved[poison.Commit])},
		w.rows(`SELECT name, commit_position FROM app_data.skips`))

	w.run(there)
	at := other.append("a", put{Thing: "mug"})
	w.eventually("boxes_v1", at)
	_, err = engine.Verify(t.Context(), there)
	require.NoError(t, err)
}
