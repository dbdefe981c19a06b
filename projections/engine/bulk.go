package engine

import (
	"context"
	"fmt"
	"runtime/metrics"
	"slices"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

const bulkChunk = 2000 // events folded at a time

// bulkLoader fills tables that nothing else writes. It reads the log, folds in memory and copies the rows
// out at the end, or earlier if they need too much memory.
type bulkLoader struct {
	store      *eventstore.Store
	conn       *pgx.Conn // not shared
	projectors []*projector
	at         eventstore.Position // everything up to here has been folded
	last       eventstore.Landmark // the last event folded
	events     int64
	heapLimit  uint64 // bytes of heap; beyond it, rows are written out
}

func newBulkLoader(c Config, conn *pgx.Conn, projectors []*projector) *bulkLoader {
	return &bulkLoader{store: c.Store, conn: conn, projectors: projectors, heapLimit: heapBytes() + c.BulkMemory}
}

// readTo folds events up to and including the position through, and returns how many.
func (b *bulkLoader) readTo(ctx context.Context, through eventstore.Position) (int64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	start := b.events
	for chunk := range b.readAhead(ctx, through) {
		if chunk.err != nil {
			return 0, chunk.err
		}
		if err := b.apply(ctx, chunk.events); err != nil {
			return 0, err
		}
		if heapBytes() > b.heapLimit {
			if err := b.flush(ctx, b.conn); err != nil {
				return 0, err
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return b.events - start, nil
}

type chunk struct {
	events []eventstore.Recorded
	err    error
}

// readAhead reads and decodes events in a goroutine, so that folding can use another core. The goroutine
// ends with ctx.
func (b *bulkLoader) readAhead(ctx context.Context, through eventstore.Position) <-chan chunk {
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
		for e, err := range b.store.ReadAll(ctx, b.at) {
			if err != nil {
				send(chunk{err: err})
				return
			}
			if e.Position.After(through) {
				break
			}
			events = append(events, e)
			if len(events) == bulkChunk {
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

func (b *bulkLoader) apply(ctx context.Context, events []eventstore.Recorded) error {
	var load pgx.Batch
	for _, p := range b.projectors {
		if err := p.beginBulk(events, &load); err != nil {
			return p.wrapError(err)
		}
	}
	if load.Len() > 0 {
		if err := b.conn.SendBatch(ctx, &load).Close(); err != nil {
			return err
		}
	}
	for _, p := range b.projectors {
		if err := p.stage(); err != nil {
			return p.wrapError(err)
		}
	}
	b.at, b.last = events[len(events)-1].Position, landmarkOf(events, b.last)
	b.events += int64(len(events))
	return nil
}

func (p *projector) beginBulk(events []eventstore.Recorded, b *pgx.Batch) error {
	if err := p.selectEvents(events); err != nil {
		return err
	}
	event := -1
	return catchPanic(&event, func() {
		for i, f := range p.folds {
			if f.PrepareBulk(p.events) > 0 {
				f.Load(b, p.statements[i])
			}
		}
	})
}

// beginner is a connection or a transaction.
type beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

// flush writes all rows held in memory, in one transaction.
func (b *bulkLoader) flush(ctx context.Context, on beginner) error {
	return pgx.BeginFunc(ctx, on, func(tx pgx.Tx) error {
		for _, p := range b.projectors {
			if err := p.flush(ctx, tx); err != nil {
				return fmt.Errorf("%s: %w", p.model.Name, err)
			}
		}
		return nil
	})
}

// flush writes the rows held in memory.
func (p *projector) flush(ctx context.Context, tx pgx.Tx) error {
	for i, f := range p.folds {
		event := -1
		var err error
		if panicked := catchPanic(&event, func() { err = f.Flush(ctx, tx, p.statements[i]) }); panicked != nil {
			return panicked
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// largestFirst returns the projectors by number of rows in memory, descending.
func (b *bulkLoader) largestFirst() []*projector {
	return slices.SortedStableFunc(slices.Values(b.projectors),
		func(a, b *projector) int { return b.stagedRows() - a.stagedRows() })
}

func (p *projector) stagedRows() (n int) {
	for _, f := range p.folds {
		n += f.StagedRows()
	}
	return n
}

// heapBytes returns the size of all heap objects, including those not yet collected.
func heapBytes() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
