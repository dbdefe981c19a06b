package policy

import (
	"slices"

	"parley/domain"
	"parley/domain/setting"
)

// The refusals of the policy.
var (
	ErrMask    = &domain.Refusal{Kind: domain.Invalid, Code: "MASK_INVALID", Message: "Hide nothing, everything, or all but up to 20 characters."}
	ErrReasons = &domain.Refusal{Kind: domain.Invalid, Code: "PAUSE_REASONS_INVALID", Message: "Pauses need at least one reason."}
	ErrNumber  = &domain.Refusal{Kind: domain.Invalid, Code: "NUMBER_INVALID", Message: "This number is out of its range."}
)

// Default is the policy of a deployment while nobody has set another: whoever sees masked sees nothing of what is hidden.
func Default() Settings {
	full := Mask{Mode: MaskFull}
	return Settings{
		MaskName: full, MaskPhone: full, MaskMail: full, PauseReasons: []string{"Break", "Lunch", "Meeting", "Training"},
		TagThreshold: 3, TabsLimit: 20, DisconnectAfter: 300, MissedOffersLimit: 3,
	}
}

func check(s Settings) (Settings, error) {
	for _, m := range []Mask{s.MaskName, s.MaskPhone, s.MaskMail} {
		if !slices.Contains([]Mode{MaskNone, MaskPartial, MaskFull}, m.Mode) || !setting.Between(m.Keep, 0, 20) {
			return s, ErrMask
		}
	}
	s.PauseReasons = setting.Distinct(s.PauseReasons)
	if len(s.PauseReasons) == 0 {
		return s, ErrReasons
	}
	for _, reason := range s.PauseReasons {
		if _, err := setting.Name(reason); err != nil {
			return s, err
		}
	}
	for _, n := range []struct {
		field     string
		value     int
		low, high int
	}{
		{"tagThreshold", s.TagThreshold, 1, 100},
		{"tabsLimit", s.TabsLimit, 1, 100},
		{"disconnectAfter", s.DisconnectAfter, 10, 86400},
		{"missedOffersLimit", s.MissedOffersLimit, 1, 100},
	} {
		if !setting.Between(n.value, n.low, n.high) {
			return s, ErrNumber.With("field", n.field).With("min", n.low).With("max", n.high)
		}
	}
	return s, nil
}
