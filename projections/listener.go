package projections

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
)

const (
	// AwaitLimit is how long Await waits at most.
	AwaitLimit = 2 * time.Second

	listenPing = 10 * time.Second // of silence, before the connection is asked whether it still works
)

// Listener hears what other processes say through Postgres, on the one LISTEN connection a process has, and so knows how far the
// read models are.
type Listener struct {
	pool     *pgxpool.Pool
	log      *slog.Logger
	channels []string

	mu       sync.Mutex
	handlers map[string][]*handler
	changed  chan struct{} // closed and renewed whenever how far we are changes
	progress progress
	states   map[string]checkpoint
	there    bool
	touched  map[string]uint64 // how often a table was announced; "*" stands for all of them
}

// handler is told of the payloads of a channel; again is called after every connect, when some may have been missed.
type handler struct {
	payload func(string)
	again   func()
}

// NewListener listens to 'changes', 'checkpoints', 'watch' and the other channels named, once Run is called.
func NewListener(pool *pgxpool.Pool, log *slog.Logger, channels ...string) *Listener {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	all := append([]string{"changes", "checkpoints", "watch"}, channels...)
	return &Listener{
		pool: pool, log: log, channels: slices.Compact(slices.Sorted(slices.Values(all))),
		handlers: make(map[string][]*handler), changed: make(chan struct{}), touched: make(map[string]uint64),
	}
}

// On calls payload for every notification on a channel until stop is called, and again after each connect, when some may have
// been missed. Both are called one at a time and must not block. again may be nil.
func (l *Listener) On(channel string, payload func(string), again func()) (stop func()) {
	h := &handler{payload: payload, again: again}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.handlers[channel] = append(l.handlers[channel], h)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.handlers[channel] = slices.DeleteFunc(slices.Clone(l.handlers[channel]), func(other *handler) bool { return other == h })
	}
}

// Run listens until ctx ends, connecting again whenever that is needed.
func (l *Listener) Run(ctx context.Context) error {
	p := newPause(50*time.Millisecond, time.Second)
	away := false
	for ctx.Err() == nil {
		err := l.listen(ctx, func() { p.reset(); away = false })
		l.mu.Lock()
		l.there = false
		l.mu.Unlock()
		if ctx.Err() == nil && !away {
			l.log.Warn("not listening to the database", "error", describe(err))
			away = true
		}
		p.wait(ctx)
	}
	return nil
}

func (l *Listener) listen(ctx context.Context, connected func()) error {
	config := l.pool.Config().ConnConfig
	config.RuntimeParams["application_name"] = "parley listener"
	config.RuntimeParams["statement_timeout"] = "5000"
	config.OnNotification = nil
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer closeConn(conn)
	for _, c := range l.channels {
		if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{c}.Sanitize()); err != nil {
			return fmt.Errorf("listen: %w", err)
		}
	}
	if err := l.refresh(ctx, conn); err != nil {
		return err
	}
	connected()
	for _, h := range l.all() {
		if h.again != nil {
			h.again()
		}
	}
	for {
		if err := l.next(ctx, conn); err != nil {
			return err
		}
	}
}

// next takes one notification, or looks after a silence that the connection still works.
func (l *Listener) next(ctx context.Context, conn *pgx.Conn) error {
	wait, cancel := context.WithTimeout(ctx, listenPing)
	n, err := conn.WaitForNotification(wait)
	silent := wait.Err() != nil
	cancel()
	switch {
	case err == nil:
		return l.hear(ctx, conn, n.Channel, n.Payload)
	case ctx.Err() != nil || !silent || conn.IsClosed():
		return err
	}
	ctx, cancel = context.WithTimeout(ctx, listenPing/2)
	defer cancel()
	return conn.Ping(ctx)
}

func (l *Listener) hear(ctx context.Context, conn *pgx.Conn, channel, payload string) error {
	switch channel {
	case "changes":
		l.advance(payload)
	case "checkpoints":
		if err := l.refresh(ctx, conn); err != nil {
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

func (l *Listener) all() []*handler {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []*handler
	for _, list := range l.handlers {
		all = append(all, list...)
	}
	return all
}

// refresh reads how far all read models are.
func (l *Listener) refresh(ctx context.Context, conn *pgx.Conn) error {
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
	l.progress, l.states, l.there = p, states, true
	l.touched["*"]++
	l.notify()
	return nil
}

// advance takes the announcement of a batch. Anybody may send one, so it can only make a wait end early.
func (l *Listener) advance(payload string) {
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
		l.touched[table]++
	}
	l.notify()
}

// Touched is a number that is another one whenever rows of any of these tables, named as their views, may have changed: what was
// read of them since it was asked for is as it is now. ok is false while that cannot be told: the database is not being listened
// to, or a read model goes alone. Who has awaited a position finds the number counted up already.
func (l *Listener) Touched(tables ...string) (count uint64, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.states {
		if s.state == Stopped && len(tables) > 0 {
			return 0, false
		}
	}
	count = l.touched["*"]
	for _, table := range tables {
		count += l.touched[table]
	}
	return count, l.there
}

func tablesOf(announcement []string) string {
	if len(announcement) < 4 {
		return "*"
	}
	return announcement[3]
}

// AnyOf says whether an announcement on the channel changes tells of a change of one of these tables, named as their views.
func AnyOf(announcement string, tables []string) bool {
	for touched := range strings.FieldsSeq(tablesOf(strings.Split(announcement, ","))) {
		if touched == "*" || slices.Contains(tables, touched) {
			return true
		}
	}
	return false
}

func (l *Listener) notify() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// Await returns when the read models named have folded the event at a position, at most after AwaitLimit or when ctx ends. It says
// whether they have; a command has succeeded either way. One that is stopped is not waited for; one that does not exist, such as an
// older version, never has.
func (l *Listener) Await(ctx context.Context, position eventstore.Position, models ...string) bool {
	var timeout <-chan time.Time
	for {
		l.mu.Lock()
		passed, changed := l.passed(position, models), l.changed
		l.mu.Unlock()
		if passed != waiting {
			return passed == there
		}
		if timeout == nil {
			timer := time.NewTimer(AwaitLimit)
			defer timer.Stop()
			timeout = timer.C
		}
		select {
		case <-changed:
		case <-timeout:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

type passage int

const (
	waiting passage = iota
	there
	never
)

// passed is called with the lock held.
func (l *Listener) passed(position eventstore.Position, models []string) passage {
	switch {
	case position.IsZero():
		return there
	case l.states == nil:
		return waiting // nothing is known yet
	}
	for _, name := range models {
		s, known := l.states[name]
		switch {
		case !known:
			return waiting // this process may have begun before it was made
		case s.state != Running && s.at.Commit < position.Commit:
			return never
		}
	}
	if l.progress.at.Commit < position.Commit {
		return waiting
	}
	return there
}

// Position is how far the read models in step are known to be, and whether the database is being listened to.
func (l *Listener) Position() (eventstore.Position, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.progress.at, l.there
}
