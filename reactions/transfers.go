package reactions

import (
	"context"
	"time"

	"parley/domain"
	"parley/projections/transfers"
)

const (
	looseAfter    = 2 * time.Second // what is younger may still be worked on by whoever began it
	repairedAgain = 10 * time.Second
)

// repair brings transfers and their interactions to agree when whoever worked on both stopped between the two.
type repair struct {
	Config
	aside     *aside
	notBefore map[string]time.Time
}

func newRepair(c Config) *repair {
	return &repair{Config: c, aside: newAside(c, "transfers"), notBefore: make(map[string]time.Time)}
}

func (r *repair) loop() loop {
	return loop{name: "transfers", sweep: r.sweep, gap: 500 * time.Millisecond, idle: time.Second, of: []string{"transfers", "open_interactions"}}
}

func (r *repair) sweep(ctx context.Context) (time.Duration, error) {
	now := r.Now()
	loose, err := transfers.LooseEnds(ctx, r.Pool, now.Add(-looseAfter), 500)
	if err != nil {
		return 0, err
	}
	for id, t := range r.notBefore {
		if !t.After(now) {
			delete(r.notBefore, id)
		}
	}
	for _, l := range loose {
		if _, guarded := r.notBefore[l.TransferID]; guarded || r.aside.holds(l.TransferID) {
			continue
		}
		r.notBefore[l.TransferID] = now.Add(repairedAgain)
		if l.State == "" {
			err = r.Commands.AbandonTransfer(ctx, domain.InteractionID(l.InteractionID), domain.TransferID(l.TransferID))
		} else {
			_, err = r.Commands.SettleTransfer(ctx, domain.TransferID(l.TransferID))
		}
		if refused(err) {
			err = nil
		}
		failed := err != nil
		if err := r.aside.tried(l.TransferID, err); err != nil {
			return 0, err
		}
		if !failed {
			r.Count("transfer repaired")
		}
	}
	return 0, nil
}
