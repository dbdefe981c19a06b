package engine

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/eventstore"
	"parley/internal/database"
)

const (
	// AwaitLimit is the longest that Await waits.
	AwaitLimit = 2 * time.Second

	listenPing = 10 * time.Second // silence after which the connection is pinged
)

// Listener receives Postgres notifications on the process's only LISTEN connection, and so knows how far
// the read models have got.
type Listener struct {
	pool     *pgxpool.Pool
	log      *slog.Logger
	channels []string

	mu           sync.Mutex
	handlers     map[string][]*handler
	updated      chan struct{} // closed and replaced when the state below changes
	progress     progress
	checkpoints  map[string]checkpoint
	listening    bool
	changeCounts map[string]uint64 // announcements by table; "*" counts those for all tables
}

// handler receives a channel's payloads. reconnected runs after each connect, since notifications may have
// been missed.
type handler struct {
	payload     func(string)
	reconnected func()
}

// NewListener returns a listener for 'changes', 'checkpoints', 'watch' and the given channels. Run starts
// it.
func NewListener(pool *pgxpool.Pool, log *slog.Logger, channels ...string) *Listener {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	all := append([]string{"changes", "checkpoints", "watch"}, channels...)
	return &Listener{
		pool: pool, log: log, channels: slices.Compact(slices.Sorted(slices.Values(all))),
		handlers: make(map[string][]*handler), updated: make(chan struct{}), changeCounts: make(map[string]uint64),
	}
}

// On calls payload for each notification on a channel until stop is called, and reconnected after each
// connect, because notifications may have been missed. The calls never overlap and must not block.
// reconnected may be nil.
func (l *Listener) On(channel string, payload func(string), reconnected func()) (stop func()) {
	h := &handler{payload: payload, reconnected: reconnected}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.handlers[channel] = append(l.handlers[channel], h)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.handlers[channel] = slices.DeleteFunc(slices.Clone(l.handlers[channel]),
			func(other *handler) bool { return other == h })
	}
}

// Run listens until ctx ends, and reconnects when necessary.
func (l *Listener) Run(ctx context.Context) error {
	retry := newBackoff(50*time.Millisecond, time.Second)
	warned := false
	for ctx.Err() == nil {
		err := l.listen(ctx, func() { retry.reset(); warned = false })
		l.mu.Lock()
		l.listening = false
		l.mu.Unlock()
		if ctx.Err() == nil && !warned {
			l.log.Warn("lost the database connection for notifications", "error", describe(err))
			warned = true
		}
		retry.wait(ctx)
	}
	return nil
}

func (l *Listener) listen(ctx context.Context, connected func()) error {
	conn, err := database.Session(ctx, l.pool, "parley listener", map[string]string{"statement_timeout": "5000"})
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer database.CloseSession(conn)
	for _, c := range l.channels {
		if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{c}.Sanitize()); err != nil {
			return fmt.Errorf("listen: %w", err)
		}
	}
	if err := l.readState(ctx, conn); err != nil {
		return err
	}
	connected()
	for _, h := range l.allHandlers() {
		if h.reconnected != nil {
			h.reconnected()
		}
	}
	for {
		if err := l.waitForNotification(ctx, conn); err != nil {
			return err
		}
	}
}

// waitForNotification handles one notification, or pings the connection after a silence.
func (l *Listener) waitForNotification(ctx context.Context, conn *pgx.Conn) error {
	wait, cancel := context.WithTimeout(ctx, listenPing)
	n, err := conn.WaitForNotification(wait)
	timedOut := wait.Err() != nil
	cancel()
	switch {
	case err == nil:
		return l.dispatch(ctx, conn, n.Channel, n.Payload)
	case ctx.Err() != nil || !timedOut || conn.IsClosed():
		return err
	}
	ctx, cancel = context.WithTimeout(ctx, listenPing/2)
	defer cancel()
	return conn.Ping(ctx)
}

func (l *Listener) dispatch(ctx context.Context, conn *pgx.Conn, channel, payload string) error {
	switch channel {
	case "changes":
		l.receiveAnnouncement(payload)
	case "checkpoints":
		if err := l.readState(ctx, conn); err != nil {
			return err
		}
	}
	l.mu.Lock()
	handlers := l.handlers[channel]
	l.mu.Unlock()
	for _, h := range handlers {
		h.payload(payload)
	}
	return nil
}

func (l *Listener) allHandlers() []*handler {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []*handler
	for _, list := range l.handlers {
		all = append(all, list...)
	}
	return all
}

// readState reads the progress and checkpoints of all read models.
func (l *Listener) readState(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	p, err := readProgress(ctx, conn)
	if err != nil {
		return fmt.Errorf("read progress: %w", err)
	}
	states, err := readCheckpoints(ctx, conn)
	if err != nil {
		return fmt.Errorf("read checkpoints: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.progress, l.checkpoints, l.listening = p, states, true
	l.changeCounts["*"]++
	l.wakeWaiters()
	return nil
}

// receiveAnnouncement records the announcement of a batch. Any database user can send one, so a false one
// must do no worse than end a wait early.
func (l *Listener) receiveAnnouncement(payload string) {
	parts := strings.Split(payload, ",")
	if len(parts) < 3 {
		return
	}
	var to uint64
	if _, err := fmt.Sscan(parts[1], &to); err != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.progress.at = eventstore.Position{Commit: to, Prepare: to}
	for table := range strings.FieldsSeq(tablesOf(parts)) {
		l.changeCounts[table]++
	}
	l.wakeWaiters()
}

func tablesOf(announcement []string) string {
	if len(announcement) < 4 {
		return "*"
	}
	return announcement[3]
}

// ChangeCount returns a number that increases whenever rows of these tables (named by view) may have
// changed. Rows read after calling it stay current until it increases. ok is false while that is unknown:
// the listener is disconnected or a read model is stopped. Once Await returns, the number includes the
// awaited event.
func (l *Listener) ChangeCount(tables ...string) (count uint64, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.checkpoints {
		if s.state == Stopped && len(tables) > 0 {
			return 0, false
		}
	}
	count = l.changeCounts["*"]
	for _, table := range tables {
		count += l.changeCounts[table]
	}
	return count, l.listening
}

// Affects reports whether an announcement on the channel 'changes' concerns any of these tables, named by
// view.
func Affects(announcement string, tables []string) bool {
	for touched := range strings.FieldsSeq(tablesOf(strings.Split(announcement, ","))) {
		if touched == "*" || slices.Contains(tables, touched) {
			return true
		}
	}
	return false
}

func (l *Listener) wakeWaiters() {
	close(l.updated)
	l.updated = make(chan struct{})
}

// Position returns how far the running read models are known to be, and whether the listener is connected.
func (l *Listener) Position() (eventstore.Position, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.progress.at, l.listening
}
