package node

import (
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
	records []*record // without gaps, ending at head; may be empty
	size    int
	grown   chan struct{} // closed and replaced when head moves
}

func newTail(head int64) *tail { return &tail{head: head, grown: make(chan struct{})} }

// publish adds committed events, ignoring known ones. After a gap the tail starts over, and readers load the
// missing events from the database.
func (t *tail) publish(records []*record) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := sort.Search(len(records), func(i int) bool { return records[i].position > t.head })
	if records = records[known:]; len(records) == 0 {
		return
	}
	if records[0].position != t.head+1 {
		t.records, t.size = nil, 0
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
		t.records, t.size = nil, 0
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
		rest := append([]*record(nil), t.records[(len(t.records)+1)/2:]...)
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
	missing := t.head - position
	if missing > int64(len(t.records)) {
		return nil, false
	}
	found := t.records[len(t.records)-int(missing):]
	return found[:min(len(found), limit)], true
}
