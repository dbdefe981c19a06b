package tag_test

import (
	"strings"
	"testing"
	"time"

	"parley/domain/domaintest"
	"parley/domain/setting"
	. "parley/domain/tag"
)

func TestTags(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	vip := Settings{Name: "vip", Color: "amber"}
	red := Settings{Name: "vip", Color: "red"}
	created := Created{Settings: vip, At: noon}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a tag is set up", When: Create{Value: vip, At: noon}, Then: []Event{created}},
		{Name: "its colour changes", Given: []Event{created}, When: Change{Value: red, At: noon}, Then: []Event{Changed{Settings: red, At: noon}}},
		{Name: "it is archived", Given: []Event{created}, When: Archive{At: noon}, Then: []Event{Archived{At: noon}}},
		{Name: "it has a name", When: Create{Value: Settings{Color: "red"}}, Err: setting.ErrName},
		{Name: "of 50 characters at most", When: Create{Value: Settings{Name: strings.Repeat("x", 51), Color: "red"}}, Err: ErrTooLong},
		{Name: "its colour has a name in the palette", When: Create{Value: Settings{Name: "vip", Color: "#ff0000"}}, Err: ErrColor},
	})
}
