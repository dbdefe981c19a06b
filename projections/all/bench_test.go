package all_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/internal/node"
	"parley/internal/seal"
	"parley/projections/all"
	"parley/projections/engine"
	"parley/projections/projectionstest"
)

const answers = 8 // by the agent in each session

// session returns all events of one session.
func session(n int, at time.Time) []domain.Event {
	next := func() time.Time { at = at.Add(time.Second); return at }
	id := func() domain.MessageID { return domain.MessageID(uuid.NewString()) }
	address := domain.AddressID(uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n)).String())
	agent := domain.AgentID(uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n%200)).String())
	customer := interaction.Customer{Phone: fmt.Sprint(393330000000 + n), Name: fmt.Sprint("Customer ", n)}
	offer := domain.OfferID(uuid.NewString())
	events := []domain.Event{
		interaction.Opened{AccountID: "account", AddressID: address, Channel: "whatsapp", QueueID: "queue",
			Number: 1, Origin: interaction.OriginInbound, Customer: customer, At: next()},
		interaction.Offered{OfferID: offer, QueueID: "queue", Agents: []domain.AgentID{agent},
			ExpiresAt: at.Add(time.Minute), At: next()},
		interaction.Accepted{OfferID: offer, By: agent, At: next()},
	}
	for i := range answers {
		in, out := id(), id()
		text := interaction.Content{Text: fmt.Sprint("message number ", i, " about an order that has not come")}
		events = append(events,
			interaction.MessageReceived{MessageID: in, AddressID: address, Kind: interaction.KindText,
				Content: text, Customer: customer, ProviderMessageID: "wamid." + string(in), SentAt: at, At: next()},
			interaction.MessageQueued{MessageID: out, Author: interaction.AuthorAgent, By: agent,
				AddressID: address, Kind: interaction.KindText, Content: text, At: next()},
			interaction.MessageSendStarted{MessageID: out, Attempt: 1, At: next()},
			interaction.MessageAccepted{MessageID: out, AddressID: address, ProviderTag: string(out),
				ProviderMessageID: "wamid." + string(out), At: next()},
			interaction.MessageDelivered{MessageID: out, StatusAt: at, At: next()},
		)
	}
	return append(events, interaction.Closed{By: agent, At: next()})
}

// BenchmarkProject measures how many events per second all read models fold, step by step and in a rebuild.
func BenchmarkProject(b *testing.B) {
	const sessions = 1500
	url := projectionstest.Database(b)
	quiet := slog.New(slog.DiscardHandler)
	n, err := node.Start(b.Context(), node.Config{Insecure: true, DatabaseURL: url, Log: quiet})
	require.NoError(b, err)
	b.Cleanup(n.Stop)
	pool, err := pgxpool.New(b.Context(), url)
	require.NoError(b, err)
	b.Cleanup(pool.Close)
	store, err := eventstore.Open(b.Context(), eventstore.Config{
		URL: n.URL(), Catalog: eventstore.All(), Keys: seal.NewKeyring(pool, seal.NewMasterKey(), 10_000), Log: quiet,
	})
	require.NoError(b, err)
	b.Cleanup(store.Close)
	decisions, err := commands.New(commands.Config{Store: store, Now: time.Now, Log: quiet})
	require.NoError(b, err)
	c := engine.Config{Store: store, Commands: decisions, Pool: pool, Models: all.Models(),
		Log: slog.New(slog.NewTextHandler(b.Output(), nil))}
	project := func() (stop func()) {
		ctx, cancel := context.WithCancel(b.Context())
		done := make(chan error, 1)
		go func() { done <- engine.Run(ctx, c) }()
		return func() { cancel(); require.NoError(b, <-done) }
	}
	level := func(at eventstore.Position) {
		require.Eventually(b, func() bool {
			list, err := engine.List(b.Context(), pool)
			return err == nil && len(list) > 0 && !at.After(list[0].Position)
		}, 5*time.Minute, 5*time.Millisecond)
	}
	total, start := 0, time.Now()
	write := func(sessions int) (at eventstore.Position) {
		for i := range sessions {
			events := session(i, time.Now())
			r, err := store.Append(b.Context(), "interaction-"+uuid.NewString(), eventstore.NoStream,
				eventstore.Metadata{CommandID: uuid.NewString()}, events)
			require.NoError(b, err)
			at, total = r.Position, total+len(events)
		}
		return at
	}
	stop := project()
	level(write(1))
	stop()
	at := write(sessions)
	b.Logf("%d events written in %s", total, time.Since(start))
	b.Run("one step at a time", func(b *testing.B) {
		if b.N > 1 {
			b.Skip("the log is caught up with once")
		}
		start := time.Now()
		stop = project()
		level(at)
		b.ReportMetric(float64(total)/time.Since(start).Seconds(), "events/s")
	})
	b.Run("in a rebuild", func(b *testing.B) {
		for range b.N {
			_, err := engine.Rebuild(b.Context(), c)
			require.NoError(b, err)
		}
		b.ReportMetric(float64(b.N)*float64(total)/b.Elapsed().Seconds(), "events/s")
	})
	stop()
}
