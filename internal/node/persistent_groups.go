package node

import (
	"context"
	"errors"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// groups holds the persistent subscriptions this process is running.
type groups struct {
	rows    groupRows
	mu      sync.Mutex
	running map[groupKey]*subscriptionGroup

	publishing sync.Mutex // held while the list of groups is written to its stream
}

// group returns a running group, starting it if necessary.
func (n *Node) group(ctx context.Context, key groupKey) (*subscriptionGroup, error) {
	n.groups.mu.Lock()
	defer n.groups.mu.Unlock()
	select {
	case <-n.stopping:
		return nil, errStopping
	default:
	}
	if g, ok := n.groups.running[key]; ok {
		select {
		case <-g.stopped:
			delete(n.groups.running, key)
		default:
			return g, nil
		}
	}
	row, err := n.groups.rows.load(ctx, key)
	if err != nil {
		return nil, err
	}
	g, err := n.startGroup(ctx, row)
	if err != nil {
		return nil, err
	}
	n.groups.running[key] = g
	return g, nil
}

// runningGroup returns a group if this process runs it.
func (n *Node) runningGroup(key groupKey) (*subscriptionGroup, bool) {
	n.groups.mu.Lock()
	defer n.groups.mu.Unlock()
	g, ok := n.groups.running[key]
	return g, ok
}

// dropGroup ends a running group and drops its consumers, because the group was changed or deleted.
func (n *Node) dropGroup(key groupKey) {
	g, ok := n.runningGroup(key)
	if !ok {
		return
	}
	g.do(func() {
		for _, c := range g.consumers {
			c.ended = errGroupDropped
			close(c.dropped)
		}
		g.consumers = nil
		g.stop()
	})
	<-g.stopped
}

// stopGroups ends all groups of this process, saving their checkpoints.
func (n *Node) stopGroups() {
	n.groups.mu.Lock()
	defer n.groups.mu.Unlock()
	for _, g := range n.groups.running {
		g.stop()
	}
}

// errGroupDropped tells consumers that their group was changed or deleted.
var errGroupDropped = errors.New("subscription group dropped")

// groupError translates an error of a group into the status and trailers clients expect.
func (n *Node) groupError(ctx context.Context, key groupKey, err error) error {
	about := []string{"stream-name", key.source, "group-name", key.name}
	name := "Subscription group " + key.name + " on stream " + key.source
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errGroupMissing):
		return withTrailers(ctx, codes.NotFound, name+" does not exist.",
			append(about, "exception", "persistent-subscription-does-not-exist")...)
	case errors.Is(err, errGroupExists):
		return withTrailers(ctx, codes.AlreadyExists, name+" exists.",
			append(about, "exception", "persistent-subscription-exists")...)
	case errors.Is(err, errGroupDropped):
		return withTrailers(ctx, codes.Canceled, name+" was dropped.",
			append(about, "exception", "persistent-subscription-dropped")...)
	case errors.Is(err, errGroupFull):
		return withTrailers(ctx, codes.FailedPrecondition, "Maximum subscriptions reached for "+name+".",
			append(about, "exception", "maximum-subscribers-reached")...)
	case errors.Is(err, errLeased):
		return status.Error(codes.Unavailable, name+" is run by another node")
	}
	if _, known := status.FromError(err); known {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	n.health.failed(err)
	return unavailable(err)
}

var errGroupFull = errors.New("too many consumers")
