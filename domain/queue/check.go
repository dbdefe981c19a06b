package queue

import (
	"slices"
	"strings"

	"parley/domain"
	"parley/domain/setting"
)

// The refusals of a queue's settings.
var (
	ErrStrategy    = &domain.Refusal{Kind: domain.Invalid, Code: "STRATEGY_UNKNOWN", Message: "Choose how interactions are offered: to all, in turn, or to the one notified longest ago."}
	ErrTimeout     = &domain.Refusal{Kind: domain.Invalid, Code: "TIMEOUT_INVALID", Message: "An offer lasts 5 to 3600 seconds."}
	ErrWeight      = &domain.Refusal{Kind: domain.Invalid, Code: "WEIGHT_INVALID", Message: "A queue's weight is 0 to 10."}
	ErrSilentOwner = &domain.Refusal{Kind: domain.Invalid, Code: "SILENT_OWNER_INVALID", Message: "An owner may be silent for up to a day; 0 means for ever."}
)

func check(s Settings) (Settings, error) {
	name, err := setting.Name(s.Name)
	switch {
	case err != nil:
		return s, err
	case !slices.Contains([]Strategy{BeepAll, RoundRobin, LeastRecent}, s.Strategy):
		return s, ErrStrategy
	case !setting.Between(s.OfferTimeout, 5, 3600):
		return s, ErrTimeout
	case !setting.Between(s.Weight, 0, 10):
		return s, ErrWeight
	case !setting.Between(s.SilentOwner, 0, 86400):
		return s, ErrSilentOwner
	}
	s.Name, s.Description, s.Members = name, strings.TrimSpace(s.Description), setting.Distinct(s.Members)
	return s, nil
}
