package node

import (
	"context"
	"time"
)

// checkpoint returns the last place up to which all messages are settled.
func (g *subscriptionGroup) checkpoint() int64 {
	settled := 0
	for settled < len(g.unsettled) && g.unsettled[settled].settled {
		settled++
	}
	g.unsettled = g.unsettled[settled:]
	g.cover(settled)
	if len(g.unsettled) > 0 {
		return g.unsettled[0].before
	}
	return g.fed
}

func (g *subscriptionGroup) cover(n int) {
	g.covered += n
	g.unpublished += n
}

// save stores the checkpoint if it has moved. It returns false if the lease is lost and the group must end.
// Fewer checkpoints are published to the checkpoint stream, as the settings say, but always the last one.
func (g *subscriptionGroup) save(ctx context.Context, last bool) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	g.truncateParked()
	at := g.checkpoint()
	if at > g.saved {
		if err := g.lease.save(ctx, at); err != nil {
			g.log.Warn("subscription group checkpoint failed", "group", g.row.key.name, cause(err))
			return false
		}
		g.saved, g.covered = at, 0
	} else if g.lease.alive(ctx) != nil {
		return false
	}
	if g.unpublished >= int(max(g.row.settings.MinCheckpoint, 1)) || last && g.unpublished > 0 {
		g.unpublished = 0
		g.publishCheckpoint(g.saved)
	}
	return true
}
