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

func TestQueues(t *testing.T) {
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
		{Name: "setting it up again in the same way changes nothing", Given: given(created), When: create(sales)},
		{Name: "in another way is refused", Given: given(created), When: create(more), Err: setting.ErrExists},
		{Name: "a member is added", Given: given(created), When: change(more), Then: given(changed)},
		{Name: "saving it unchanged records nothing", Given: given(created, changed), When: change(more)},
		{Name: "a member is a member once", Given: given(created), When: change(with(func(s *Settings) { s.Members = []domain.AgentID{"ben", "ben", ""} }))},
		{Name: "spaces around a name are nothing", Given: given(created), When: change(with(func(s *Settings) { s.Name = " Sales " }))},
		{Name: "what is not there is not changed", When: change(sales), Err: setting.ErrUnknown},
		{Name: "it goes out of use", Given: given(created), When: Archive{By: "sue", At: noon}, Then: given(archived)},
		{Name: "once", Given: given(created, archived), When: Archive{By: "sue", At: noon}},
		{Name: "what is out of use is not changed", Given: given(created, archived), When: change(more), Err: setting.ErrArchived},
		{Name: "what is not there does not go out of use", When: Archive{By: "sue", At: noon}, Err: setting.ErrUnknown},

		{Name: "a queue has a name", When: create(with(func(s *Settings) { s.Name = " " })), Err: setting.ErrName},
		{Name: "a queue has a strategy", When: create(with(func(s *Settings) { s.Strategy = "LOTTERY" })), Err: ErrStrategy},
		{Name: "an offer lasts 5 seconds at least", When: create(with(func(s *Settings) { s.OfferTimeout = 4 })), Err: ErrTimeout},
		{Name: "an offer lasts an hour at most", When: create(with(func(s *Settings) { s.OfferTimeout = 3601 })), Err: ErrTimeout},
		{Name: "a weight is 10 at most", When: create(with(func(s *Settings) { s.Weight = 11 })), Err: ErrWeight},
		{Name: "silence is not negative", When: create(with(func(s *Settings) { s.SilentOwner = -1 })), Err: ErrSilentOwner},
	})
}
