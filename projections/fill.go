package projections

import (
	"context"
	"fmt"
	"runtime/metrics"
	"slices"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

const fillChunk = 2000 // events handed to the folds at a time

// filler fills tables nobody else writes: it reads the log, folds in memory, and copies the rows out at the end, or before that
// when they would take too much memory.
type filler struct {
	store   *eventstore.Store
	conn    *pgx.Conn // its own
	members []*member
	skips   skips
	at      eventstore.Position // events up to here are folded
	events  int64
	limit   uint64 // bytes of heap from which on rows are written out
}

func newFiller(c Config, conn *pgx.Conn, members []*member, s skips) *filler {
	return &filler{store: c.Store, conn: conn, members: members, skips: s, limit: heapBytes() + c.BulkMemory}
}

// read folds on, up to and including the event at through. It returns how many events that were.
func (f *filler) read(ctx context.Context, through eventstore.Position) (int64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	start := f.events
	for chunk := range f.ahead(ctx, through) {
		if chunk.err != nil {
			return 0, chunk.err
		}
		if err := f.fold(ctx, chunk.events); err != nil {
			return 0, err
		}
		if heapBytes() > f.limit {
			if err := f.flush(ctx, f.conn); err != nil {
				return 0, err
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return f.events - start, nil
}

type chunk struct {
	events []eventstore.Recorded
	err    error
}

// ahead reads and decodes on a goroutine of its own, so that folding has the other core. The goroutine ends with ctx.
func (f *filler) ahead(ctx context.Context, through eventstore.Position) <-chan chunk {
	chunks := make(chan chunk, 2)
	go func() {
		defer close(chunks)
		send := func(c chunk) bool {
			select {
			case chunks <- c:
				return true
			case <-ctx.Done():
				return false
			}
		}
		var events []eventstore.Recorded
		for e, err := range f.store.ReadAll(ctx, f.at) {
			if err != nil {
				send(chunk{err: err})
				return
			}
			if e.Position.After(through) {
				break
			}
			events = append(events, e)
			if len(events) == fillChunk {
				if !send(chunk{events: events}) {
					return
				}
				events = nil
			}
		}
		if len(events) > 0 {
			send(chunk{events: events})
		}
	}()
	return chunks
}

func (f *filler) fold(ctx context.Context, events []eventstore.Recorded) error {
	if i := unknownEvent(events, f.skips, "*"); i >= 0 {
		return &blockedError{code: "UNKNOWN_EVENT " + events[i].Type, at: events[i].Position}
	}
	var load pgx.Batch
	for _, m := range f.members {
		if err := m.beginBulk(events, &load); err != nil {
			return m.failed(err)
		}
	}
	if load.Len() > 0 {
		if err := f.conn.SendBatch(ctx, &load).Close(); err != nil {
			return err
		}
	}
	for _, m := range f.members {
		if err := m.stage(); err != nil {
			return m.failed(err)
		}
	}
	f.at = events[len(events)-1].Position
	f.events += int64(len(events))
	return nil
}

func (m *member) beginBulk(events []eventstore.Recorded, b *pgx.Batch) error {
	m.events = m.relevant(events)
	event := -1
	return guard(&event, func() {
		for i, f := range m.folds {
			if f.prepareBulk(m.events) > 0 {
				f.load(b, m.statements[i])
			}
		}
	})
}

// failed names the read model and the event in an error of one of its functions.
func (m *member) failed(err error) error {
	if i := foldIndex(err); i >= 0 && i < len(m.events) {
		return fmt.Errorf("%s at %s (%s): %w", m.model.Name, m.events[i].Position, m.events[i].Type, err)
	}
	return fmt.Errorf("%s: %w", m.model.Name, err)
}

// beginner is a connection or a transaction.
type beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

// flush writes all rows held in memory, in one transaction.
func (f *filler) flush(ctx context.Context, on beginner) error {
	return pgx.BeginFunc(ctx, on, func(tx pgx.Tx) error {
		for _, m := range f.members {
			if err := m.flush(ctx, tx); err != nil {
				return fmt.Errorf("%s: %w", m.model.Name, err)
			}
		}
		return nil
	})
}

// bySize are the members, those with the most rows in memory first.
func (f *filler) bySize() []*member {
	return slices.SortedStableFunc(slices.Values(f.members), func(a, b *member) int { return b.stagedRows() - a.stagedRows() })
}

func (m *member) stagedRows() (n int) {
	for _, f := range m.folds {
		n += f.stagedRows()
	}
	return n
}

// flush writes the rows held in memory.
func (m *member) flush(ctx context.Context, tx pgx.Tx) error {
	for i, f := range m.folds {
		event := -1
		var err error
		if p := guard(&event, func() { err = f.flush(ctx, tx, m.statements[i]) }); p != nil {
			return p
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// heapBytes is what live and not yet collected objects take.
func heapBytes() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
