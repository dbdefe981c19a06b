package policy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/policy"
)

func TestAPauseNeedsAReasonOfThePolicy(t *testing.T) {
	s := Settings{PauseReasons: []string{"Lunch"}}
	require.NoError(t, s.CheckPause("Lunch"))
	require.ErrorIs(t, s.CheckPause("Because"), ErrReason)
	require.ErrorIs(t, s.CheckPause(""), ErrReason)
}

func TestTheRulesOfThePolicy(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	with := func(change func(*Settings)) Change { s := Default(); change(&s); return Change{Value: s, At: noon} }
	longer := with(func(s *Settings) { s.DisconnectAfter = 600 })
	created := Created{Settings: longer.Value, At: noon}
	masked := Default()
	masked.MaskPhone = Mask{Mode: MaskPartial, Keep: 3}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a new deployment has the default policy", When: Change{Value: Default(), At: noon}},
		{Name: "the policy can be changed", When: longer, Then: []Event{Changed{Settings: longer.Value, At: noon}}},
		{Name: "numbers can be masked except for their end", Given: []Event{created},
			When: Change{Value: masked, At: noon}, Then: []Event{Changed{Settings: masked, At: noon}}},
		{Name: "an unknown mask mode is refused", Given: []Event{created},
			When: with(func(s *Settings) { s.MaskName.Mode = "BLUR" }), Err: ErrMask},
		{Name: "a mask that keeps 21 characters is refused", Given: []Event{created},
			When: with(func(s *Settings) { s.MaskEmail = Mask{Mode: MaskPartial, Keep: 21} }), Err: ErrMask},
		{Name: "a policy without pause reasons is refused", Given: []Event{created},
			When: with(func(s *Settings) { s.PauseReasons = []string{" "} }), Err: ErrReasons},
		{Name: "a pause reason with control characters is refused", Given: []Event{created},
			When: with(func(s *Settings) { s.PauseReasons = []string{"LUN\x00CH"} }), Err: domain.ErrUnprintable},
		{Name: "a tag threshold of zero is refused", Given: []Event{created},
			When: with(func(s *Settings) { s.TagThreshold = 0 }), Err: ErrNumber},
		{Name: "a disconnect time of nine seconds is refused", Given: []Event{created},
			When: with(func(s *Settings) { s.DisconnectAfter = 9 }), Err: ErrNumber},
	})
}
