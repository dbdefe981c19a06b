package settings

import (
	"slices"
	"strings"

	"parley/domain/user"
	"parley/eventstore"
	"parley/projections"
)

// User is a person of the organisation.
type User struct {
	ID       string
	Login    string // in lower case, as it is looked up
	Profile  user.Profile
	Settings user.Settings
	Archived bool
}

// Disabled says whether the user may not sign in.
func (u User) Disabled() bool { return u.Settings.Disabled || u.Archived }

var users = projections.Table[string, User]{
	Name: "users_v1",
	Key:  1,
	Columns: []projections.Column[User]{
		projections.Col("id", "text", func(r *User) *string { return &r.ID }),
		projections.Col("login", "text", func(r *User) *string { return &r.Login }),
		projections.Col("name", "text", func(r *User) *string { return &r.Profile.Name }),
		projections.Col("alias", "text", func(r *User) *string { return &r.Profile.Alias }),
		projections.Col("mail", "text", func(r *User) *string { return &r.Profile.Mail }),
		projections.Col("role", "text", func(r *User) *user.Role { return &r.Settings.Role }),
		projections.Col("capacity", "int4", func(r *User) *int { return &r.Settings.Capacity }),
		projections.Col("disabled", "bool", func(r *User) *bool { return &r.Settings.Disabled }),
		projections.Col("archived", "bool", func(r *User) *bool { return &r.Archived }),
		projections.Col("settings", "jsonb", func(r *User) *user.Settings { return &r.Settings }),
	},
	KeyOf: func(r User) string { return r.ID },
	Keys:  ofStream("user"),
	New:   func(id string) User { return User{ID: id} },
	Evolve: func(r User, e eventstore.Recorded) User {
		switch ev := e.Event.(type) {
		case user.Created:
			return r.is(ev.Profile, ev.Settings)
		case user.Changed:
			return r.is(ev.Profile, ev.Settings)
		case user.Archived:
			r.Archived = true
		}
		return r
	},
	Changes: func(before, after User, _ eventstore.Recorded) []projections.Change {
		hint := projections.Change{Kind: "user", ID: after.ID}
		if sameRights(before, after) {
			return []projections.Change{hint}
		}
		return append([]projections.Change{hint}, rightsChanged(after.ID)...)
	},
}

func (u User) is(p user.Profile, s user.Settings) User {
	u.Profile, u.Settings, u.Login = p, s, strings.ToLower(p.Login)
	u.Profile.Login = u.Login
	return u
}

func sameRights(a, b User) bool {
	x, y := a.Settings, b.Settings
	return a.Disabled() == b.Disabled() && x.Role == y.Role && x.Masked == y.Masked && slices.Equal(x.Permissions, y.Permissions) &&
		slices.Equal(x.Lists, y.Lists) && slices.Equal(x.Queues, y.Queues)
}

const userSchema = `
CREATE TABLE {table:users_v1} (
	id text PRIMARY KEY,
	login text NOT NULL,
	name text NOT NULL,
	alias text NOT NULL,
	mail text NOT NULL,
	role text NOT NULL,
	capacity int4 NOT NULL,
	disabled bool NOT NULL,
	archived bool NOT NULL,
	settings jsonb NOT NULL
);
CREATE INDEX ON {table:users_v1} (login);
`

const userViews = `
CREATE OR REPLACE VIEW app.users AS SELECT * FROM {table:users_v1};
CREATE OR REPLACE VIEW masked.users AS SELECT * FROM {table:users_v1};
`
