package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain/queue"
	"parley/internal/node"
	"parley/internal/process"
	"parley/internal/restore"
)

// startEventStore starts an event store of its own, as on another machine.
func startEventStore(t *testing.T) *node.Node {
	t.Helper()
	return startEventStoreOn(t, emptyDatabase(t))
}

// startEventStoreOn is startEventStore with the events of a database.
func startEventStoreOn(t *testing.T, database string) *node.Node {
	t.Helper()
	n, err := node.Start(context.Background(), node.Config{Insecure: true, DatabaseURL: database,
		Listen: "127.0.0.1:0", Log: process.NewLog(new(logBook), "warn")})
	require.NoError(t, err)
	t.Cleanup(n.Stop)
	return n
}

// savesQueue saves a queue and waits until it is shown.
func (p *program) savesQueue(t *testing.T, name string) {
	t.Helper()
	_, at, err := p.commands.SaveQueue(t.Context(), "", queue.Settings{Name: name, Strategy: queue.BeepAll,
		OfferTimeout: 30}, "", commands.SystemMetadata("test", commands.NewID()))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return p.listener.Await(t.Context(), at, "settings_v1") }, patience, time.Millisecond)
}

func TestTheProgramRefusesALogThatItsDatabaseWasNotFilledFrom(t *testing.T) {
	t.Parallel()
	here, there := startEventStore(t), startEventStore(t)
	cfg := testConfig(t)
	cfg.EventStoreURL = Secret(here.URL())
	o := &outside{settings: map[string]string{"DATABASE_URL": string(cfg.DatabaseURL), "PARLEY_DATA_DIR": cfg.DataDir}}
	operates := func(at *node.Node, args ...string) error {
		o.settings["EVENTSTORE_URL"] = at.URL()
		_, err := o.operates(t, args...)
		return err
	}
	p, err := build(t.Context(), cfg, process.NewLog(new(logBook), "info"))
	require.NoError(t, err)
	defer p.close()
	const queues = `SELECT count(*) FROM app.queues`
	ended := p.run(t.Context(), func(serving context.Context) error {
		p.savesQueue(t, "Bookings")
		err := operates(there, "projections", "list")
		require.ErrorContains(t, err, "parley move --to",
			"the refusal of an empty event store must name the way to move")
		require.NoError(t, operates(here, "events", "copy", here.URL(), there.URL()), "the refused start wrote to the log")
		err = operates(there, "migrate")
		require.ErrorContains(t, err, "LOG_MISMATCH", "a copy was accepted although it has other positions")
		require.ErrorContains(t, err, "parley move --to")
		require.NoError(t, operates(here, "projections", "list"), "the refused start changed the database")

		require.NoError(t, operates(there, "projections", "rebuild"))
		require.EqualValues(t, 1, value[int64](t, string(cfg.DatabaseURL), queues))
		<-serving.Done()
		return nil
	})
	require.ErrorIs(t, ended, restore.ErrMoved, "a process of the former log must end")
	require.ErrorContains(t, operates(here, "projections", "list"), "LOG_MISMATCH",
		"going back without a move was accepted")
	require.NoError(t, operates(there, "projections", "verify"))
}
