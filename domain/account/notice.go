package account

import (
	"time"

	"parley/domain/setting"
)

// Noticed says that the provider reported something about the account or its templates.
type Noticed struct {
	setting.OwnEvent[Settings]
	NoticeID string    `json:"noticeId"`
	Field    string    `json:"field"`              // what it is about, as the provider calls it, such as account_update
	Event    string    `json:"event,omitempty"`    // what happened, as the provider calls it
	Template string    `json:"template,omitempty"` // the template it is about
	Facts    []Fact    `json:"facts,omitempty"`    // everything else the provider says
	SentAt   time.Time `json:"sentAt"`             // by the provider's clock
	At       time.Time `json:"at"`
}

func (Noticed) EventType() string { return "AccountNoticed" }

// Fact is one value in a notice.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// RecordNotice records what the provider reported. An archived account gets notices too.
type RecordNotice struct {
	setting.OwnCommand[Settings]
	Noticed
}

func recordNotice(s State, c RecordNotice) ([]Event, error) {
	switch {
	case !s.Exists:
		return nil, setting.ErrUnknown
	case s.lastNotice == c.NoticeID:
		return nil, nil
	}
	return []Event{c.Noticed}, nil
}
