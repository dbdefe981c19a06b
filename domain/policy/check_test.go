package policy_test

import (
	"testing"
	"time"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/policy"
)

func TestPolicy(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	with := func(change func(*Settings)) Change { s := Default(); change(&s); return Change{Value: s, At: noon} }
	longer := with(func(s *Settings) { s.DisconnectAfter = 600 })
	created := Created{Settings: longer.Value, At: noon}
	masked := Default()
	masked.MaskPhone = Mask{Mode: MaskPartial, Keep: 3}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a new deployment has a policy already", When: Change{Value: Default(), At: noon}},
		{Name: "it is changed like any other", When: longer, Then: []Event{Changed{Settings: longer.Value, At: noon}}},
		{Name: "numbers are masked but for their end (R9)", Given: []Event{created}, When: Change{Value: masked, At: noon}, Then: []Event{Changed{Settings: masked, At: noon}}},
		{Name: "a mask has a known mode", Given: []Event{created}, When: with(func(s *Settings) { s.MaskName.Mode = "BLUR" }), Err: ErrMask},
		{Name: "it keeps 20 characters at most", Given: []Event{created}, When: with(func(s *Settings) { s.MaskMail = Mask{Mode: MaskPartial, Keep: 21} }), Err: ErrMask},
		{Name: "a pause has a reason to choose", Given: []Event{created}, When: with(func(s *Settings) { s.PauseReasons = []string{" "} }), Err: ErrReasons},
		{Name: "one that can be read", Given: []Event{created}, When: with(func(s *Settings) { s.PauseReasons = []string{"LUN\x00CH"} }), Err: domain.ErrUnprintable},
		{Name: "tags are grey from some number on (A27)", Given: []Event{created}, When: with(func(s *Settings) { s.TagThreshold = 0 }), Err: ErrNumber},
		{Name: "who is away is signed out some time", Given: []Event{created}, When: with(func(s *Settings) { s.DisconnectAfter = 9 }), Err: ErrNumber},
	})
}
