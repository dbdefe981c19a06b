package verify

import (
	"time"

	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/eventstore"
)

// overdue is how long a transfer may outlast its expiry before its timer counts as lost.
const overdue = time.Minute

// transfers checks that each transfer ends exactly once, in its own stream and in its interaction's, and that
// an offer expires at most once.
type transfers struct {
	Options
	ends    map[string]int       // by transfer
	expires map[string]time.Time // by transfer
	running map[string]string    // transfer in progress, by the interaction's stream
	expired map[string]bool      // offers
	Finding
	offers Finding
}

func newTransfers(o Options) *transfers {
	return &transfers{
		Options: o, ends: make(map[string]int), expires: make(map[string]time.Time),
		running: make(map[string]string), expired: make(map[string]bool),
		Finding: Finding{Invariant: "a transfer ends exactly once"},
		offers:  Finding{Invariant: "an offer expires at most once"},
	}
}

func (t *transfers) observe(e eventstore.Recorded) {
	switch ev := e.Event.(type) {
	case transfer.Requested:
		t.Checked++
		t.expires[e.AggregateID] = ev.ExpiresAt
	case transfer.Completed, transfer.Expired, transfer.Cancelled, transfer.Refused, transfer.Voided:
		if t.ends[e.AggregateID]++; t.ends[e.AggregateID] > 1 {
			t.violated("transfer %s ended again by %s", e.AggregateID, e.Type)
		}
	case interaction.TransferStarted:
		t.running[e.Stream] = string(ev.TransferID)
	case interaction.TransferEnded, interaction.OwnerChanged:
		delete(t.running, e.Stream)
	case interaction.OfferExpired:
		t.offers.Checked++
		if t.expired[string(ev.OfferID)] {
			t.offers.violated("%s: offer %s expired again at %s", e.Stream, ev.OfferID, e.Position)
		}
		t.expired[string(ev.OfferID)] = true
	}
}

func (t *transfers) findings() []Finding {
	for id, at := range t.expires {
		if t.ends[id] == 0 && (t.Quiet || t.Now.Sub(at) > overdue) {
			t.violated("transfer %s has not ended", id)
		}
	}
	for stream, id := range t.running {
		if _, requested := t.expires[id]; t.Quiet && (t.ends[id] > 0 || !requested) {
			t.violated("%s still shows transfer %s, which is over", stream, id)
		}
	}
	return []Finding{t.Finding, t.offers}
}
