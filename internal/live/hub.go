package live

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/internal/database"
)

// Listener delivers Postgres notifications. On calls payload for every notification on a channel, and
// reconnected after every connect, when some may have been missed. Neither may block.
type Listener interface {
	On(channel string, payload func(string), reconnected func()) (stop func())
}

// Hub publishes changes to subscribers. It reads the changes of a batch once, however many subscribers there
// are.
type Hub struct {
	source source
	log    *slog.Logger
	wake   chan struct{} // a change was announced
	ready  chan struct{} // closed once the position of the read models is known

	mu          sync.Mutex
	known       bool
	closed      bool
	cursor      cursor // everything up to here has been published
	announced   cursor // what can be read; epoch 0 if unknown
	lost        bool   // announcements may have been missed
	subs        map[*Subscription]bool
	subscribers map[key]map[*Subscription]struct{}
	matches     uint64 // counts the changes matched so far
	watching    watching
}

// NewHub returns a hub that reads changes from a pool with access to the schema app_data. It publishes while
// Run runs.
func NewHub(pool *pgxpool.Pool, log *slog.Logger) *Hub {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Hub{
		source: source{pool}, log: log, wake: make(chan struct{}, 1), ready: make(chan struct{}), lost: true,
		subs: make(map[*Subscription]bool), subscribers: make(map[key]map[*Subscription]struct{}),
		watching: newWatching(),
	}
}

const (
	refreshEvery = 30 * time.Second // how far behind a quiet subscriber's position may fall
	readTimeout  = 10 * time.Second
)

// Run publishes changes until ctx ends, then ends all subscriptions.
func (h *Hub) Run(ctx context.Context, listener Listener) error {
	defer listener.On("changes", h.announce, h.markLost)()
	defer listener.On("checkpoints", func(string) { h.markLost() }, nil)()
	defer listener.On("watch", h.receiveSignals, nil)()
	defer h.close()
	second := time.NewTicker(time.Second)
	defer second.Stop()
	refreshed := time.Now()
	var retry <-chan time.Time
	h.markLost()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-h.wake:
		case <-retry:
		case now := <-second.C:
			h.expireWatchers(now)
			if now.Sub(refreshed) > refreshEvery {
				refreshed = now
				h.catchUp()
			}
			continue
		case <-h.watching.due:
			h.sendSignals(ctx)
			continue
		}
		retry = nil
		if err := h.read(ctx); err != nil && ctx.Err() == nil {
			h.log.Warn("reading changes failed", "error", database.Describe(err))
			retry = time.After(time.Second)
		}
	}
}

// announce handles a notification "from,to,epoch,tables".
func (h *Hub) announce(payload string) {
	parts := strings.Split(payload, ",")
	if len(parts) < 3 {
		return
	}
	to, err1 := strconv.ParseUint(parts[1], 10, 63)
	epoch, err2 := strconv.ParseUint(parts[2], 10, 63)
	if err1 != nil || err2 != nil {
		return
	}
	h.mu.Lock()
	if h.announced.epoch != epoch {
		h.announced = cursor{epoch: epoch}
	}
	h.announced.position = max(h.announced.position, to)
	h.mu.Unlock()
	h.nudge()
}

// markLost records that announcements may have been missed, or that a new epoch may have begun.
func (h *Hub) markLost() {
	h.mu.Lock()
	h.lost = true
	h.announced = cursor{} // the next read finds everything announced so far
	h.mu.Unlock()
	h.nudge()
}

func (h *Hub) nudge() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// read reads and publishes what was announced.
func (h *Hub) read(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	h.mu.Lock()
	at, to, unsure := h.cursor, h.announced, h.lost || !h.known || h.announced.epoch != h.cursor.epoch
	h.lost = false
	h.mu.Unlock()
	if unsure {
		now, err := h.source.cursor(ctx)
		if err != nil {
			h.markLost()
			return err
		}
		if !h.reconcile(now) {
			return nil
		}
		at.position, to = min(at.position, now.position), now
	}
	if to.position <= at.position {
		return nil
	}
	changes, complete, err := h.source.changes(ctx, at.position, to.position, readLimit)
	if err != nil {
		h.markLost()
		return err
	}
	h.publish(changes, complete, to.position)
	return nil
}

// reconcile compares the hub's cursor with the actual position of the read models. It returns false when
// there is nothing more to read: the hub has just started, or all subscribers have to resync.
func (h *Hub) reconcile(now cursor) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.announced.epoch == 0 {
		h.announced = now
	}
	if h.known && h.cursor.comparable(now) {
		// After a crash the position may be lower than what was published; that part is published again.
		h.cursor.position = min(h.cursor.position, now.position)
		return true
	}
	h.cursor = now
	if !h.known {
		h.known = true
		close(h.ready)
		return false
	}
	for s := range h.subs {
		s.from = now
		h.enqueue(s, queued{cursor: now, resync: true})
	}
	return false
}

func (h *Hub) publish(changes []*Change, complete bool, through uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cursor.position = through
	if !complete {
		for s := range h.subs {
			h.enqueue(s, queued{cursor: h.cursor, resync: true})
		}
		return
	}
	h.match(changes, func(s *Subscription, changes []*Change) {
		h.enqueue(s, queued{cursor: h.cursor, changes: changes})
	})
}

// catchUp gives quiet subscribers a newer position, so that they can resume cheaply.
func (h *Hub) catchUp() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		if s.sent < h.cursor.position {
			h.enqueue(s, queued{cursor: h.cursor})
		}
	}
}

// Refresh sends every subscriber a batch without changes, for what its reader adds to each batch.
func (h *Hub) Refresh() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.known {
		return
	}
	for s := range h.subs {
		h.enqueue(s, queued{cursor: h.cursor})
	}
}

// enqueue queues a batch, or cuts off a subscriber with too many waiting. Requires h.mu.
func (h *Hub) enqueue(s *Subscription, q queued) {
	if !s.push(q) {
		h.remove(s, ErrSlow)
		return
	}
	s.sent = q.cursor.position
}

func (h *Hub) remove(s *Subscription, err error) {
	if !h.subs[s] {
		return
	}
	delete(h.subs, s)
	h.unindex(s)
	s.stop()
	s.end(err)
}

func (h *Hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.subs {
		h.remove(s, ErrClosed)
	}
}
