package user_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/domaintest"
	"parley/domain/setting"
	. "parley/domain/user"
)

func TestAUserMayUseTheListsGrantedToThem(t *testing.T) {
	agent := Settings{Role: Agent, Lists: []domain.ListID{"vip"}}
	require.True(t, agent.SeesList("vip"))
	require.False(t, agent.SeesList("other"))
	require.True(t, Settings{Role: Admin}.SeesList("other"), "an admin needs no grant")
}

func TestTheRulesOfUsers(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	ben := Value{UserID: "u1", Profile: Profile{Login: "ben.r", Name: "Ben", Email: "ben@example.org"},
		Settings: Settings{Role: Agent, Lists: []domain.ListID{"l1"}, Capacity: 5}}
	created := Created{UserID: "u1", Profile: ben.Profile, Settings: ben.Settings, By: "root", At: noon}
	with := func(change func(*Value)) Create { v := ben; change(&v); return Create{Value: v, By: "root", At: noon} }
	off := ben
	off.Settings.Disabled = true
	disabled := Changed{UserID: "u1", Profile: off.Profile, Settings: off.Settings, By: "root", At: noon}

	admin := Value{UserID: "root", Profile: Profile{Login: "root", Name: "Root"}, Settings: Settings{Role: Admin}}
	root := Created{UserID: "root", Profile: admin.Profile, Settings: admin.Settings, At: noon}
	asAgent, asDisabled, renamed := admin, admin, admin
	asAgent.Settings.Role, asDisabled.Settings.Disabled, renamed.Profile.Name = Agent, true, "Ruth"

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an agent is added", When: with(func(*Value) {}), Then: []Event{created}},
		{Name: "a user is disabled", Given: []Event{created}, When: Change{Value: off, By: "root", At: noon},
			Then: []Event{disabled}},
		{Name: "granting a list twice grants it once", Given: []Event{created},
			When: GrantLists{Lists: []domain.ListID{"l1", "l1"}, At: noon}},
		{Name: "granting lists replaces the lists granted before", Given: []Event{created},
			When: GrantLists{Lists: []domain.ListID{"l2"}, By: "root", At: noon},
			Then: []Event{Changed{UserID: "u1", Profile: ben.Profile,
				Settings: Settings{Role: Agent, Lists: []domain.ListID{"l2"}, Capacity: 5}, By: "root", At: noon}}},
		{Name: "granting lists leaves a disabled user disabled", Given: []Event{created, disabled},
			When: GrantLists{By: "root", At: noon},
			Then: []Event{Changed{UserID: "u1", Profile: ben.Profile,
				Settings: Settings{Role: Agent, Disabled: true, Capacity: 5}, By: "root", At: noon}}},
		{Name: "an unknown user gets no lists", When: GrantLists{Lists: []domain.ListID{"l1"}},
			Err: setting.ErrUnknown},
		{Name: "an archived user gets no lists", Given: []Event{created, Archived{At: noon}},
			When: GrantLists{Lists: []domain.ListID{"l2"}}, Err: setting.ErrArchived},
		{Name: "a change keeps the login and the granted lists", Given: []Event{created},
			When: Change{Value: Value{Profile: Profile{Login: "cho", Name: "Ben", Email: "ben@example.org"},
				Settings: Settings{Role: Agent, Capacity: 5}}}},
		{Name: "a user is archived", Given: []Event{created}, When: Archive{By: "root", At: noon},
			Then: []Event{Archived{By: "root", At: noon}}},
		{Name: "an administrator cannot give up their own role", Given: []Event{root},
			When: Change{Value: asAgent, By: "root", At: noon}, Err: ErrOwnRights},
		{Name: "an administrator cannot disable themselves", Given: []Event{root},
			When: Change{Value: asDisabled, By: "root", At: noon}, Err: ErrOwnRights},
		{Name: "an administrator cannot archive themselves", Given: []Event{root},
			When: Archive{By: "root", At: noon}, Err: ErrOwnRights},
		{Name: "an administrator may take the role from another one", Given: []Event{root},
			When: Change{Value: asAgent, By: "ada", At: noon},
			Then: []Event{Changed{UserID: "root", Profile: asAgent.Profile, Settings: asAgent.Settings, By: "ada", At: noon}}},
		{Name: "an administrator may change their own name", Given: []Event{root},
			When: Change{Value: renamed, By: "root", At: noon},
			Then: []Event{Changed{UserID: "root", Profile: renamed.Profile, Settings: renamed.Settings, By: "root", At: noon}}},
		{Name: "the event names the user who ended a session", Given: []Event{created},
			When: EndSession{SessionID: "s1", By: "root", At: noon},
			Then: []Event{SessionEnded{SessionID: "s1", By: "root", At: noon}}},
		{Name: "a session that was ended stays ended when the user changes",
			Given: []Event{created, SessionEnded{SessionID: "s1", By: "root", At: noon}, disabled},
			When:  EndSession{SessionID: "s1", By: "root", At: noon}},
		{Name: "ending a session leaves the settings as they are",
			Given: []Event{created, SessionEnded{SessionID: "s1", By: "root", At: noon}},
			When:  Change{Value: ben, By: "root", At: noon}},
		{Name: "an unknown user has no session to end", When: EndSession{SessionID: "s1", By: "root", At: noon},
			Err: setting.ErrUnknown},
		{Name: "a user without an id is refused", When: with(func(v *Value) { v.UserID = "" }), Err: ErrID},
		{Name: "a user without a name is refused", When: with(func(v *Value) { v.Profile.Name = "" }),
			Err: setting.ErrName},
		{Name: "a login with spaces is refused", When: with(func(v *Value) { v.Profile.Login = "ben r" }),
			Err: ErrLogin},
		{Name: "an unknown role is refused", When: with(func(v *Value) { v.Settings.Role = "KING" }), Err: ErrRole},
		{Name: "an alias with control characters is refused",
			When: with(func(v *Value) { v.Profile.Alias = "B\x00en" }), Err: domain.ErrUnprintable},
		{Name: "an email address without a domain is refused",
			When: with(func(v *Value) { v.Profile.Email = "ben@" }), Err: ErrEmail},
		{Name: "a negative capacity is refused", When: with(func(v *Value) { v.Settings.Capacity = -1 }),
			Err: ErrCapacity},
	})
}
