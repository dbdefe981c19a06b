package disposition_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "parley/domain/disposition"
	"parley/domain/domaintest"
	"parley/domain/setting"
)

func TestADispositionAppliesWithinItsScope(t *testing.T) {
	for _, c := range []struct {
		scope, id string
		applies   bool
	}{
		{"GLOBAL", "", true},
		{"LIST", "vip", true}, {"LIST", "other", false},
		{"ACCOUNT", "shop", true}, {"ACCOUNT", "other", false},
		{"QUEUE", "sales", true}, {"QUEUE", "other", false},
	} {
		require.Equal(t, c.applies, Settings{Scope: c.scope, ScopeID: c.id}.AppliesTo("vip", "shop", "sales"),
			"%s %s", c.scope, c.id)
	}
	require.False(t, Settings{Scope: "LIST", ScopeID: "vip"}.AppliesTo("", "shop", "sales"),
		"without a contact no list's disposition applies")
}

func TestTheRulesOfDispositions(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	sold := Settings{Label: "Sold", ParentID: "deal", Scope: "QUEUE", ScopeID: "q1", Level: 2}
	with := func(change func(*Settings)) Create { s := sold; change(&s); return Create{Value: s, At: noon} }

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a disposition is set up", When: with(func(*Settings) {}),
			Then: []Event{Created{Settings: sold, At: noon}}},
		{Name: "a disposition is changed", Given: []Event{Created{Settings: sold, At: noon}},
			When: Change{Value: with(func(s *Settings) { s.Label = "Won" }).Value, At: noon},
			Then: []Event{Changed{Settings: with(func(s *Settings) { s.Label = "Won" }).Value, At: noon}}},
		{Name: "the level of a disposition cannot change", Given: []Event{Created{Settings: sold, At: noon}},
			When: Change{Value: with(func(s *Settings) { s.Level, s.ParentID = 1, "" }).Value, At: noon},
			Err:  ErrLevelFixed},
		{Name: "a disposition is archived", Given: []Event{Created{Settings: sold, At: noon}},
			When: Archive{At: noon}, Then: []Event{Archived{At: noon}}},
		{Name: "a disposition without a label is refused", When: with(func(s *Settings) { s.Label = "" }),
			Err: setting.ErrName},
		{Name: "a fourth level is refused", When: with(func(s *Settings) { s.Level = 4 }), Err: ErrLevel},
		{Name: "a parent on the first level is refused", When: with(func(s *Settings) { s.Level = 1 }),
			Err: ErrLevel},
		{Name: "a second level without a parent is refused", When: with(func(s *Settings) { s.ParentID = "" }),
			Err: ErrLevel},
		{Name: "a queue's disposition without the queue is refused",
			When: with(func(s *Settings) { s.ScopeID = "" }), Err: ErrScope},
		{Name: "a global disposition with a scope id is refused",
			When: with(func(s *Settings) { s.Scope = "GLOBAL" }), Err: ErrScope},
		{Name: "an unknown scope is refused", When: with(func(s *Settings) { s.Scope = "PLANET" }), Err: ErrScope},
	})
}
