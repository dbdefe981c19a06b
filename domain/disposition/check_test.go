package disposition_test

import (
	"testing"
	"time"

	. "parley/domain/disposition"
	"parley/domain/domaintest"
	"parley/domain/setting"
)

func TestDispositions(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	sold := Settings{Label: "Sold", ParentID: "deal", Scope: "QUEUE", ScopeID: "q1", Level: 2}
	with := func(change func(*Settings)) Create { s := sold; change(&s); return Create{Value: s, At: noon} }

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an outcome is set up (R67)", When: with(func(*Settings) {}), Then: []Event{Created{Settings: sold, At: noon}}},
		{Name: "it is changed", Given: []Event{Created{Settings: sold, At: noon}}, When: Change{Value: with(func(s *Settings) { s.Label = "Won" }).Value, At: noon},
			Then: []Event{Changed{Settings: with(func(s *Settings) { s.Label = "Won" }).Value, At: noon}}},
		{Name: "it stays on its level", Given: []Event{Created{Settings: sold, At: noon}}, When: Change{Value: with(func(s *Settings) { s.Level, s.ParentID = 1, "" }).Value, At: noon}, Err: ErrMoved},
		{Name: "it is archived", Given: []Event{Created{Settings: sold, At: noon}}, When: Archive{At: noon}, Then: []Event{Archived{At: noon}}},
		{Name: "it has a label", When: with(func(s *Settings) { s.Label = "" }), Err: setting.ErrName},
		{Name: "there is no fourth level", When: with(func(s *Settings) { s.Level = 4 }), Err: ErrLevel},
		{Name: "the first level has no parent", When: with(func(s *Settings) { s.Level = 1 }), Err: ErrLevel},
		{Name: "the others have one", When: with(func(s *Settings) { s.ParentID = "" }), Err: ErrLevel},
		{Name: "one for a queue names it", When: with(func(s *Settings) { s.ScopeID = "" }), Err: ErrScope},
		{Name: "one for everything names nothing", When: with(func(s *Settings) { s.Scope = "GLOBAL" }), Err: ErrScope},
		{Name: "there is no other scope", When: with(func(s *Settings) { s.Scope = "PLANET" }), Err: ErrScope},
	})
}
