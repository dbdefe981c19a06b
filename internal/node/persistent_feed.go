package node

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
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
	if r.kind == typeTombstone && !f.all {
		return nil // the subscription ends next
	}
	m := &message{resolved: resolved{event: r}, at: r.revision, parked: -1, name: linkTo(r)}
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

func (f *groupFeed) caughtUp(bool, int64) error { return nil }

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
	if row.key.source != sourceAll {
		source, err := n.pages.stream(ctx, row.key.source)
		if err == nil && source.tombstoned {
			err = errGroupDropped
		}
		if err != nil {
			lease.release()
			return nil, err
		}
	}
	view, err := n.pages.stream(ctx, row.key.parkedStream())
	if err != nil {
		lease.release()
		return nil, err
	}
	running, cancel := context.WithCancel(context.Background())
	g := &subscriptionGroup{
		node: n, row: row, lease: lease, log: n.log, running: running, stop: cancel,
		calls: make(chan func()), feed: make(chan *message), replayed: make(chan *message), stopped: make(chan struct{}),
		fed: row.checkpoint, saved: row.checkpoint, idleSince: time.Now(),
		replay: replay{from: view.lowest, fed: view.lowest, truncated: view.lowest},
	}
	feed := &groupFeed{ctx: running, pages: n.pages, resolveLinks: row.settings.ResolveLinks,
		all: row.key.source == sourceAll, out: g.feed}
	n.workers.Go(func() { g.run(running) })
	n.workers.Go(func() {
		if err := n.feedGroup(running, feed, row, filter); running.Err() == nil {
			g.do(func() { g.end(err) })
		}
	})
	return g, nil
}

// feedGroup feeds a group until ctx ends. It returns early, with the reason for the consumers, if the group's stream is
// tombstoned or its source cannot be read.
func (n *Node) feedGroup(ctx context.Context, feed *groupFeed, row groupRow, filter *filter) error {
	if feed.all {
		return n.followAll(ctx, feed, row.checkpoint, filter)
	}
	err := n.followStream(ctx, feed, row.key.source, row.checkpoint)
	if status.Code(err) == codes.FailedPrecondition {
		return errGroupDropped
	}
	return err
}
