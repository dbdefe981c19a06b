package settings

import (
	"slices"
	"strings"

	"parley/domain/user"
	"parley/eventstore"
	"parley/projections"
)

// User is a member of the organisation.
type User struct {
	ID       string
	Login    string // lower case, for lookups
	Profile  user.Profile
	Settings user.Settings
	Archived bool
}

// Disabled reports whether the user may not sign in.
func (u User) Disabled() bool { return u.Settings.Disabled || u.Archived }

var users = projections.Table[string, User]{
	Name: "users_v1",
	Columns: projections.Columns(
		projections.Key("id", func(r *User) *string { return &r.ID }).Open(),
		projections.Text("login", func(r *User) *string { return &r.Login }).Open(),
		projections.Text("name", func(r *User) *string { return &r.Profile.Name }).Open(),
		projections.Text("alias", func(r *User) *string { return &r.Profile.Alias }).Open(),
		projections.Text("email", func(r *User) *string { return &r.Profile.Email }).Open(),
		projections.Text("role", func(r *User) *user.Role { return &r.Settings.Role }).Open(),
		projections.Int("capacity", func(r *User) *int { return &r.Settings.Capacity }).Open(),
		projections.Bool("disabled", func(r *User) *bool { return &r.Settings.Disabled }).Open(),
		projections.Bool("archived", func(r *User) *bool { return &r.Archived }).Open(),
		projections.JSON("settings", func(r *User) *user.Settings { return &r.Settings }).Open(),
	),
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
		hint := projections.Change{Kind: projections.UserChanged, ID: after.ID}
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
	return a.Disabled() == b.Disabled() && x.Role == y.Role && x.Masked == y.Masked &&
		slices.Equal(x.Permissions, y.Permissions) &&
		slices.Equal(x.Lists, y.Lists) && slices.Equal(x.Queues, y.Queues)
}
