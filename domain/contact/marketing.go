package contact

import (
	"time"

	"parley/domain"
)

// MarketingStopped says that the customer asked for no more marketing messages.
type MarketingStopped struct {
	AccountID domain.AccountID `json:"accountId"` // where they asked
	StatedAt  time.Time        `json:"statedAt"`  // by the provider's clock
	At        time.Time        `json:"at"`
}

// MarketingResumed says that the customer welcomes marketing messages again.
type MarketingResumed struct {
	AccountID domain.AccountID `json:"accountId"`
	StatedAt  time.Time        `json:"statedAt"`
	At        time.Time        `json:"at"`
}

func (MarketingStopped) EventType() string { return "ContactMarketingStopped" }
func (MarketingResumed) EventType() string { return "ContactMarketingResumed" }
func (MarketingStopped) isContactEvent()   {}
func (MarketingResumed) isContactEvent()   {}

// StopMarketing and ResumeMarketing record what the customer asked for. The latest request counts, however late an
// earlier one arrives.
type (
	StopMarketing   MarketingStopped
	ResumeMarketing MarketingResumed
)

func (StopMarketing) isContactCommand()   {}
func (ResumeMarketing) isContactCommand() {}

func stopMarketing(s State, c StopMarketing) ([]Event, error) {
	if s.marketing.stopped || c.StatedAt.Before(s.marketing.at) {
		return nil, nil
	}
	return []Event{MarketingStopped(c)}, nil
}

func resumeMarketing(s State, c ResumeMarketing) ([]Event, error) {
	if !s.marketing.stopped || c.StatedAt.Before(s.marketing.at) {
		return nil, nil
	}
	return []Event{MarketingResumed(c)}, nil
}

// marketing is what the customer last asked for.
type marketing struct {
	stopped bool
	at      time.Time // by the provider's clock
}
