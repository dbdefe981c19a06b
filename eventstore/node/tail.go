package node

import (
	"sort"
	"sync"
)

const (
	tailRecords = 8192    // events kept in memory for subscriptions that are up to date
	tailBytes   = 8 << 20 // or as many as fit in this
)

// tail is the youngest part of the log in memory, and the bell that rings when it grows. Subscriptions that
// keep up never ask the database.
type tail struct {
	mu      sync.Mutex
	head    int64     // position of the last committed event this process knows of
	records []*record // without gaps, ending at head; may be empty
	size    int
	grown   chan struct{} // closed when head moves, and replaced
}

func newTail(head int64) *tail { return &tail{head: head, grown: make(chan struct{})} }

// publish adds committed events. Those already known are left out; after a gap the tail starts anew, and
// readers fetch what is missing from the database.
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

// skip moves the head without the events, when another process has written more than is worth loading.
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

// trim forgets the older half when there is too much. Readers may still hold parts of the old slice.
func (t *tail) trim() {
	for len(t.records) > tailRecords || t.size > tailBytes && len(t.records) > 1 {
		rest := append([]*record(nil), t.records[(len(t.records)+1)/2:]...)
		t.records, t.size = rest, 0
		for _, r := range rest {
			t.size += r.size()
		}
	}
}

// watch gives the head and a channel that is closed as soon as it moves on.
func (t *tail) watch() (int64, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.head, t.grown
}

// after gives the events behind a position, at most limit, and false if the tail does not reach back that far.
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
