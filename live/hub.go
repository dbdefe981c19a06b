package live

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Notices brings notifications of Postgres: payload is called for each one on a channel, again after every connect, when some may
// have been missed. Both must not block.
type Notices interface {
	On(channel string, payload func(string), again func()) (stop func())
}

// Hub tells subscribers what has changed. Per batch of the projector it reads the changes once, however many subscribers there are.
type Hub struct {
	source source
	log    *slog.Logger
	wake   chan struct{} // something was announced
	ready  chan struct{} // closed when it is known how far the read models are

	mu         sync.Mutex
	known      bool
	closed     bool
	place      place // everything up to here was told
	announced  place // what can be read; epoch 0 when that is not known
	lost       bool  // announcements may have been missed
	subs       map[*Subscription]bool
	found      map[key]map[*Subscription]struct{}
	considered uint64
	watching   watching
}

// NewHub reads changes from a pool that may read the schema app_data. It works while Run runs.
func NewHub(pool *pgxpool.Pool, log *slog.Logger) *Hub {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Hub{
		source: source{pool}, log: log, wake: make(chan struct{}, 1), ready: make(chan struct{}), lost: true,
		subs: make(map[*Subscription]bool), found: make(map[key]map[*Subscription]struct{}), watching: newWatching(),
	}
}

const (
	refreshEvery = 30 * time.Second // how old the position of a quiet subscriber may be
	readTimeout  = 10 * time.Second
)

// Run works until ctx ends, and ends all subscriptions then.
func (h *Hub) Run(ctx context.Context, notices Notices) error {
	defer notices.On("changes", h.announce, h.missed)()
	defer notices.On("checkpoints", func(string) { h.missed() }, nil)()
	defer notices.On("watch", h.watched, nil)()
	defer h.shut()
	second := time.NewTicker(time.Second)
	defer second.Stop()
	refreshed := time.Now()
	var again <-chan time.Time
	h.missed()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-h.wake:
		case <-again:
		case now := <-second.C:
			h.fade(now)
			if now.Sub(refreshed) > refreshEvery {
				refreshed = now
				h.refresh()
			}
			continue
		case <-h.watching.due:
			h.send(ctx)
			continue
		}
		again = nil
		if err := h.read(ctx); err != nil && ctx.Err() == nil {
			h.log.Warn("changes not read", "error", reason(err))
			again = time.After(time.Second)
		}
	}
}

// announce takes "from,to,epoch,tables".
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
		h.announced = place{epoch: epoch}
	}
	h.announced.position = max(h.announced.position, to)
	h.mu.Unlock()
	h.nudge()
}

// missed says that announcements may have been missed, or that another epoch may have begun.
func (h *Hub) missed() {
	h.mu.Lock()
	h.lost = true
	h.announced = place{} // the read that follows finds all that was announced until now
	h.mu.Unlock()
	h.nudge()
}

func (h *Hub) nudge() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// read reads what was announced and tells it.
func (h *Hub) read(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	h.mu.Lock()
	at, to, unsure := h.place, h.announced, h.lost || !h.known || h.announced.epoch != h.place.epoch
	h.lost = false
	h.mu.Unlock()
	if unsure {
		now, err := h.source.place(ctx)
		if err != nil {
			h.missed()
			return err
		}
		if !h.meet(now) {
			return nil
		}
		at.position, to = min(at.position, now.position), now
	}
	if to.position <= at.position {
		return nil
	}
	changes, complete, err := h.source.changes(ctx, at.position, to.position, readLimit)
	if err != nil {
		h.missed()
		return err
	}
	h.tell(changes, complete, to.position)
	return nil
}

// meet compares what is known with where the read models really are. It returns false when there is nothing more to read: the
// Hub has just begun, or everybody has to fetch anew.
func (h *Hub) meet(now place) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.announced.epoch == 0 {
		h.announced = now
	}
	if h.known && h.place.comparable(now) {
		// A crash may have taken back what was told; it is told once more.
		h.place.position = min(h.place.position, now.position)
		return true
	}
	h.place = now
	if !h.known {
		h.known = true
		close(h.ready)
		return false
	}
	for s := range h.subs {
		s.from = now
		h.give(s, queued{place: now, resync: true})
	}
	return false
}

func (h *Hub) tell(changes []*Change, complete bool, through uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.place.position = through
	if !complete {
		for s := range h.subs {
			h.give(s, queued{place: h.place, resync: true})
		}
		return
	}
	h.match(changes, func(s *Subscription, changes []*Change) { h.give(s, queued{place: h.place, changes: changes}) })
}

// refresh gives quiet subscribers a newer position, so that coming back is cheap. The lock is taken.
func (h *Hub) refresh() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		if s.told < h.place.position {
			h.give(s, queued{place: h.place})
		}
	}
}

// give queues a batch, or cuts off a subscriber that has too many. The lock is held.
func (h *Hub) give(s *Subscription, q queued) {
	if !s.put(q) {
		h.remove(s, ErrSlow)
		return
	}
	s.told = q.place.position
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

// reason is an error without a driver's text.
func reason(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return "SQLSTATE " + pg.Code
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return fmt.Sprintf("%T", err)
}

func (h *Hub) shut() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.subs {
		h.remove(s, ErrClosed)
	}
}
