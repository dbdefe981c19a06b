package reactions

import (
	"context"
	"time"

	"parley/domain"
	"parley/projections/transfers"
)

const (
	repairAfter = 2 * time.Second  // younger transfers may still be in progress
	repairAgain = 10 * time.Second // if it is still half done
)

// repair completes half-done transfers: the process stopped between the transfer's event and the interaction's.
type repair struct {
	Config
	retries   *retries
	notBefore map[string]time.Time
}

func newRepair(c Config) *repair {
	return &repair{Config: c, retries: newRetries(c, "transfers"), notBefore: make(map[string]time.Time)}
}

func (r *repair) loop() loop {
	return loop{name: "transfers", sweep: r.sweep, gap: 500 * time.Millisecond, idle: time.Second,
		watches: []string{"transfers", "open_interactions"}}
}

func (r *repair) sweep(ctx context.Context) (time.Duration, error) {
	now := r.Now()
	loose, err := transfers.LooseEnds(ctx, r.Pool, now.Add(-repairAfter), 500)
	if err != nil {
		return 0, err
	}
	for id, t := range r.notBefore {
		if !t.After(now) {
			delete(r.notBefore, id)
		}
	}
	for _, l := range loose {
		if _, guarded := r.notBefore[l.TransferID]; guarded || r.retries.delayed(l.TransferID) {
			continue
		}
		r.notBefore[l.TransferID] = now.Add(repairAgain)
		if l.Status == "" {
			err = r.Commands.AbandonTransfer(ctx, domain.InteractionID(l.InteractionID),
				domain.TransferID(l.TransferID))
		} else {
			_, err = r.Commands.ReconcileTransfer(ctx, domain.TransferID(l.TransferID))
		}
		if refused(err) {
			err = nil
		}
		failed := err != nil
		if err := r.retries.record(l.TransferID, err); err != nil {
			return 0, err
		}
		if !failed {
			r.Count("transfer repaired")
		}
	}
	return 0, nil
}
