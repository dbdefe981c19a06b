package verify

import (
	"parley/domain/interaction"
	"parley/eventstore"
)

// order checks that positions increase, and that the revisions of a stream are 0, 1, 2…
type order struct {
	last      eventstore.Position
	next      map[string]uint64 // by stream
	positions Finding
	revisions Finding
}

func newOrder() *order {
	return &order{
		next:      make(map[string]uint64),
		positions: Finding{Invariant: "the log's positions increase"},
		revisions: Finding{Invariant: "a stream's revisions are 0, 1, 2…"},
	}
}

func (o *order) observe(e eventstore.Recorded) {
	o.positions.Checked++
	if !e.Position.After(o.last) {
		o.positions.violated("%s after %s", e.Position, o.last)
	}
	o.last = e.Position
	o.revisions.Checked++
	if e.Revision != o.next[e.Stream] {
		o.revisions.violated("%s: %d instead of %d", e.Stream, e.Revision, o.next[e.Stream])
	}
	o.next[e.Stream] = e.Revision + 1
}

func (o *order) findings() []Finding { return []Finding{o.positions, o.revisions} }

// receivedOnce checks that there is one MessageReceived per account and provider message id.
type receivedOnce struct {
	accounts map[string]string // by stream
	seen     map[[2]string]bool
	Finding
}

func newReceivedOnce() *receivedOnce {
	return &receivedOnce{
		accounts: make(map[string]string), seen: make(map[[2]string]bool),
		Finding: Finding{Invariant: "one message received per account and provider message id"},
	}
}

func (r *receivedOnce) observe(e eventstore.Recorded) {
	switch ev := e.Event.(type) {
	case interaction.Opened:
		r.accounts[e.Stream] = string(ev.AccountID)
	case interaction.MessageReceived:
		r.Checked++
		// Our message id derives from the provider's, which cannot be read once the person was erased.
		for _, id := range []string{string(ev.MessageID), "provider " + ev.ProviderMessageID} {
			key := [2]string{r.accounts[e.Stream], id}
			if r.seen[key] && id != "provider " {
				r.violated("%s: message %s at %s", e.Stream, ev.MessageID, e.Position)
				return
			}
			r.seen[key] = true
		}
	}
}

func (r *receivedOnce) findings() []Finding { return []Finding{r.Finding} }

// commandsOnce checks that the events of a command in a stream are contiguous, and that no event occurs
// twice.
type commandsOnce struct {
	last map[[2]string]uint64 // revision by stream and command
	ids  map[[16]byte]bool
	Finding
}

func newCommandsOnce() *commandsOnce {
	return &commandsOnce{
		last: make(map[[2]string]uint64), ids: make(map[[16]byte]bool),
		Finding: Finding{Invariant: "one set of events per command and stream"},
	}
}

func (c *commandsOnce) observe(e eventstore.Recorded) {
	if e.Metadata.CommandID == "" {
		return
	}
	c.Checked++
	key := [2]string{e.Stream, e.Metadata.CommandID}
	before, known := c.last[key]
	if c.ids[e.ID] || known && e.Revision != before+1 {
		c.violated("%s: command %s repeated at revision %d (%s)", e.Stream, e.Metadata.CommandID, e.Revision,
			e.Type)
	}
	c.last[key], c.ids[e.ID] = e.Revision, true
}

func (c *commandsOnce) findings() []Finding { return []Finding{c.Finding} }
