package anchor

import (
	"context"
	"time"

	"parley/eventstore"
)

// headNote names the note that says how far the event log had got.
const headNote = "log-head.json"

// Head is the last event of the log that was seen from a place. If the log no longer has it, the log is an older copy.
type Head struct {
	Fingerprint string          `json:"fingerprint"` // of the deployment
	Mark        eventstore.Mark `json:"event"`
	SeenAt      time.Time       `json:"seenAt"`
}

// ReadHead returns what a place knows about the log of a deployment, and false if it knows nothing.
func ReadHead(ctx context.Context, fingerprint string, place Place) (h Head, found bool, err error) {
	found, err = read(ctx, place, headNote, &h)
	return h, found && h.Fingerprint == fingerprint, err
}

// WriteHead replaces what a place knows about the log.
func WriteHead(ctx context.Context, h Head, place Place) error { return write(ctx, place, headNote, h) }
