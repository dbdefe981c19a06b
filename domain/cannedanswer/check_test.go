package cannedanswer_test

import (
	"strings"
	"testing"
	"time"

	. "parley/domain/cannedanswer"
	"parley/domain/domaintest"
	"parley/domain/setting"
)

func TestCannedAnswers(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	hello := Settings{Shortcut: "hi", Title: "Greeting", Text: "Hello {{contact.firstName}}"}
	with := func(change func(*Settings)) Create { s := hello; change(&s); return Create{Value: s, At: noon} }

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a canned answer is set up (R53)", When: with(func(*Settings) {}), Then: []Event{Created{Settings: hello, At: noon}}},
		{Name: "the slash before its shortcut is not part of it", When: with(func(s *Settings) { s.Shortcut = "/hi" }), Then: []Event{Created{Settings: hello, At: noon}}},
		{Name: "saving it unchanged records nothing", Given: []Event{Created{Settings: hello, At: noon}}, When: Change{Value: hello, At: noon}},
		{Name: "it is archived", Given: []Event{Created{Settings: hello, At: noon}}, When: Archive{At: noon}, Then: []Event{Archived{At: noon}}},
		{Name: "a shortcut can be typed", When: with(func(s *Settings) { s.Shortcut = "h\x00i" }), Err: ErrShortcut},
		{Name: "a shortcut has no spaces", When: with(func(s *Settings) { s.Shortcut = "h i" }), Err: ErrShortcut},
		{Name: "it has a title", When: with(func(s *Settings) { s.Title = "" }), Err: setting.ErrName},
		{Name: "it says something", When: with(func(s *Settings) { s.Text = " " }), Err: ErrText},
		{Name: "a file alone is enough", When: with(func(s *Settings) { s.Text, s.BlobID = "", "b1" }), Then: []Event{Created{Settings: Settings{Shortcut: "hi", Title: "Greeting", BlobID: "b1"}, At: noon}}},
		{Name: "words under a file fit a caption", When: with(func(s *Settings) { s.Text, s.BlobID = strings.Repeat("x", 1025), "b1" }), Err: ErrCaption},
		{Name: "spaces around a variable's name do not matter", When: with(func(s *Settings) { s.Text = "{{ agent.name }}" }), Then: []Event{Created{Settings: Settings{Shortcut: "hi", Title: "Greeting", Text: "{{ agent.name }}"}, At: noon}}},
		{Name: "a variable nobody can fill in is refused", When: with(func(s *Settings) { s.Text = "Your order {{order.number}}" }), Err: ErrVariable},
		{Name: "so is one that does not end", When: with(func(s *Settings) { s.Text = "Hello {{contact.name, good day" }), Err: ErrVariable},
		{Name: "it fits one message", When: with(func(s *Settings) { s.Text = strings.Repeat("x", 4097) }), Err: ErrText},
	})
}
