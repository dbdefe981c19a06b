package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/faultynode"
	"parley/internal/process"
)

func TestTheProgramEndsAtOnceWithTheReasonWhyTheEventStoreRefusesIt(t *testing.T) {
	t.Parallel()
	front := faultynode.Start(t, startEventStore(t).Addr())
	front.Set(faultynode.DeniesAll, true)
	cfg := testConfig(t)
	for url, reason := range map[string]string{
		front.URL():              "EVENTSTORE_RIGHT_MISSING",
		"esdb://" + front.Addr(): "EVENTSTORE_WITHOUT_TLS",
	} {
		cfg.EventStoreURL = Secret(url)
		_, err := build(t.Context(), cfg, process.NewLog(new(logBook), "info"))
		require.ErrorContains(t, err, reason)
		require.NotContains(t, err.Error(), "Please try again")
	}
}
