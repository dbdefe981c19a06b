package tag_test

import (
	"strings"
	"testing"
	"time"

	"parley/domain/domaintest"
	"parley/domain/setting"
	. "parley/domain/tag"
)

func TestTheRulesOfTags(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	vip := Settings{Name: "vip", Color: "amber"}
	red := Settings{Name: "vip", Color: "red"}
	created := Created{Settings: vip, At: noon}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a tag is set up", When: Create{Value: vip, At: noon}, Then: []Event{created}},
		{Name: "the color of a tag changes", Given: []Event{created}, When: Change{Value: red, At: noon},
			Then: []Event{Changed{Settings: red, At: noon}}},
		{Name: "a tag is archived", Given: []Event{created}, When: Archive{At: noon},
			Then: []Event{Archived{At: noon}}},
		{Name: "a tag without a name is refused", When: Create{Value: Settings{Color: "red"}},
			Err: setting.ErrName},
		{Name: "a tag of 51 characters is refused",
			When: Create{Value: Settings{Name: strings.Repeat("x", 51), Color: "red"}}, Err: ErrTooLong},
		{Name: "a color outside the palette is refused",
			When: Create{Value: Settings{Name: "vip", Color: "#ff0000"}}, Err: ErrColor},
	})
}
