package settings

import (
	"slices"
	"time"

	"parley/domain/account"
	"parley/eventstore"
	"parley/projections"
)

// Account is a number of the organisation.
type Account struct {
	ID       string
	Settings account.Settings
	Secrets  []Secret // by name
	Archived bool
}

// Secret is what may be shown of a credential.
type Secret struct {
	Name       string    `json:"name"` // appSecret, verifyToken, accessToken
	Last4      string    `json:"last4"`
	ReplacedAt time.Time `json:"replacedAt"`
}

// Active says whether the account's channel is in use (R5).
func (a Account) Active() bool { return !a.Archived && !a.Settings.Disabled }

var accounts = projections.Table[string, Account]{
	Name: "accounts_v1",
	Key:  1,
	Columns: []projections.Column[Account]{
		projections.Col("id", "text", func(r *Account) *string { return &r.ID }),
		projections.Col("name", "text", func(r *Account) *string { return &r.Settings.Name }),
		projections.Col("key", "text", func(r *Account) *string { return &r.Settings.Key }),
		projections.Col("channel", "text", func(r *Account) *string { return &r.Settings.Channel }),
		projections.Col("phone_number_id", "text", func(r *Account) *string { return &r.Settings.PhoneNumberID }),
		projections.Col("window_hours", "int4", func(r *Account) *int { return &r.Settings.WindowHours }),
		projections.Col("disabled", "bool", func(r *Account) *bool { return &r.Settings.Disabled }),
		projections.Col("archived", "bool", func(r *Account) *bool { return &r.Archived }),
		projections.Col("secrets", "jsonb", func(r *Account) *[]Secret { return &r.Secrets }),
		projections.Col("settings", "jsonb", func(r *Account) *account.Settings { return &r.Settings }),
	},
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
		case account.SecretReplaced:
			r.Secrets = slices.DeleteFunc(slices.Clone(r.Secrets), func(s Secret) bool { return s.Name == ev.Name })
			r.Secrets = append(r.Secrets, Secret{Name: ev.Name, Last4: ev.Last4, ReplacedAt: ev.At})
		}
		return r
	},
	Changes: func(before, after Account, _ eventstore.Recorded) []projections.Change {
		all := changed("account", after.ID)
		if !slices.Equal(before.Settings.Queues, after.Settings.Queues) || before.Settings.QueueID != after.Settings.QueueID {
			// Without an id it is for everybody: who is in one of these queues may see other rows now.
			all = append(all, projections.Change{Kind: "access", Account: after.ID})
		}
		return all
	},
}

const accountSchema = `
CREATE TABLE {table:accounts_v1} (
	id text PRIMARY KEY,
	name text NOT NULL,
	key text NOT NULL,
	channel text NOT NULL,
	phone_number_id text NOT NULL,
	window_hours int4 NOT NULL,
	disabled bool NOT NULL,
	archived bool NOT NULL,
	secrets jsonb,
	settings jsonb NOT NULL
);
`

const accountViews = `
CREATE OR REPLACE VIEW app.accounts AS SELECT * FROM {table:accounts_v1};
CREATE OR REPLACE VIEW masked.accounts AS SELECT * FROM {table:accounts_v1};
`
