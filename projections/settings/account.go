package settings

import (
	"slices"
	"time"

	"parley/domain/account"
	"parley/eventstore"
	"parley/projections"
)

// Account is one of the organisation's numbers.
type Account struct {
	ID       string
	Settings account.Settings
	Secrets  []Secret // by name
	Notices  []Notice // the last ones, newest first
	Archived bool
}

// Notice is what the provider said about the account or its templates.
type Notice struct {
	ID       string         `json:"id"`
	Field    string         `json:"field"`
	Event    string         `json:"event,omitempty"`
	Template string         `json:"template,omitempty"`
	Facts    []account.Fact `json:"facts,omitempty"`
	SentAt   time.Time      `json:"sentAt"`
}

// noticesKept is how many notices an account shows.
const noticesKept = 50

// Secret is the visible part of a credential.
type Secret struct {
	Name       string    `json:"name"`
	Last4      string    `json:"last4"`
	ReplacedAt time.Time `json:"replacedAt"`
}

// Active reports whether the account's channel is in use.
func (a Account) Active() bool { return !a.Archived && !a.Settings.Disabled }

var accounts = projections.Table[string, Account]{
	Name: "accounts_v1",
	Columns: projections.Columns(
		projections.Key("id", func(r *Account) *string { return &r.ID }).Open(),
		projections.Text("name", func(r *Account) *string { return &r.Settings.Name }).Open(),
		projections.Text("short_code", func(r *Account) *string { return &r.Settings.ShortCode }).Open(),
		projections.Text("channel", func(r *Account) *string { return &r.Settings.Channel }).Open(),
		projections.Int("window_hours", func(r *Account) *int { return &r.Settings.WindowHours }).Open(),
		projections.Bool("disabled", func(r *Account) *bool { return &r.Settings.Disabled }).Open(),
		projections.Bool("archived", func(r *Account) *bool { return &r.Archived }).Open(),
		projections.JSON("secrets", func(r *Account) *[]Secret { return &r.Secrets }).Open(),
		projections.JSON("notices", func(r *Account) *[]Notice { return &r.Notices }).Open(),
		projections.JSON("settings", func(r *Account) *account.Settings { return &r.Settings }).Open(),
	),
	KeyOf: func(r Account) string { return r.ID },
	Keys:  ofStream("account"),
	New:   func(id string) Account { return Account{ID: id} },
	Evolve: func(r Account, e eventstore.Recorded) Account {
		switch ev := e.Event.(type) {
		case account.Created:
			r.Settings = ev.Settings
		case account.Changed:
			r.Settings = ev.Settings
		case account.Archived:
			r.Archived = true
		case account.Noticed:
			r.Notices = append([]Notice{{ID: ev.NoticeID, Field: ev.Field, Event: ev.Event, Template: ev.Template,
				Facts: ev.Facts, SentAt: ev.SentAt}}, r.Notices[:min(len(r.Notices), noticesKept-1)]...)
		case account.SecretReplaced:
			r.Secrets = slices.DeleteFunc(slices.Clone(r.Secrets), func(s Secret) bool { return s.Name == ev.Name })
			r.Secrets = append(r.Secrets, Secret{Name: ev.Name, Last4: ev.Last4, ReplacedAt: ev.At})
		}
		return r
	},
	Changes: func(before, after Account, _ eventstore.Recorded) []projections.Change {
		all := changed(projections.AccountChanged, after.ID)
		if !slices.Equal(before.Settings.Queues, after.Settings.Queues) ||
			before.Settings.QueueID != after.Settings.QueueID {
			// Without an id the change concerns everyone: members of these queues may see other rows now.
			all = append(all, projections.Change{Kind: projections.AccessChanged, Account: after.ID})
		}
		return all
	},
}
