package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// segmentSize is the size at which a new file begins. A file is deleted once all of it is delivered, so after a
// kill up to this much is delivered again.
const segmentSize = 1 << 20

// queue holds the deliveries of one account in segment files, oldest first. Files are only appended to.
type queue struct {
	account string
	root    *os.Root
	log     *slog.Logger
	pending atomic.Int64
	working atomic.Bool // a worker delivers

	committing sync.Mutex // held while a batch is written and synced
	mu         sync.Mutex // guards what follows
	forming    *batch
	segments   []*segment
	active     *os.File // of the last segment; nil when the next append begins a new one
	last       int      // number of the last segment, including one that could not be created
}

type segment struct {
	name      string
	committed int64 // bytes that are durable
	read      int64 // bytes that are delivered
	count     int64 // records that are durable
	taken     int64 // records that are delivered
	torn      bool  // ends in bytes that are not a record
	oldest    time.Time
}

// batch is what one sync makes durable. The first append to join it writes it for all.
type batch struct {
	bytes []byte
	count int64
	done  chan struct{}
	err   error
}

// append returns once rec is durable. Concurrent appends share one sync.
func (q *queue) append(rec []byte) error {
	q.mu.Lock()
	b := q.forming
	first := b == nil
	if first {
		b = &batch{done: make(chan struct{})}
		q.forming = b
	}
	b.bytes = append(b.bytes, rec...)
	b.count++
	q.mu.Unlock()
	if !first {
		<-b.done
		return b.err
	}
	q.committing.Lock()
	defer q.committing.Unlock()
	q.mu.Lock()
	q.forming = nil
	q.mu.Unlock()
	b.err = q.commit(b)
	close(b.done)
	return b.err
}

func (q *queue) commit(b *batch) error {
	seg, file, err := q.writable()
	if err != nil {
		return err
	}
	_, err = file.WriteAt(b.bytes, seg.committed)
	if err == nil {
		err = file.Sync()
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if err != nil {
		// The state of the file is unknown now, so nothing more is appended to it.
		_ = file.Truncate(seg.committed)
		_ = file.Close()
		q.active = nil
		return err
	}
	seg.committed += int64(len(b.bytes))
	seg.count += b.count
	q.pending.Add(b.count)
	return nil
}

// writable returns the segment to append to, and begins a new one if the last is
// full. The caller holds committing.
func (q *queue) writable() (*segment, *os.File, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.active != nil {
		seg := q.segments[len(q.segments)-1]
		if seg.committed < segmentSize {
			return seg, q.active, nil
		}
		_ = q.active.Close()
		q.active = nil
	}
	if err := q.root.MkdirAll(q.account, 0o700); err != nil {
		return nil, nil, err
	}
	q.last++ // even if this fails, since a name that exists must not be tried forever
	name := path.Join(q.account, fmt.Sprintf("%012d.seg", q.last))
	file, err := q.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, nil, err
	}
	if err := errors.Join(syncDir(q.root, q.account), syncDir(q.root, ".")); err != nil {
		return nil, nil, errors.Join(err, file.Close(), q.root.Remove(name))
	}
	seg := &segment{name: name, oldest: time.Now()}
	q.segments, q.active = append(q.segments, seg), file
	return seg, file, nil
}

func syncDir(root *os.Root, name string) error {
	dir, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// restore finds the segments of an earlier run. They are never appended to again.
func (q *queue) restore() error {
	files, err := fs.ReadDir(q.root.FS(), q.account)
	if err != nil {
		return err
	}
	for _, f := range files { // by name, so oldest first
		var number int
		if _, err := fmt.Sscanf(f.Name(), "%012d.seg", &number); err != nil {
			continue
		}
		q.last = max(q.last, number)
		seg := &segment{name: path.Join(q.account, f.Name())}
		if err := q.measure(seg); err != nil {
			return err
		}
		q.segments = append(q.segments, seg)
		q.pending.Add(seg.count)
		if seg.count == 0 {
			if err := q.drop(seg); err != nil {
				return err
			}
		}
	}
	return nil
}

// measure finds the end of the last whole record of a segment.
func (q *queue) measure(seg *segment) error {
	file, err := q.root.Open(seg.name)
	if err != nil {
		return err
	}
	defer file.Close()
	reader := io.NewSectionReader(file, 0, 1<<62)
	for {
		rec, err := next(reader)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			q.log.Warn("a spool file ends in a torn record", "account", q.account, "file", seg.name, "records", seg.count)
			seg.torn = true
			return nil
		}
		if seg.count == 0 {
			seg.oldest = rec.at
		}
		seg.count++
		seg.committed += rec.size()
	}
}

func (q *queue) size() (n int64) {
	for _, seg := range q.segments {
		n += seg.committed
	}
	return n
}

func (q *queue) oldest() time.Time {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.segments) == 0 {
		return time.Time{}
	}
	return q.segments[0].oldest
}

// drop removes a segment once all of it is delivered. It closes the segment first if it is being written, and
// sets it aside instead if it is torn.
func (q *queue) drop(seg *segment) error {
	q.committing.Lock()
	defer q.committing.Unlock()
	q.mu.Lock()
	defer q.mu.Unlock()
	if seg.read < seg.committed {
		return nil // more was appended in the meantime
	}
	if q.active != nil && q.segments[len(q.segments)-1] == seg {
		_ = q.active.Close()
		q.active = nil
	}
	q.segments = slices.DeleteFunc(q.segments, func(s *segment) bool { return s == seg })
	if !seg.torn {
		return q.root.Remove(seg.name)
	}
	if err := q.root.MkdirAll(deadLetterDir, 0o700); err != nil {
		return err
	}
	err := q.root.Rename(seg.name, path.Join(deadLetterDir, q.account+"-"+path.Base(seg.name)))
	return errors.Join(err, syncDir(q.root, deadLetterDir), syncDir(q.root, "."))
}

func (q *queue) close() error {
	q.committing.Lock()
	defer q.committing.Unlock()
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.active == nil {
		return nil
	}
	err := q.active.Close()
	q.active = nil
	return err
}
