package list_test

import (
	"testing"
	"time"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/list"
	"parley/domain/setting"
)

func TestTheRulesOfLists(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	plan := Field{Key: "plan", Label: "Plan", Type: "SELECT", Options: []string{"basic", "gold"}}
	customers := Settings{Name: "Customers", DialPrefix: "39", Fields: []Field{plan}}
	with := func(change func(*Settings)) Create { s := customers; change(&s); return Create{Value: s, At: noon} }
	fields := func(f ...Field) Create { return with(func(s *Settings) { s.Fields = f }) }

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a list is set up with its fields", When: with(func(*Settings) {}),
			Then: []Event{Created{Settings: customers, At: noon}}},
		{Name: "saving a list unchanged is a no-op", Given: []Event{Created{Settings: customers, At: noon}},
			When: Change{Value: customers, At: noon}},
		{Name: "a list is archived", Given: []Event{Created{Settings: customers, At: noon}},
			When: Archive{At: noon}, Then: []Event{Archived{At: noon}}},
		{Name: "a list without a name is refused", When: with(func(s *Settings) { s.Name = "" }),
			Err: setting.ErrName},
		{Name: "a dial prefix with letters is refused", When: with(func(s *Settings) { s.DialPrefix = "+39" }),
			Err: ErrDialPrefix},
		{Name: "two fields with one key are refused", When: fields(plan, plan), Err: ErrField},
		{Name: "a field without a label is refused", When: fields(Field{Key: "a", Type: "TEXT"}), Err: ErrField},
		{Name: "a label with a tab is refused", When: fields(Field{Key: "a", Label: "A\tB", Type: "TEXT"}),
			Err: domain.ErrUnprintable},
		{Name: "a list's name with control characters is refused", When: with(func(s *Settings) { s.Name = "a\x00b" }),
			Err: domain.ErrUnprintable},
		{Name: "a field key with spaces is refused", When: fields(Field{Key: "a b", Label: "A", Type: "TEXT"}),
			Err: ErrField},
		{Name: "an unknown field type is refused", When: fields(Field{Key: "a", Label: "A", Type: "COLOR"}),
			Err: ErrFieldType},
		{Name: "a selection without options is refused", When: fields(Field{Key: "a", Label: "A", Type: "SELECT"}),
			Err: ErrFieldType},
	})
}
