package eventstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

const (
	copyGroup = 500         // events of one stream in one append
	copyBatch = 256         // appends in one request
	copyBytes = 8 << 20     // of those appends
	copyStall = time.Minute // without progress, after which a copy is given up
)

var errStalled = errors.New("an event store has not answered for a minute; run the copy again to continue it")

// ErrOtherHistory reports that the target of a copy holds an event that the source does not have.
var ErrOtherHistory = errors.New("the target holds events that this log does not have")

// Copied says how far a copy has got.
type Copied struct {
	Events int      // by this call
	At     Position // of the last of them in the source
}

// Copy appends this program's events from one store to another in log order, after the last one that is already there:
// to resume an interrupted copy, run it again. Ids, data and metadata stay the same; positions and the stores'
// timestamps are new. It reports its progress after each batch.
//
// Errors: ErrOtherHistory; ErrWrongRevision if a stream of the same name holds other events.
func Copy(ctx context.Context, from, to *Store, progress func(Copied)) (Copied, error) {
	c := Copied{}
	m, _, found, err := to.LastMark(ctx, Position{})
	if err == nil && found {
		c.At, found, err = from.Find(ctx, m)
		if err == nil && !found {
			err = fmt.Errorf("%w: %s, revision %d", ErrOtherHistory, m.Stream, m.Revision)
		}
	}
	if err != nil {
		return Copied{}, err
	}
	pages := func(ctx context.Context) iter.Seq2[[]*esdb.RecordedEvent, error] { return from.pages(ctx, c.At) }
	_, err = fillLog(ctx, to, pages, func(n int, last *esdb.RecordedEvent) {
		c = Copied{Events: n, At: positionOf(last)}
		if progress != nil {
			progress(c)
		}
	})
	return c, err
}

// fillLog appends pages of events in their order.
func fillLog(
	ctx context.Context, to *Store, pages func(context.Context) iter.Seq2[[]*esdb.RecordedEvent, error],
	progress func(events int, last *esdb.RecordedEvent),
) (int, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stalled := time.AfterFunc(copyStall, func() { cancel(errStalled) })
	defer stalled.Stop()
	w := &batchWriter{config: to.config}
	defer w.close()
	copied, most := 0, 1 // the first append goes alone: a target with another history refuses it
	for page, err := range pages(ctx) {
		if err != nil {
			return copied, copyError(ctx, err)
		}
		for len(page) > 0 {
			batch, n := nextBatch(page, most)
			if err := w.write(ctx, batch); err != nil {
				return copied, copyError(ctx, err)
			}
			stalled.Reset(copyStall)
			copied += n
			progress(copied, page[n-1])
			page, most = page[n:], copyBatch
		}
	}
	return copied, nil
}

// copyError returns why a copy ended.
func copyError(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); errors.Is(cause, errStalled) {
		return fmt.Errorf("%w (%w)", cause, err)
	}
	return err
}

// nextBatch returns the first events as appends, and their number.
func nextBatch(events []*esdb.RecordedEvent, most int) (appends [][]*esdb.RecordedEvent, n int) {
	size := 0
	for n < len(events) && len(appends) < most && size < copyBytes {
		run := leadingRun(events[n:])
		for _, e := range events[n : n+run] {
			size += sizeOf(e)
		}
		appends = append(appends, events[n:n+run])
		n += run
	}
	return appends, n
}

// leadingRun counts the first events that share a stream and fit into one append.
func leadingRun(events []*esdb.RecordedEvent) int {
	size := 0
	for i, e := range events {
		size += sizeOf(e)
		if i > 0 && (e.StreamID != events[0].StreamID || i == copyGroup || size > MaxAppend) {
			return i
		}
	}
	return len(events)
}

func sizeOf(e *esdb.RecordedEvent) int { return len(e.Data) + len(e.UserMetadata) + 2*len(e.EventType) }
