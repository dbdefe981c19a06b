package verify

import (
	"parley/domain"
	"parley/domain/account"
	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/domain/unplaced"
	"parley/eventstore"
)

// accounts checks that every event of an interaction, a transfer, an account or an unplaced message names its
// account in the metadata.
type accounts struct {
	of map[string]string // account by stream
	Finding
}

func newAccounts() *accounts {
	return &accounts{
		of:      make(map[string]string),
		Finding: Finding{Invariant: "events of an account name it in their metadata"},
	}
}

func (a *accounts) observe(e eventstore.Recorded) {
	switch ev := e.Event.(type) {
	case interaction.Opened:
		a.of[e.Stream] = string(ev.AccountID)
	case transfer.Requested:
		a.of[e.Stream] = a.of[interaction.Decider.Stream(string(ev.InteractionID))]
	}
	want := a.of[e.Stream]
	switch e.Event.(type) {
	case interaction.Event, transfer.Event:
	case account.Event, unplaced.Event:
		want = e.AggregateID
	default:
		return
	}
	a.Checked++
	if want == "" || e.Metadata.AccountID != want {
		a.violated("%s: %s at %s names account %q instead of %q", e.Stream, e.Type, e.Position,
			e.Metadata.AccountID, want)
	}
}

func (a *accounts) findings() []Finding { return []Finding{a.Finding} }

// shards checks that an address, its interactions and their transfers have ids of the same shard.
type shards struct{ Finding }

func newShards() *shards {
	return &shards{Finding{Invariant: "an interaction is in its address's shard, a transfer in its interaction's"}}
}

func (s *shards) observe(e eventstore.Recorded) {
	var want string
	switch ev := e.Event.(type) {
	case interaction.Opened:
		want = ev.AddressID.Shard()
	case transfer.Requested:
		want = ev.InteractionID.Shard()
	default:
		return
	}
	s.Checked++
	if got := domain.InteractionID(e.AggregateID).Shard(); got != want {
		s.violated("%s is in shard %s instead of %s", e.Stream, got, want)
	}
}

func (s *shards) findings() []Finding { return []Finding{s.Finding} }
