package eventstore

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/domain"
	"parley/domain/interaction"
	"parley/internal/devpg"
	"parley/internal/node"
	"parley/internal/opstest"
	"parley/internal/seal"
	"parley/internal/testwait"
)

const patience = testwait.Limit

// world is an event store that can be stopped and restarted, with the keys to its personal data.
type world struct {
	t        *testing.T
	database string
	listen   string
	node     *node.Node
	keys     *seal.Keyring
}

// newWorld starts a node on a database of its own. It fails the test if goroutines are left running.
func newWorld(t *testing.T) *world {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction(devpg.Waiting)) })
	return anotherWorld(t)
}

// anotherWorld starts a second event store in the same test.
func anotherWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, database: opstest.Database(t), listen: "127.0.0.1:0"}
	w.startNode()
	w.listen = w.node.Addr()
	t.Cleanup(func() { w.node.Stop() })
	pool, err := pgxpool.New(t.Context(), w.database)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	w.keys = seal.NewKeyring(pool, seal.NewMasterKey(), 1000)
	return w
}

func (w *world) startNode() {
	w.t.Helper()
	var err error
	w.node, err = node.Start(context.Background(), node.Config{Insecure: true, DatabaseURL: w.database, Listen: w.listen,
		Log: testLog(w.t)})
	require.NoError(w.t, err)
}

// store opens a Store on the node, or on the given address.
func (w *world) store(address ...string) *Store {
	w.t.Helper()
	url := w.node.URL()
	if len(address) > 0 {
		url = "esdb://" + address[0] + "?tls=false"
	}
	s, err := Open(w.t.Context(), Config{URL: url, Catalog: All(), Keys: w.keys, Log: testLog(w.t)})
	require.NoError(w.t, err)
	w.t.Cleanup(s.Close)
	return s
}

func testLog(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo}))
}

func withTimeout(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func newStream() string { return "interaction-" + uuid.NewString() }

func command() Metadata { return Metadata{Actor: "test", CommandID: uuid.NewString()} }

// started returns an event without personal data.
func started(attempt int) domain.Event {
	return interaction.MessageSendStarted{MessageID: "m", Attempt: attempt, At: time.Unix(int64(attempt), 0).UTC()}
}

// queued returns an event with personal data of the address.
func queued(address domain.AddressID, text string) domain.Event {
	return interaction.MessageQueued{
		MessageID: "m", Author: interaction.AuthorAgent, AddressID: address, Kind: interaction.KindText,
		Content: interaction.Content{Text: text}, At: time.Unix(1, 0).UTC(),
	}
}

// proxy sits between a Store and the node and simulates network faults.
type proxy struct {
	listener net.Listener
	target   string
	mu       sync.Mutex
	conns    map[net.Conn]bool
	mute     atomic.Bool // drops replies
	done     sync.WaitGroup
}

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{listener: l, target: target, conns: make(map[net.Conn]bool)}
	p.done.Go(p.serve)
	t.Cleanup(func() {
		_ = l.Close()
		p.cut()
		p.done.Wait()
	})
	return p
}

func (p *proxy) address() string { return p.listener.Addr().String() }

func (p *proxy) serve() {
	for {
		near, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		far, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		p.mu.Lock()
		p.conns[near], p.conns[far] = true, true
		p.mu.Unlock()
		p.done.Go(func() { p.pass(far, near, nil) })
		p.done.Go(func() { p.pass(near, far, &p.mute) })
	}
}

func (p *proxy) pass(to, from net.Conn, swallow *atomic.Bool) {
	defer func() {
		_ = to.Close()
		_ = from.Close()
		p.mu.Lock()
		delete(p.conns, to)
		delete(p.conns, from)
		p.mu.Unlock()
	}()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if swallow != nil && swallow.Load() {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// cut closes all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
}
