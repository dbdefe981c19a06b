package cannedanswer_test

import (
	"strings"
	"testing"
	"time"

	. "parley/domain/cannedanswer"
	"parley/domain/domaintest"
	"parley/domain/setting"
)

func TestTheRulesOfCannedAnswers(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	hello := Settings{Shortcut: "hi", Title: "Greeting", Text: "Hello {{contact.firstName}}"}
	with := func(change func(*Settings)) Create { s := hello; change(&s); return Create{Value: s, At: noon} }

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a canned answer is set up", When: with(func(*Settings) {}),
			Then: []Event{Created{Settings: hello, At: noon}}},
		{Name: "the slash before a shortcut is dropped", When: with(func(s *Settings) { s.Shortcut = "/hi" }),
			Then: []Event{Created{Settings: hello, At: noon}}},
		{Name: "saving a canned answer unchanged is a no-op", Given: []Event{Created{Settings: hello, At: noon}},
			When: Change{Value: hello, At: noon}},
		{Name: "a canned answer is archived", Given: []Event{Created{Settings: hello, At: noon}},
			When: Archive{At: noon}, Then: []Event{Archived{At: noon}}},
		{Name: "a shortcut with control characters is refused",
			When: with(func(s *Settings) { s.Shortcut = "h\x00i" }), Err: ErrShortcut},
		{Name: "a shortcut with spaces is refused", When: with(func(s *Settings) { s.Shortcut = "h i" }),
			Err: ErrShortcut},
		{Name: "a canned answer without a title is refused", When: with(func(s *Settings) { s.Title = "" }),
			Err: setting.ErrName},
		{Name: "a blank canned answer is refused", When: with(func(s *Settings) { s.Text = " " }), Err: ErrText},
		{Name: "a canned answer may be a file without a text", When: with(func(s *Settings) { s.Text, s.BlobID = "", "b1" }),
			Then: []Event{Created{Settings: Settings{Shortcut: "hi", Title: "Greeting", BlobID: "b1"}, At: noon}}},
		{Name: "a text too long for a caption is refused",
			When: with(func(s *Settings) { s.Text, s.BlobID = strings.Repeat("x", 1025), "b1" }), Err: ErrCaption},
		{Name: "spaces around a variable's name do not matter",
			When: with(func(s *Settings) { s.Text = "{{ agent.name }}" }),
			Then: []Event{Created{Settings: Settings{Shortcut: "hi", Title: "Greeting",
				Text: "{{ agent.name }}"}, At: noon}}},
		{Name: "an unknown variable is refused",
			When: with(func(s *Settings) { s.Text = "Your order {{order.number}}" }), Err: ErrVariable},
		{Name: "a variable without its end is refused",
			When: with(func(s *Settings) { s.Text = "Hello {{contact.name, good day" }), Err: ErrVariable},
		{Name: "a text too long for one message is refused",
			When: with(func(s *Settings) { s.Text = strings.Repeat("x", 4097) }), Err: ErrText},
	})
}
