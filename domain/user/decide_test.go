package user_test

import (
	"testing"
	"time"

	"parley/domain"
	"parley/domain/domaintest"
	"parley/domain/setting"
	. "parley/domain/user"
)

func TestUsers(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	ben := Value{UserID: "u1", Profile: Profile{Login: "ben.r", Name: "Ben", Mail: "ben@example.org"}, Settings: Settings{Role: Agent, Lists: []domain.ListID{"l1"}, Capacity: 5}}
	created := Created{UserID: "u1", Profile: ben.Profile, Settings: ben.Settings, By: "root", At: noon}
	with := func(change func(*Value)) Create { v := ben; change(&v); return Create{Value: v, By: "root", At: noon} }
	off := ben
	off.Settings.Disabled = true
	disabled := Changed{UserID: "u1", Profile: off.Profile, Settings: off.Settings, By: "root", At: noon}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an agent is added (R115)", When: with(func(*Value) {}), Then: []Event{created}},
		{Name: "he is disabled", Given: []Event{created}, When: Change{Value: off, By: "root", At: noon}, Then: []Event{disabled}},
		{Name: "a list is granted once (R6)", Given: []Event{created}, When: GrantLists{Lists: []domain.ListID{"l1", "l1"}, At: noon}},
		{Name: "exactly those that are named are granted (R7)", Given: []Event{created}, When: GrantLists{Lists: []domain.ListID{"l2"}, By: "root", At: noon},
			Then: []Event{Changed{UserID: "u1", Profile: ben.Profile, Settings: Settings{Role: Agent, Lists: []domain.ListID{"l2"}, Capacity: 5}, By: "root", At: noon}}},
		{Name: "that makes nobody's disabling undone", Given: []Event{created, disabled}, When: GrantLists{By: "root", At: noon},
			Then: []Event{Changed{UserID: "u1", Profile: ben.Profile, Settings: Settings{Role: Agent, Disabled: true, Capacity: 5}, By: "root", At: noon}}},
		{Name: "nothing is granted to nobody", When: GrantLists{Lists: []domain.ListID{"l1"}}, Err: setting.ErrUnknown},
		{Name: "nor to somebody archived", Given: []Event{created, Archived{At: noon}}, When: GrantLists{Lists: []domain.ListID{"l2"}}, Err: setting.ErrArchived},
		{Name: "a change leaves him his login and his lists", Given: []Event{created}, When: Change{Value: Value{Profile: Profile{Login: "cho", Name: "Ben", Mail: "ben@example.org"}, Settings: Settings{Role: Agent, Capacity: 5}}}},
		{Name: "he is archived", Given: []Event{created}, When: Archive{By: "root", At: noon}, Then: []Event{Archived{By: "root", At: noon}}},
		{Name: "a user has an id", When: with(func(v *Value) { v.UserID = "" }), Err: ErrID},
		{Name: "a user has a name", When: with(func(v *Value) { v.Profile.Name = "" }), Err: setting.ErrName},
		{Name: "a login has no spaces", When: with(func(v *Value) { v.Profile.Login = "ben r" }), Err: ErrLogin},
		{Name: "a role is one of five", When: with(func(v *Value) { v.Settings.Role = "KING" }), Err: ErrRole},
		{Name: "an alias can be read", When: with(func(v *Value) { v.Profile.Alias = "B\x00en" }), Err: domain.ErrUnprintable},
		{Name: "a mail address has its two halves", When: with(func(v *Value) { v.Profile.Mail = "ben@" }), Err: ErrMail},
		{Name: "a capacity is not negative", When: with(func(v *Value) { v.Settings.Capacity = -1 }), Err: ErrCapacity},
	})
}
