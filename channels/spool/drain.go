package spool

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path"
	"sync"
	"time"

	"parley/internal/fault"
)

const (
	batchCount = 64
	batchBytes = 4 << 20
	minPause   = 50 * time.Millisecond
	maxPause   = 2 * time.Second
)

// ErrPermanent marks a delivery that will never be accepted. If Deliver returns it, wrapped, the body is set
// aside on disk for an operator, and the deliveries behind it are delivered.
var ErrPermanent = errors.New("delivery will never be accepted")

// Deliver takes over bodies of one account, in order. After an error it gets all of
// them again, so it must be idempotent.
type Deliver func(ctx context.Context, account string, raws [][]byte) error

// Run delivers what is queued until ctx ends, and then returns nil. It serves accounts in parallel, and each
// in order.
func (s *Spool) Run(ctx context.Context, deliver Deliver) error {
	var workers sync.WaitGroup
	defer workers.Wait()
	for {
		for _, q := range s.waiting() {
			workers.Go(func() {
				s.work(ctx, q, deliver)
				q.working.Store(false)
				if q.pending.Load() > 0 {
					s.nudge() // a delivery came after the last check
				}
			})
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
		}
	}
}

// waiting returns the queues that hold something and have no worker. It marks them as having one.
func (s *Spool) waiting() []*queue {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*queue
	for _, q := range s.queues {
		if q.pending.Load() > 0 && q.working.CompareAndSwap(false, true) {
			out = append(out, q)
		}
	}
	return out
}

func (s *Spool) work(ctx context.Context, q *queue, deliver Deliver) {
	pause := minPause
	limit := batchCount
	for q.pending.Load() > 0 && ctx.Err() == nil {
		err := s.deliverNext(ctx, q, deliver, limit)
		switch {
		case err == nil:
			pause, limit = minPause, batchCount
			continue
		case errors.Is(err, ErrPermanent) && limit > 1:
			limit = 1 // find the one that is refused
			continue
		case ctx.Err() == nil:
			s.opts.Log.Warn("deliveries wait in the local queue", "account", q.account, "deliveries", q.pending.Load(), "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
			pause = min(2*pause, maxPause)
		}
	}
}

// deliverNext hands over the next deliveries of the oldest segment, and drops them once they are accepted.
func (s *Spool) deliverNext(ctx context.Context, q *queue, deliver Deliver, limit int) error {
	seg, committed := q.head()
	if seg == nil {
		return nil
	}
	records, err := s.read(seg, committed, limit)
	if err != nil {
		return s.giveUp(q, seg, err)
	}
	raws := make([][]byte, 0, len(records))
	var size int64
	for _, rec := range records {
		raw, err := s.opts.Open(rec.sealed)
		if err != nil {
			return err // a missing key may come back, so wait
		}
		raws = append(raws, raw)
		size += rec.size()
	}
	err = deliver(ctx, q.account, raws)
	if errors.Is(err, ErrPermanent) && len(records) == 1 {
		err = s.setAside(q, records[0])
	}
	if err != nil {
		return err
	}
	_ = fault.Hit("spool.drained")
	q.mu.Lock()
	seg.read += size
	seg.taken += int64(len(records))
	done := seg.read >= seg.committed
	q.mu.Unlock()
	q.pending.Add(-int64(len(records)))
	s.release(size)
	if done {
		return q.drop(seg)
	}
	return nil
}

func (q *queue) head() (*segment, int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.segments) == 0 {
		return nil, 0
	}
	return q.segments[0], q.segments[0].committed
}

// read returns up to limit records that are not delivered yet.
func (s *Spool) read(seg *segment, committed int64, limit int) ([]record, error) {
	file, err := s.root.Open(seg.name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	reader := io.NewSectionReader(file, seg.read, committed-seg.read)
	var out []record
	for size := int64(0); len(out) < limit && size < batchBytes; {
		rec, err := next(reader)
		if err == io.EOF {
			break
		}
		if err != nil {
			if len(out) > 0 {
				break // deliver the whole records first
			}
			return nil, err
		}
		out = append(out, rec)
		size += rec.size()
	}
	return out, nil
}

// giveUp sets aside the rest of a damaged segment. Any other error is returned, to be retried.
func (s *Spool) giveUp(q *queue, seg *segment, err error) error {
	if !errors.Is(err, errDamaged) {
		return err
	}
	s.opts.Log.Error("a damaged spool file was set aside", "account", q.account, "file", seg.name)
	q.mu.Lock()
	bytes, count := seg.committed-seg.read, seg.count-seg.taken
	seg.read, seg.taken, seg.torn = seg.committed, seg.count, true
	q.mu.Unlock()
	q.pending.Add(-count)
	s.release(bytes)
	return q.drop(seg)
}

// deadLetterDir holds deliveries that were set aside. Its name cannot be an account id.
const deadLetterDir = ".dead-letters"

// setAside keeps one delivery that will never be accepted, still sealed.
func (s *Spool) setAside(q *queue, rec record) error {
	s.opts.Log.Error("a delivery was set aside", "account", q.account)
	if err := s.root.MkdirAll(deadLetterDir, 0o700); err != nil {
		return err
	}
	file, err := s.root.OpenFile(path.Join(deadLetterDir, q.account+"-"+rand.Text()), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(rec.sealed)
	return errors.Join(err, file.Sync(), file.Close(), syncDir(s.root, deadLetterDir), syncDir(s.root, "."))
}
