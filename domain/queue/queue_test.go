package queue_test

import (
	"testing"
	"time"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/queue"
	"parley/domain/setting"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func TestTheRulesOfQueues(t *testing.T) {
	sales := Settings{Name: "Sales", Strategy: BeepAll, OfferTimeout: 30, Members: []domain.AgentID{"ben"}, Take: true}
	with := func(change func(*Settings)) Settings { s := sales; change(&s); return s }
	more := with(func(s *Settings) { s.Members = []domain.AgentID{"ben", "cho"} })
	created := Created{Settings: sales, By: "sue", At: noon}
	changed := Changed{Settings: more, By: "sue", At: noon}
	archived := Archived{By: "sue", At: noon}
	create := func(s Settings) Create { return Create{Value: s, By: "sue", At: noon} }
	change := func(s Settings) Change { return Change{Value: s, By: "sue", At: noon} }
	given := func(e ...Event) []Event { return e }

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a queue is set up", When: create(sales), Then: given(created)},
		{Name: "creating a queue again with the same settings is a no-op", Given: given(created), When: create(sales)},
		{Name: "creating a queue again with other settings is refused", Given: given(created), When: create(more),
			Err: setting.ErrExists},
		{Name: "a member is added to a queue", Given: given(created), When: change(more), Then: given(changed)},
		{Name: "saving a queue unchanged is a no-op", Given: given(created, changed), When: change(more)},
		{Name: "a repeated member is kept once", Given: given(created),
			When: change(with(func(s *Settings) { s.Members = []domain.AgentID{"ben", "ben", ""} }))},
		{Name: "spaces around a queue's name are dropped", Given: given(created),
			When: change(with(func(s *Settings) { s.Name = " Sales " }))},
		{Name: "an unknown queue cannot be changed", When: change(sales), Err: setting.ErrUnknown},
		{Name: "a queue is archived", Given: given(created), When: Archive{By: "sue", At: noon},
			Then: given(archived)},
		{Name: "archiving a queue twice is a no-op", Given: given(created, archived),
			When: Archive{By: "sue", At: noon}},
		{Name: "an archived queue cannot be changed", Given: given(created, archived), When: change(more),
			Err: setting.ErrArchived},
		{Name: "an unknown queue cannot be archived", When: Archive{By: "sue", At: noon}, Err: setting.ErrUnknown},

		{Name: "a queue without a name is refused", When: create(with(func(s *Settings) { s.Name = " " })),
			Err: setting.ErrName},
		{Name: "an unknown strategy is refused", When: create(with(func(s *Settings) { s.Strategy = "LOTTERY" })),
			Err: ErrStrategy},
		{Name: "an offer timeout under 5 seconds is refused",
			When: create(with(func(s *Settings) { s.OfferTimeout = 4 })), Err: ErrTimeout},
		{Name: "an offer timeout over an hour is refused",
			When: create(with(func(s *Settings) { s.OfferTimeout = 3601 })), Err: ErrTimeout},
		{Name: "a weight over 10 is refused", When: create(with(func(s *Settings) { s.Weight = 11 })),
			Err: ErrWeight},
		{Name: "a negative time limit for silent owners is refused", When: create(with(func(s *Settings) { s.SilentOwner = -1 })),
			Err: ErrSilentOwner},
	})
}
