package verify

import (
	"fmt"

	"parley/domain"
	"parley/domain/account"
	"parley/domain/address"
	"parley/domain/agent"
	"parley/domain/audit"
	"parley/domain/cannedanswer"
	"parley/domain/contact"
	"parley/domain/deployment"
	"parley/domain/disposition"
	"parley/domain/interaction"
	"parley/domain/list"
	"parley/domain/policy"
	"parley/domain/projection"
	"parley/domain/queue"
	"parley/domain/shortcode"
	"parley/domain/tag"
	"parley/domain/token"
	"parley/domain/transfer"
	"parley/domain/unplaced"
	"parley/domain/user"
	"parley/eventstore"
)

// folds checks that every stream can be folded at every prefix.
type folds struct {
	begin  map[string]func() func(domain.Event) error // by aggregate
	states map[string]func(domain.Event) error        // by stream
	Finding
}

func newFolds() *folds {
	f := &folds{
		begin:   make(map[string]func() func(domain.Event) error),
		states:  make(map[string]func(domain.Event) error),
		Finding: Finding{Invariant: "a stream folds at every prefix"},
	}
	foldWith(f, account.Decider(nil))
	foldWith(f, address.Decider)
	foldWith(f, agent.Decider)
	foldWith(f, audit.Decider)
	foldWith(f, cannedanswer.Decider)
	foldWith(f, contact.Decider)
	foldWith(f, deployment.Decider)
	foldWith(f, shortcode.Decider)
	foldWith(f, token.Decider)
	foldWith(f, disposition.Decider)
	foldWith(f, interaction.Decider)
	foldWith(f, list.Decider)
	foldWith(f, policy.Decider)
	foldWith(f, projection.Decider)
	foldWith(f, queue.Decider)
	foldWith(f, tag.Decider)
	foldWith(f, transfer.Decider)
	foldWith(f, unplaced.Decider)
	foldWith(f, user.Decider)
	return f
}

func foldWith[S, C any, E domain.Event](f *folds, d domain.Decider[S, C, E]) {
	f.begin[d.Aggregate] = func() func(domain.Event) error {
		state := d.Initial
		return func(e domain.Event) (err error) {
			defer func() {
				if p := recover(); p != nil {
					err = fmt.Errorf("panics: %v", p)
				}
			}()
			own, ok := e.(E)
			if !ok {
				return fmt.Errorf("not an event of %s", d.Aggregate)
			}
			state = d.Evolve(state, own)
			return nil
		}
	}
}

func (f *folds) observe(e eventstore.Recorded) {
	f.Checked++
	fold, known := f.states[e.Stream]
	if !known {
		begin := f.begin[e.Aggregate]
		if begin == nil {
			f.violated("%s at %s: no decider folds this aggregate", e.Stream, e.Position)
			return
		}
		fold = begin()
		f.states[e.Stream] = fold
	}
	if err := fold(e.Event); err != nil {
		f.violated("%s at revision %d (%s): %v", e.Stream, e.Revision, e.Type, err)
	}
}

func (f *folds) findings() []Finding { return []Finding{f.Finding} }
