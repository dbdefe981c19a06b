package node

import (
	"context"
	"time"
)

// groupFeed passes the events of a group's source to the group at the speed the group accepts them.
type groupFeed struct {
	ctx          context.Context
	pages        pages
	resolveLinks bool
	all          bool
	out          chan<- *message
}

func (f *groupFeed) event(r *record) error {
	m := &message{resolved: resolved{event: r}, at: r.revision, parked: -1}
	if f.all {
		m.at = r.position
	}
	for f.resolveLinks && r.kind == typeLink {
		target, err := f.pages.resolve(f.ctx, r)
		if err == nil {
			m.resolved = target
			break
		}
		if !sleep(f.ctx, retryDelay) {
			return f.ctx.Err()
		}
	}
	return f.send(m)
}

// checkpoint lets the group advance past events that its filter excludes.
func (f *groupFeed) checkpoint(position int64) error {
	return f.send(&message{at: position, parked: -1})
}

func (f *groupFeed) caughtUp() error { return nil }

func (f *groupFeed) send(m *message) error {
	select {
	case f.out <- m:
		return nil
	case <-f.ctx.Done():
		return f.ctx.Err()
	}
}

// startGroup takes the lease and starts a group at its checkpoint.
func (n *Node) startGroup(ctx context.Context, row groupRow) (*subscriptionGroup, error) {
	filter, err := row.settings.filter()
	if err != nil {
		return nil, err
	}
	lease, err := takeLease(ctx, n.config, row.key)
	if err != nil {
		return nil, err
	}
	// The previous holder of the lease may have moved the checkpoint since the row was read.
	if row, err = n.groups.rows.load(ctx, row.key); err != nil {
		lease.release()
		return nil, err
	}
	view, err := n.pages.stream(ctx, row.key.parkedStream())
	if err != nil {
		lease.release()
		return nil, err
	}
	running, cancel := context.WithCancel(context.Background())
	g := &subscriptionGroup{
		node: n, row: row, lease: lease, log: n.log, stop: cancel,
		calls: make(chan func()), feed: make(chan *message, row.settings.ReadBatch), stopped: make(chan struct{}),
		fed: row.checkpoint, saved: row.checkpoint, idleSince: time.Now(),
		replay: replay{from: view.lowest, truncated: view.lowest},
	}
	feed := &groupFeed{ctx: running, pages: n.pages, resolveLinks: row.settings.ResolveLinks,
		all: row.key.source == sourceAll, out: g.feed}
	n.workers.Go(func() { g.run(running) })
	n.workers.Go(func() {
		if feed.all {
			_ = n.followAll(running, feed, row.checkpoint, filter)
		} else {
			_ = n.followStream(running, feed, row.key.source, row.checkpoint)
		}
	})
	return g, nil
}
