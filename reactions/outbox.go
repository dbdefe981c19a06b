package reactions

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/commands"
	"parley/domain"
	"parley/projections/outbox"
)

const (
	sentAtOnce = 1_000           // messages per sweep
	stale      = 5 * time.Second // how long a row may lag behind the log
)

// sender sends queued messages: it claims one on the log, calls the provider and records the outcome.
type sender struct {
	Config
	contents *contents
	retries  *retries
	leading  context.Context // ends when no new call may start
	calls    context.Context // ends Grace later
	wake     chan struct{}
	work     sync.WaitGroup

	mu        sync.Mutex
	pacers    map[domain.AccountID]*pacer
	inFlight  map[domain.MessageID]bool
	customers map[customer]bool
	notBefore map[domain.MessageID]time.Time // rows to ignore until then, because they lag behind
	untouched map[domain.MessageID]bool      // possibly claimed, but the provider was certainly not called
	uploads   map[domain.MessageID]string    // files already uploaded for messages not yet accepted
}

// customer identifies a customer of an account. Their messages go out one at a time.
type customer struct {
	account domain.AccountID
	address domain.AddressID
}

func newSender(ctx context.Context, c Config, contents *contents) *sender {
	calls, end := context.WithCancel(context.WithoutCancel(ctx))
	s := &sender{
		Config: c, contents: contents, retries: newRetries(c, "outbox"), leading: ctx, calls: calls,
		wake: make(chan struct{}, 1), pacers: make(map[domain.AccountID]*pacer),
		inFlight: make(map[domain.MessageID]bool), customers: make(map[customer]bool),
		notBefore: make(map[domain.MessageID]time.Time), untouched: make(map[domain.MessageID]bool),
		uploads: make(map[domain.MessageID]string),
	}
	context.AfterFunc(ctx, func() { time.AfterFunc(c.Grace, end) })
	return s
}

func (s *sender) loop() loop {
	return loop{name: "outbox", sweep: s.sweep, gap: 10 * time.Millisecond, idle: 2 * time.Second,
		watches: []string{"outbox"}, wake: s.wake, stop: s.work.Wait}
}

// sweep starts everything that can be sent now. It does not wait for the calls.
func (s *sender) sweep(ctx context.Context) (time.Duration, error) {
	if err := s.endStuck(ctx); err != nil {
		return 0, err
	}
	if held, err := s.Hold(ctx); held || err != nil {
		return 0, err
	}
	now := s.Now()
	s.forget(now)
	rows, err := s.next(ctx, now)
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		s.start(row, now)
	}
	at, ok, err := outbox.Wake(ctx, s.Pool, now)
	if err != nil {
		return 0, err
	}
	wait := time.Duration(0)
	soonest := func(t time.Time) {
		if d := max(t.Sub(now), time.Millisecond); t.After(now) && (wait == 0 || d < wait) {
			wait = d
		}
	}
	if ok {
		soonest(at)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.pacers {
		if open, until := p.open(now); !open {
			soonest(until)
		}
	}
	for _, t := range s.notBefore {
		soonest(t)
	}
	return wait, nil
}

// endStuck ends attempts that no process is working on, because theirs stopped or lost the lead. Nobody knows whether
// the provider accepted those messages; only if this process knows that it never called is the message retried.
func (s *sender) endStuck(ctx context.Context) error {
	rows, err := outbox.Stuck(ctx, s.Pool, s.Now(), sentAtOnce)
	if err != nil {
		return err
	}
	for _, row := range rows {
		id, message := domain.InteractionID(row.InteractionID), domain.MessageID(row.MessageID)
		s.mu.Lock()
		busy := s.inFlight[message] || s.notBefore[message].After(s.Now())
		untouched := s.untouched[message]
		s.mu.Unlock()
		if busy || s.retries.delayed(string(message)) {
			continue
		}
		if untouched {
			err = s.Commands.SendNotAccepted(ctx, id, message, row.Attempt, "NOT_CALLED", 0)
		} else if err = s.Commands.SendUnknown(ctx, id, message, row.Attempt, "INTERRUPTED"); err == nil {
			s.Count("send interrupted")
		}
		if refused(err) {
			err = nil
		}
		if err := s.retries.record(string(message), err); err != nil {
			return err
		}
		s.settled(message, s.Now().Add(stale))
	}
	return nil
}

// next returns the messages that can be sent now, oldest first: only the first of each customer, and none of
// accounts that are at their limit.
func (s *sender) next(ctx context.Context, now time.Time) ([]outbox.Row, error) {
	blocked := make([]string, 0)
	s.mu.Lock()
	for id, p := range s.pacers {
		if open, _ := p.open(now); !open || p.full() {
			blocked = append(blocked, string(id))
		}
	}
	s.mu.Unlock()
	rows, err := s.Pool.Query(ctx, `
		SELECT o.message_id, o.interaction_id, o.address_id, o.kind, o.position, o.state, o.attempt, o.queued_at, o.started_at,
			o.retry_at, o.unknown_at, i.account_id
		FROM outbox o JOIN interactions i ON i.id = o.interaction_id
		WHERE o.state = 'QUEUED' AND (o.retry_at IS NULL OR o.retry_at <= $1) AND i.account_id <> ALL($4)
			AND NOT EXISTS (SELECT FROM outbox b JOIN interactions bi ON bi.id = b.interaction_id
				WHERE b.address_id = o.address_id AND b.position < o.position AND bi.account_id = i.account_id
					AND (b.state <> 'UNKNOWN' OR b.unknown_at > $2))
		ORDER BY o.position LIMIT $3`, now, now.Add(-outbox.UnknownHolds), sentAtOnce, blocked)
	if err != nil {
		return nil, fmt.Errorf("read outbox: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[outbox.Row])
}

// start sends one message in the background, unless the message or its customer is already being worked on.
func (s *sender) start(row outbox.Row, now time.Time) {
	message := domain.MessageID(row.MessageID)
	who := customer{domain.AccountID(row.AccountID), domain.AddressID(row.AddressID)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inFlight[message] || s.customers[who] || s.notBefore[message].After(now) || s.leading.Err() != nil {
		return
	}
	p := s.lockedPacerOf(who.account)
	if open, _ := p.open(now); !open || !p.enter() {
		return
	}
	s.inFlight[message], s.customers[who] = true, true
	s.work.Go(func() {
		notBefore := s.send(row, p)
		p.leave()
		s.settled(message, notBefore)
		s.mu.Lock()
		delete(s.customers, who)
		s.mu.Unlock()
		signal(s.wake)
	})
}

// pacerOf returns the pacer of an account, for other callers of its provider.
func (s *sender) pacerOf(id domain.AccountID) *pacer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lockedPacerOf(id)
}

// lockedPacerOf is pacerOf for a caller that holds the lock.
func (s *sender) lockedPacerOf(id domain.AccountID) *pacer {
	p := s.pacers[id]
	if p == nil {
		p = newPacer()
		s.pacers[id] = p
	}
	return p
}

// settled ends the work on a message. Its row is ignored until the given time.
func (s *sender) settled(message domain.MessageID, notBefore time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.inFlight, message)
	s.notBefore[message] = notBefore
}

// forget drops expired entries.
func (s *sender) forget(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, t := range s.notBefore {
		if !t.After(now) {
			delete(s.notBefore, id)
		}
	}
}

// callback returns the data that the provider sends back with each status of a message.
func callback(row outbox.Row) string {
	return commands.CallbackData(domain.InteractionID(row.InteractionID), domain.MessageID(row.MessageID))
}
