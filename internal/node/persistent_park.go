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
	from        int64          // first parked revision not yet asked to be replayed
	fed         int64          // first one not yet taken by the group
	feeding     bool           // a worker passes those in between to the group
	outstanding map[int64]bool // taken but not settled
	truncated   int64          // first revision left in the parked stream
}

func (r *replay) settled(m *message) {
	if m.parked >= 0 {
		delete(r.outstanding, m.parked)
	}
}

// done returns the revision below which no parked message is needed any more.
func (r *replay) done() int64 {
	lowest := r.fed
	for revision := range r.outstanding {
		lowest = min(lowest, revision)
	}
	return lowest
}

// park stores a link to the message in the parked stream. The message counts as unsettled until the link is
// durable. If that fails, the message is sent again.
func (g *subscriptionGroup) park(m *message, reason string) {
	metadata, err := json.Marshal(map[string]string{"added": time.Now().UTC().Format(time.RFC3339Nano),
		"reason": reason})
	if err != nil {
		metadata = []byte(`{}`)
	}
	link := proposed{id: uuid.New(), kind: typeLink, metadata: metadata, data: []byte(m.name)}
	g.write(g.row.key.parkedStream(), link, func(err error) {
		if err != nil {
			g.log.Warn("park message failed", "group", g.row.key.name, cause(err))
			g.sendAgain(m)
			return
		}
		g.settle(m)
	})
}

// write appends an event to one of the group's own streams and calls done on the group's goroutine.
func (g *subscriptionGroup) write(stream string, e proposed, done func(error)) {
	p := &proposal{action: actionAppend, stream: stream, expected: expectAny, events: []proposed{e}}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), groupTimeout)
		defer cancel()
		_, err := g.node.writer.submit(ctx, p)
		g.do(func() { done(err) })
	}()
}

// replayParked has the parked messages below a revision sent before all others.
func (g *subscriptionGroup) replayParked(ctx context.Context, until int64) {
	g.replay.from = max(g.replay.from, until)
	if g.replay.feeding || g.replay.fed >= g.replay.from {
		return
	}
	g.replay.feeding = true
	from, until := g.replay.fed, g.replay.from
	g.node.workers.Go(func() {
		g.feedParked(ctx, from, until)
		g.do(func() {
			g.replay.feeding = false
			g.replayParked(ctx, g.replay.from)
		})
	})
}

// feedParked passes the parked messages in [from, until) to the group, unless ctx ends first.
func (g *subscriptionGroup) feedParked(ctx context.Context, from, until int64) {
	for from < until {
		page, err := g.node.parked(ctx, g.row, from, until)
		if err != nil {
			if !sleep(ctx, retryDelay) {
				return
			}
			continue
		}
		if len(page) == 0 {
			page = []*message{{parked: until - 1}} // the rest was removed from the stream
		}
		for _, m := range page {
			select {
			case g.replayed <- m:
				from = m.parked + 1
			case <-ctx.Done():
				return
			}
		}
	}
}

// takeReplayed takes a parked message, or skips one whose event no longer exists. The message stays in the
// parked stream until it is settled.
func (g *subscriptionGroup) takeReplayed(m *message) {
	g.replay.fed = m.parked + 1
	if m.empty() {
		return
	}
	if g.replay.outstanding == nil {
		g.replay.outstanding = map[int64]bool{}
	}
	g.replay.outstanding[m.parked] = true
	g.held += m.size()
	g.sendAgain(m)
}

// truncateParked removes replayed and settled messages from the parked stream.
func (g *subscriptionGroup) truncateParked() {
	done := g.replay.done()
	if done <= g.replay.truncated {
		return
	}
	g.replay.truncated = done
	metadata := proposed{id: uuid.New(), kind: typeMetadata, json: true, data: fmt.Appendf(nil, `{"$tb":%d}`, done)}
	g.write(metastreamPrefix+g.row.key.parkedStream(), metadata, func(err error) {
		if err != nil {
			g.log.Warn("truncate parked messages failed", "group", g.row.key.name, cause(err))
			g.replay.truncated = 0
		}
	})
}

const parkedPage = 16 // parked messages read at a time

// parked reads the next parked messages between two revisions, with their events and the links to them.
func (n *Node) parked(ctx context.Context, row groupRow, from, until int64) ([]*message, error) {
	view, err := n.pages.stream(ctx, row.key.parkedStream())
	if err != nil || !view.exists() {
		return nil, err
	}
	links, err := n.pages.forward(ctx, view, from, int(min(until-from, parkedPage)))
	if err != nil {
		return nil, err
	}
	var found []*message
	for _, link := range links {
		if link.revision >= until {
			break
		}
		target, err := n.pages.resolve(ctx, link)
		if err == nil && target.event != nil && row.settings.ResolveLinks {
			target, err = n.pages.resolve(ctx, target.event) // a link was parked
		}
		if err != nil {
			return nil, err
		}
		m := &message{parked: link.revision, name: string(link.data)}
		if target.event != nil {
			m.resolved = resolved{event: target.event, link: link}
		}
		found = append(found, m)
	}
	return found, nil
}

// parkedEnd returns the revision after the last of up to limit messages that a group has parked, starting at from.
func (n *Node) parkedEnd(ctx context.Context, key groupKey, from, limit int64) (int64, error) {
	view, err := n.pages.stream(ctx, key.parkedStream())
	if err != nil || !view.exists() {
		return from, err
	}
	end := view.revision + 1
	if limit < math.MaxInt64-from {
		end = min(end, from+limit)
	}
	return end, nil
}

// parkedCount returns how many messages of a group are parked and not being replayed. from is the first of
// them.
func (n *Node) parkedCount(ctx context.Context, key groupKey, from int64) (int64, error) {
	view, err := n.pages.stream(ctx, key.parkedStream())
	if err != nil || !view.exists() {
		return 0, err
	}
	return max(0, view.revision-max(view.lowest, from)+1), nil
}
