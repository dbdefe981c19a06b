package main

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/demo"
	"parley/internal/simulator"
)

func TestTheSimulatedPhonesShowTheDemosHistory(t *testing.T) {
	sim := simulator.New(simulator.Config{People: people(), Log: slog.New(slog.DiscardHandler)})
	defer sim.Close()
	digits := demo.Phones()[0].Digits
	at := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	sim.Recall(chats([]demo.Message{
		{ID: "wamid.1", PhoneNumberID: "1001", Digits: digits, FromCustomer: true, Text: "Hello", At: at},
		{ID: "wamid.2", PhoneNumberID: "1001", Digits: digits, Text: "Good morning", State: "read", Thumb: true, At: at.Add(time.Minute)},
	}))
	require.Equal(t, []simulator.Message{
		{ID: "wamid.1", Number: "1001", Phone: digits, FromCustomer: true, Kind: "text", Text: "Hello", State: "sent", At: at},
		{ID: "wamid.2", Number: "1001", Phone: digits, Kind: "text", Text: "Good morning", State: "read",
			At: at.Add(time.Minute), Reactions: map[string]string{"customer": "👍"}},
	}, sim.Messages())
	require.Contains(t, phoneIDs(sim), digits)
}

func phoneIDs(sim *simulator.Simulator) (ids []string) {
	for _, p := range sim.Phones() {
		ids = append(ids, p.ID)
	}
	return ids
}
