package node

import (
	"cmp"
	"time"
)

// message is one event on its way through a group.
type message struct {
	resolved
	at      int64  // place in the source, as in the checkpoint: a revision, or a position for $all
	before  int64  // place of the message before it
	parked  int64  // its revision in the parked stream if replayed, else -1
	name    string // revision and stream, as a link to it says
	retries int32
	settled bool
	owner   *consumer // nil while it waits
	expires time.Time
}

func (m *message) empty() bool { return m.event == nil && m.link == nil }

func (m *message) size() (size int) {
	for _, r := range []*record{m.event, m.link} {
		if r != nil {
			size += r.size()
		}
	}
	return size
}

// sendingOrder orders messages that are sent again: replayed ones first, then as in the source.
func sendingOrder(a, b *message) int {
	switch {
	case a.parked >= 0 && b.parked < 0:
		return -1
	case a.parked < 0 && b.parked >= 0:
		return 1
	}
	return cmp.Or(cmp.Compare(a.parked, b.parked), cmp.Compare(a.at, b.at))
}

// delivery is a message as sent to one consumer.
type delivery struct {
	resolved
	retries int32
}

// consumer is one connection to a group.
type consumer struct {
	buffer   int
	messages chan delivery           // has room for buffer messages, so sending never blocks
	inFlight map[[16]byte][]*message // by id of the original event
	count    int                     // messages in flight
	ended    error                   // why it was dropped; set before dropped is closed
	dropped  chan struct{}
}

func (c *consumer) free() bool { return c.count < c.buffer && len(c.messages) < c.buffer }
