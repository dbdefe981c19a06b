package node

import (
	"slices"
	"sort"
	"sync"
)

const (
	tailRecords = 8192    // events kept in memory for subscriptions that are up to date
	tailBytes   = 8 << 20 // limit on their size
)

// tail holds the newest part of the log in memory and signals when the log grows. Subscriptions that keep up
// never query the database.
type tail struct {
	mu      sync.Mutex
	head    int64     // last committed position this process knows of
	start   int64     // the position before records
	records []*record // all events after start, ending at head; may be empty
	size    int
	grown   chan struct{} // closed and replaced when head moves
}

func newTail(head int64) *tail { return &tail{head: head, start: head, grown: make(chan struct{})} }

// publish adds the events committed next after a position, ignoring known ones. After a gap the tail starts over, and
// readers load the missing events from the database.
func (t *tail) publish(after int64, records []*record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := sort.Search(len(records), func(i int) bool { return records[i].position > t.head })
	if records = records[known:]; len(records) == 0 {
		return
	}
	if after > t.head {
		t.records, t.size, t.start = nil, 0, after
	}
	t.records = append(t.records, records...)
	for _, r := range records {
		t.size += r.size()
	}
	t.advance(records[len(records)-1].position)
	t.trim()
}

// skip moves the head without loading the events, for when another process has written too many of them.
func (t *tail) skip(head int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if head > t.head {
		t.records, t.size, t.start = nil, 0, head
		t.advance(head)
	}
}

func (t *tail) advance(head int64) {
	t.head = head
	close(t.grown)
	t.grown = make(chan struct{})
}

// trim drops the older half if the tail is too large. Readers may still hold parts of the old slice.
func (t *tail) trim() {
	for len(t.records) > tailRecords || t.size > tailBytes && len(t.records) > 1 {
		dropped := (len(t.records) + 1) / 2
		rest := slices.Clone(t.records[dropped:])
		t.start = t.records[dropped-1].position
		t.records, t.size = rest, 0
		for _, r := range rest {
			t.size += r.size()
		}
	}
}

// watch returns the head and a channel that is closed when the head moves.
func (t *tail) watch() (int64, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.head, t.grown
}

// after returns up to limit events after a position. It returns false if the tail does not reach back that
// far.
func (t *tail) after(position int64, limit int) ([]*record, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if position >= t.head {
		return nil, true
	}
	if position < t.start {
		return nil, false
	}
	known := sort.Search(len(t.records), func(i int) bool { return t.records[i].position > position })
	found := t.records[known:]
	return found[:min(len(found), limit)], true
}
