package list_test

import (
	"testing"
	"time"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/list"
	"parley/domain/setting"
)

func TestLists(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	plan := Field{Key: "plan", Label: "Plan", Type: "SELECT", Options: []string{"basic", "gold"}}
	customers := Settings{Name: "Customers", DialPrefix: "39", Fields: []Field{plan}}
	with := func(change func(*Settings)) Create { s := customers; change(&s); return Create{Value: s, At: noon} }
	fields := func(f ...Field) Create { return with(func(s *Settings) { s.Fields = f }) }

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a list is set up with its fields (R15)", When: with(func(*Settings) {}), Then: []Event{Created{Settings: customers, At: noon}}},
		{Name: "saving it unchanged records nothing", Given: []Event{Created{Settings: customers, At: noon}}, When: Change{Value: customers, At: noon}},
		{Name: "it is archived", Given: []Event{Created{Settings: customers, At: noon}}, When: Archive{At: noon}, Then: []Event{Archived{At: noon}}},
		{Name: "it has a name", When: with(func(s *Settings) { s.Name = "" }), Err: setting.ErrName},
		{Name: "a dial prefix is digits", When: with(func(s *Settings) { s.DialPrefix = "+39" }), Err: ErrDialPrefix},
		{Name: "two fields have two keys", When: fields(plan, plan), Err: ErrField},
		{Name: "a field has a label", When: fields(Field{Key: "a", Type: "TEXT"}), Err: ErrField},
		{Name: "a label is one line", When: fields(Field{Key: "a", Label: "A\tB", Type: "TEXT"}), Err: domain.ErrUnprintable},
		{Name: "so is a list's name", When: with(func(s *Settings) { s.Name = "a\x00b" }), Err: domain.ErrUnprintable},
		{Name: "a key has no spaces", When: fields(Field{Key: "a b", Label: "A", Type: "TEXT"}), Err: ErrField},
		{Name: "a field has a known type", When: fields(Field{Key: "a", Label: "A", Type: "COLOR"}), Err: ErrFieldType},
		{Name: "a selection has options", When: fields(Field{Key: "a", Label: "A", Type: "SELECT"}), Err: ErrFieldType},
	})
}
