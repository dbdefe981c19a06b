// Package policy holds the settings of the whole deployment: masking and the desktop.
package policy

import (
	"slices"

	"parley/domain"
	"parley/domain/setting"
)

// Mode says how a field is hidden from masked viewers.
type Mode string

// The modes of masking.
const (
	MaskNone    Mode = "NONE"
	MaskPartial Mode = "PARTIAL"
	MaskFull    Mode = "FULL"
)

// Mask is how one kind of field is hidden.
type Mask struct {
	Mode Mode `json:"mode"`
	Keep int  `json:"keep"` // visible characters at the end, for a partial mask
}

// Settings holds the policy.
type Settings struct {
	MaskName          Mask     `json:"maskName"`
	MaskPhone         Mask     `json:"maskPhone"`
	MaskEmail         Mask     `json:"maskEmail"`
	PauseReasons      []string `json:"pauseReasons"`
	TagThreshold      int      `json:"tagThreshold"`      // number of tags from which they are shown gray
	TabsLimit         int      `json:"tabsLimit"`         // session tabs that can be open
	DisconnectAfter   int      `json:"disconnectAfter"`   // seconds after which an absent agent is signed out
	MissedOffersLimit int      `json:"missedOffersLimit"` // in a row, after which an agent is paused
}

// SettingName names the events: PolicyCreated, PolicyChanged and PolicyArchived.
func (Settings) SettingName() string { return "Policy" }

// The commands, events and state of the policy.
type (
	Command  = setting.Command[Settings]
	Create   = setting.Create[Settings]
	Change   = setting.Change[Settings]
	Archive  = setting.Archive[Settings]
	Event    = setting.Event[Settings]
	Created  = setting.Created[Settings]
	Changed  = setting.Changed[Settings]
	Archived = setting.Archived[Settings]
	State    = setting.State[Settings]
)

// Decider holds the rules of the policy. The policy starts as the default and is never created.
var Decider = setting.Rules[Settings]{Check: check, Default: Default}.Decider()

// The refusals of the policy.
var (
	ErrMask = &domain.Refusal{
		Kind: domain.Invalid, Code: "MASK_INVALID",
		Message: "Show up to 20 characters, all of the value or nothing.",
	}
	ErrReasons = &domain.Refusal{
		Kind: domain.Invalid, Code: "PAUSE_REASONS_INVALID",
		Message: "Enter at least one pause reason.",
	}
	ErrReason = &domain.Refusal{
		Kind: domain.Invalid, Code: "PAUSE_REASON_UNKNOWN",
		Message: "Choose a pause reason.",
	}
	ErrNumber = &domain.Refusal{
		Kind: domain.Invalid, Code: "NUMBER_INVALID",
		Message: "This number is out of range.",
	}
)

// Default returns the policy of a new deployment. Masked viewers see nothing of a masked value. The pause
// reasons are codes that the desktop puts into the user's language.
func Default() Settings {
	full := Mask{Mode: MaskFull}
	return Settings{
		MaskName: full, MaskPhone: full, MaskEmail: full,
		PauseReasons: []string{"BREAK", "LUNCH", "MEETING", "TRAINING"},
		TagThreshold: 3, TabsLimit: 20, DisconnectAfter: 300, MissedOffersLimit: 3,
	}
}

// CheckPause refuses a pause reason that is not in the policy.
func (s Settings) CheckPause(reason string) error {
	if !slices.Contains(s.PauseReasons, reason) {
		return ErrReason.With("reasons", s.PauseReasons)
	}
	return nil
}

func check(s Settings) (Settings, error) {
	for _, m := range []Mask{s.MaskName, s.MaskPhone, s.MaskEmail} {
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
