package node

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
)

// replay tracks which parked messages are being retried.
type replay struct {
	from        int64          // first parked revision not yet replayed
	outstanding map[int64]bool // replayed but not settled
	truncated   int64          // first revision left in the parked stream
}

func (r *replay) settled(m *message) {
	if m.parked >= 0 {
		delete(r.outstanding, m.parked)
	}
}

// done returns the revision below which no parked message is needed any more.
func (r *replay) done() int64 {
	lowest := r.from
	for revision := range r.outstanding {
		lowest = min(lowest, revision)
	}
	return lowest
}

// park stores a link to the message in the parked stream. The message counts as unsettled until the link is
// durable. If that fails, the message is sent again.
func (g *subscriptionGroup) park(m *message, reason string) {
	original := m.original()
	metadata, err := json.Marshal(map[string]string{"added": time.Now().UTC().Format(time.RFC3339Nano),
		"reason": reason})
	if err != nil {
		metadata = []byte(`{}`)
	}
	p := &proposal{
		action: actionAppend, stream: g.row.key.parkedStream(), expected: expectAny,
		events: []proposed{{
			id: uuid.New(), kind: typeLink, metadata: metadata,
			data: fmt.Appendf(nil, "%d@%s", original.revision, original.stream),
		}},
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), groupTimeout)
		defer cancel()
		_, err := g.node.writer.submit(ctx, p)
		g.do(func() {
			if err != nil {
				g.log.Warn("park message failed", "group", g.row.key.name, cause(err))
				g.waiting = append(g.waiting, m)
				return
			}
			g.settle(m)
		})
	}()
}

// parkedMessage is one entry of the parked stream, with its event if that still exists.
type parkedMessage struct {
	resolved
	revision int64
}

// replayParked sends parked messages before all others. A message stays in the parked stream until it is
// settled.
func (g *subscriptionGroup) replayParked(parked []parkedMessage) {
	messages := make([]*message, 0, len(parked)+len(g.waiting))
	for _, p := range parked {
		if p.revision < g.replay.from {
			continue // another call has replayed it
		}
		g.replay.from = p.revision + 1
		if p.event == nil && p.link == nil {
			continue
		}
		if g.replay.outstanding == nil {
			g.replay.outstanding = map[int64]bool{}
		}
		g.replay.outstanding[p.revision] = true
		messages = append(messages, &message{resolved: p.resolved, parked: p.revision})
	}
	g.waiting = append(messages, g.waiting...)
}

// truncateParked removes replayed and settled messages from the parked stream.
func (g *subscriptionGroup) truncateParked() {
	done := g.replay.done()
	if done <= g.replay.truncated {
		return
	}
	g.replay.truncated = done
	p := &proposal{
		action: actionAppend, stream: metastreamPrefix + g.row.key.parkedStream(), expected: expectAny,
		events: []proposed{{id: uuid.New(), kind: typeMetadata, json: true,
			data: fmt.Appendf(nil, `{"$tb":%d}`, done)}},
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), groupTimeout)
		defer cancel()
		if _, err := g.node.writer.submit(ctx, p); err != nil {
			g.log.Warn("truncate parked messages failed", "group", g.row.key.name, cause(err))
			g.do(func() { g.replay.truncated = 0 })
		}
	}()
}

// parked reads up to limit parked messages starting at a revision.
func (n *Node) parked(ctx context.Context, row groupRow, from, limit int64) ([]parkedMessage, error) {
	view, err := n.pages.stream(ctx, row.key.parkedStream())
	if err != nil || !view.exists() {
		return nil, err
	}
	links, err := n.pages.forward(ctx, view, from, int(min(limit, math.MaxInt32)))
	if err != nil {
		return nil, err
	}
	found := make([]parkedMessage, len(links))
	for i, link := range links {
		found[i].revision = link.revision
		target, err := n.pages.resolve(ctx, link)
		if err != nil {
			return nil, err
		}
		if target.event == nil {
			continue
		}
		found[i].resolved = resolved{event: target.event}
		if row.settings.ResolveLinks {
			if found[i].resolved, err = n.pages.resolve(ctx, target.event); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// parkedCount returns how many messages of a group are parked.
func (n *Node) parkedCount(ctx context.Context, key groupKey) (int64, error) {
	view, err := n.pages.stream(ctx, key.parkedStream())
	if err != nil || !view.exists() {
		return 0, err
	}
	return max(0, view.revision-view.lowest+1), nil
}
