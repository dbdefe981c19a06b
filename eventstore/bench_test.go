package eventstore

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
	"parley/internal/node"
	"parley/internal/opstest"
	"parley/internal/seal"
)

// benchStore opens a Store on a fresh node whose log holds a number of events, two
// thirds of them with personal data.
func benchStore(b *testing.B, events int) *Store {
	b.Helper()
	database := opstest.Database(b)
	n, err := node.Start(context.Background(), node.Config{Insecure: true, DatabaseURL: database, Log: slog.New(slog.DiscardHandler)})
	require.NoError(b, err)
	b.Cleanup(n.Stop)
	pool, err := pgxpool.New(context.Background(), database)
	require.NoError(b, err)
	b.Cleanup(pool.Close)
	s, err := Open(context.Background(), Config{
		URL: n.URL(), Catalog: All(), Keys: seal.NewKeyring(pool, seal.NewMasterKey(), 10_000),
	})
	require.NoError(b, err)
	b.Cleanup(s.Close)
	for written := 0; written < events; written += 300 {
		address := domain.AddressID(fmt.Sprint("address-", written%3000))
		var group []domain.Event
		for i := range 100 {
			group = append(group, benchReceived(address),
				queued(address, "Good morning, your order left our house today."), started(i))
		}
		_, err := s.Append(context.Background(), newStream(), NoStream, command(), group)
		require.NoError(b, err)
	}
	return s
}

func benchReceived(address domain.AddressID) domain.Event {
	return interaction.MessageReceived{
		MessageID: domain.MessageID(uuid.NewString()), AddressID: address, Kind: interaction.KindText,
		Content:           interaction.Content{Text: "Hello, where is my order? I have been waiting since Monday."},
		ProviderMessageID: "wamid.HBgNNTUxMTk4NzY1NDMyMRUCABIYFDNB",
		Customer:          interaction.Customer{Phone: "5511987654321", Name: "Ana Maria"},
		SentAt:            time.Unix(1, 0).UTC(), At: time.Unix(2, 0).UTC(),
	}
}

func BenchmarkReadAll(b *testing.B) {
	const events = 60_000
	s := benchStore(b, events)
	b.ResetTimer()
	for range b.N {
		n := 0
		for _, err := range s.ReadAll(b.Context(), Position{}) {
			require.NoError(b, err)
			n++
		}
		require.Equal(b, events, n)
	}
	b.ReportMetric(float64(events*b.N)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkSubscribeCatchUp(b *testing.B) {
	const events = 60_000
	s := benchStore(b, events)
	b.ResetTimer()
	for range b.N {
		ctx, cancel := context.WithCancel(b.Context())
		n := 0
		err := s.Subscribe(ctx, Position{}, func(_ context.Context, batch Batch) error {
			n += len(batch.Events)
			if batch.CaughtUp {
				cancel()
			}
			return nil
		})
		require.NoError(b, err)
		require.Equal(b, events, n)
	}
	b.ReportMetric(float64(events*b.N)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkAppendOneEvent(b *testing.B) {
	s := benchStore(b, 0)
	b.SetParallelism(32)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			_, err := s.Append(b.Context(), newStream(), NoStream, command(), []domain.Event{benchReceived("ana")})
			require.NoError(b, err)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkEncode(b *testing.B) {
	s := &Store{catalog: All(), keys: fixedKeys{}}
	change := []Change{{Meta: command(), Events: []domain.Event{benchReceived("ana")}}}
	for range b.N {
		_, err := s.encode(b.Context(), "interaction-1", change)
		require.NoError(b, err)
	}
}
