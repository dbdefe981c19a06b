// Package node is the embedded event store. It serves the EventStoreDB gRPC protocol from tables in Postgres.
package node

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/grpc"
)

// Config says where the log is stored and how clients connect.
type Config struct {
	DatabaseURL string            // Postgres; the tables are created in the schema eventlog
	Listen      string            // host:port, "127.0.0.1:0" if empty
	Users       map[string]string // passwords by user name
	TLS         *tls.Config       // required with Users
	Insecure    bool              // without Users and TLS, everyone on this machine may do everything
	Log         *slog.Logger      // slog.Default() if nil
}

// Node is a running event store. Several nodes may share one database.
type Node struct {
	log      *slog.Logger
	health   *health
	front    *front
	server   *grpc.Server // gRPC
	http     *http.Server // health checks
	instance [16]byte
	started  time.Time

	pool   *pgxpool.Pool
	pages  pages
	wide   bool // positions
	tail   *tail
	writer *writer
	large  chan struct{} // has room for the large appends handled at a time
	groups groups
	config *pgx.ConnConfig

	stopOnce sync.Once
	stopping chan struct{} // closed to end subscriptions
	cancel   context.CancelFunc
	workers  sync.WaitGroup
	ended    chan struct{}
	failure  error // why the node ended; set before ended is closed
}

const drainTime = 5 * time.Second // how long Stop waits for running calls

// Start creates missing tables and returns when the node accepts connections. ctx limits the start only.
func Start(ctx context.Context, cfg Config) (*Node, error) {
	if cfg.Listen == "" {
		cfg.Listen = "127.0.0.1:0"
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if err := cfg.check(); err != nil {
		return nil, err
	}
	n := &Node{
		log: cfg.Log, health: &health{log: cfg.Log}, instance: uuid.New(), started: time.Now(),
		stopping: make(chan struct{}), ended: make(chan struct{}), large: make(chan struct{}, largeTogether),
	}
	err := n.open(ctx, cfg.DatabaseURL)
	if err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		n.pool.Close()
		return nil, fmt.Errorf("listen on %s: %w", cfg.Listen, err)
	}
	n.front = newFront(listener, cfg.TLS)
	n.http = n.newHTTP(len(cfg.Users) > 0)
	n.server = newServer(cfg)
	streams.RegisterStreamsServer(n.server, &streamsService{Node: n})
	serverfeatures.RegisterServerFeaturesServer(n.server, featuresService{})
	gossip.RegisterGossipServer(n.server, gossipService{Node: n})
	persistent.RegisterPersistentSubscriptionsServer(n.server, &persistentService{Node: n})
	n.start()
	return n, nil
}

// open connects to the database, creates missing tables and finds the end of the log.
func (n *Node) open(ctx context.Context, url string) error {
	poolConfig, err := pgxpool.ParseConfig(url)
	if err != nil {
		return fmt.Errorf("event log database url: %w", err)
	}
	poolConfig.MaxConns = 16
	connConfig := poolConfig.ConnConfig
	n.config = connConfig
	tune(connConfig)
	conn, err := pgx.ConnectConfig(ctx, connConfig)
	if err != nil {
		return fmt.Errorf("connect event log: %w", err)
	}
	err = migrate(ctx, conn)
	closeQuietly(conn)
	if err != nil {
		return err
	}
	if n.pool, err = pgxpool.NewWithConfig(context.WithoutCancel(ctx), poolConfig); err != nil {
		return fmt.Errorf("connect event log: %w", err)
	}
	n.pages = pages{n.pool}
	head, err := n.pages.head(ctx)
	if err != nil {
		n.pool.Close()
		return err
	}
	if n.wide, err = n.pages.loadWide(ctx); err != nil {
		n.pool.Close()
		return err
	}
	n.tail = newTail(head)
	n.groups = groups{rows: groupRows{n.pool}, running: map[groupKey]*subscriptionGroup{}}
	return nil
}

func (n *Node) start() {
	ctx, cancel := context.WithCancel(context.Background())
	n.cancel = cancel
	n.writer = newWriter(&appendStore{config: n.config, wide: n.wide}, n.tail, n.health)
	wake := &notifier{config: n.config, pages: n.pages, tail: n.tail, health: n.health, poll: pollInterval}
	go n.writer.run()
	n.workers.Go(func() { wake.listen(ctx) })
	n.workers.Go(func() { wake.notify(ctx) })
	go n.front.run()
	go func() { _ = n.http.Serve(n.front.http1) }() // ends when the node does
	go func() {
		if err := n.server.Serve(n.front.http2); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
			n.stop(fmt.Errorf("serve event log: %w", err))
		}
	}()
}

// Addr returns the host:port the node listens on.
func (n *Node) Addr() string { return n.front.listener.Addr().String() }

// URL returns the connection string for a client on this machine, without a user.
func (n *Node) URL() string {
	if n.front.tls != nil {
		return "esdb://" + n.localAddress() + "?tls=true"
	}
	return "esdb://" + n.localAddress() + "?tls=false"
}

// localAddress returns the host:port for a client on this machine.
func (n *Node) localAddress() string {
	host, port, _ := net.SplitHostPort(n.Addr())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// Stop ends all subscriptions, answers appends already accepted and closes the database connections.
func (n *Node) Stop() {
	n.stop(nil)
	<-n.ended
}

func (n *Node) stop(failure error) {
	n.stopOnce.Do(func() {
		n.failure = failure
		close(n.stopping)
		n.front.close()
		n.stopGroups()
		forced := time.AfterFunc(drainTime, n.server.Stop)
		n.server.GracefulStop()
		forced.Stop()
		_ = n.http.Close()
		n.writer.stop()
		n.cancel()
		n.workers.Wait()
		n.pool.Close()
		close(n.ended)
	})
}

// Wait blocks until the node ends. It returns nil after Stop, or an error if the node can no longer accept
// connections. An unreachable database does not end the node.
func (n *Node) Wait() error {
	<-n.ended
	return n.failure
}
