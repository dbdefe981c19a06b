package monitoring

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/channels/spool"
	"parley/domain/deployment"
	"parley/eventstore"
)

// Observed is what a process watches.
type Observed struct {
	Pool  *pgxpool.Pool
	Store *eventstore.Store
	Now   func() time.Time
	// Queue is nil in a process that receives no deliveries.
	Queue Queue
	// Accounts returns how many accounts this process knows, and false until it has read them.
	Accounts func() (n int, read bool)
	// Outbound returns what holds messages to customers.
	Outbound func(context.Context) (deployment.Hold, error)
}

// Queue is the local queue.
type Queue interface {
	Stats() spool.Stats
	// Check reports why the queue cannot keep deliveries.
	Check() error
}
