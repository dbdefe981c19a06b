package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels/whatsapp/meta"
	"parley/domain/user"
	"parley/internal/access"
	"parley/internal/auth"
	"parley/internal/demo"
)

func newToken(userID string, role user.Role) auth.NewToken {
	n := auth.NewToken{UserID: userID, Name: "test", Role: string(role), ExpiresAt: time.Now().Add(time.Hour)}
	for _, p := range access.All {
		n.Permissions = append(n.Permissions, string(p))
	}
	return n
}

// settingsOf reads a user in the shape of the edit form.
func settingsOf(t *testing.T, w *world, login string) vars {
	t.Helper()
	shown := get[struct {
		Users []struct {
			ID, Name, Role string
			Settings       struct {
				Login       string
				Permissions []string
				Masked      bool
				Capacity    int
				Queues      []struct{ ID string }
			}
		}
	}](t, w.as(t, "admin"), "{users{id name role settings{login permissions masked capacity queues{id}}}}", nil)
	for _, u := range shown.Users {
		if u.Settings.Login != login {
			continue
		}
		queues := []string{}
		for _, q := range u.Settings.Queues {
			queues = append(queues, q.ID)
		}
		return vars{
			"id": u.ID, "login": login, "name": u.Name, "role": u.Role, "permissions": u.Settings.Permissions,
			"queueIds": queues,
			"masked":   u.Settings.Masked, "disabled": false, "capacity": u.Settings.Capacity,
		}
	}
	require.Fail(t, "no such user", "%s in %+v", login, shown)
	return nil
}

// change saves a user with changed settings.
func change(t *testing.T, w *world, login string, changed vars) {
	t.Helper()
	input := settingsOf(t, w, login)
	input["commandId"] = newID()
	for name, v := range changed {
		input[name] = v
	}
	a := w.as(t, "admin").do(t, "saveUser", "SaveUserInput", "user{id disabled}", input)
	require.Empty(t, a.code(), a.raw)
}

func disable(t *testing.T, w *world, login string) {
	t.Helper()
	change(t, w, login, vars{"disabled": true})
}

// hire creates a user with a token.
func (w *world) hire(t *testing.T, login string, role user.Role, more vars) client {
	t.Helper()
	input := vars{
		"commandId": newID(), "login": login, "name": login, "role": string(role), "permissions": []string{},
		"queueIds": []string{},
		"masked":   false, "disabled": false, "capacity": 5,
	}
	for name, v := range more {
		input[name] = v
	}
	made := get[struct {
		SaveUser struct{ User struct{ ID string } }
	}](t, w.as(t, "admin"),
		"mutation($i:SaveUserInput!){saveUser(input:$i){user{id}}}", vars{"i": input}).SaveUser.User
	token := get[struct{ CreateToken struct{ Token string } }](t, w.as(t, "admin"),
		"mutation($i:CreateTokenInput!){createToken(input:$i){token}}",
		vars{"i": vars{"commandId": newID(), "userId": made.ID, "name": "test"}}).CreateToken.Token
	w.users[login] = demo.User{Role: role, ID: made.ID[len("usr_"):], Login: login, Name: login, Token: token}
	return w.bearing(token)
}

// providerSetting is one setting or secret of an account at its provider.
type providerSetting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// named lists settings by name.
func named(values map[string]string) []providerSetting {
	var all []providerSetting
	for _, name := range slices.Sorted(maps.Keys(values)) {
		all = append(all, providerSetting{name, values[name]})
	}
	return all
}

func valueOf(all []providerSetting, name string) string {
	for _, s := range all {
		if s.Name == name {
			return s.Value
		}
	}
	return ""
}

// changeAccount saves an account with changed settings.
func changeAccount(t *testing.T, w *world, phoneNumberID string, changed vars) {
	t.Helper()
	input := accountInput(t, w, phoneNumberID)
	maps.Copy(input, changed)
	saved := w.as(t, "admin").do(t, "saveAccount", "SaveAccountInput", "account{id}", input)
	require.Empty(t, saved.code(), saved.raw)
}

// accountInput reads an account in the shape of the edit form.
func accountInput(t *testing.T, w *world, phoneNumberID string) vars {
	t.Helper()
	type ref struct{ ID string }
	shown := get[struct {
		Accounts []struct {
			ID, Name, ShortCode, Provider, DisplayNumber            string
			Disabled, Attachments, TransferToAgent, TransferToQueue bool
			MaxAttachmentBytes, TransferTimeout                     int
			MandatoryDispose                                        bool
			Settings                                                struct {
				ProviderSettings           []providerSetting
				Queue                      ref
				Queues                     []ref
				List                       ref
				CreateContacts, MarkAsRead bool
				WindowHours, RatePerSecond int
			}
		}
	}](t, w.as(t, "admin"), `{accounts{id name shortCode provider displayNumber disabled attachments
		transferToAgent transferToQueue maxAttachmentBytes
		transferTimeout mandatoryDispose settings{providerSettings{name value} queue{id} queues{id} list{id}
		createContacts markAsRead
		windowHours ratePerSecond}}}`, nil)
	for _, a := range shown.Accounts {
		s := a.Settings
		if valueOf(s.ProviderSettings, meta.PhoneNumberID) != phoneNumberID {
			continue
		}
		queues := []string{}
		for _, q := range s.Queues {
			queues = append(queues, q.ID)
		}
		return vars{
			"commandId": newID(), "id": a.ID, "name": a.Name, "shortCode": a.ShortCode, "provider": a.Provider,
			"providerSettings": s.ProviderSettings, "displayNumber": a.DisplayNumber, "disabled": a.Disabled,
			"queueId": s.Queue.ID, "queueIds": queues, "listId": s.List.ID, "createContacts": s.CreateContacts, "attachments": a.Attachments,
			"maxAttachmentBytes": a.MaxAttachmentBytes, "transferToAgent": a.TransferToAgent, "transferToQueue": a.TransferToQueue,
			"transferTimeout": a.TransferTimeout, "mandatoryDispose": a.MandatoryDispose, "markAsRead": s.MarkAsRead,
			"windowHours": s.WindowHours, "ratePerSecond": s.RatePerSecond,
		}
	}
	require.Fail(t, "no such account", phoneNumberID)
	return nil
}

func TestAnAccountsTokenIsNotSentToANewAddressWithoutBeingEnteredAgain(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	input := accountInput(t, w, w.accounts[0].PhoneNumberID)
	stays := slices.DeleteFunc(input["providerSettings"].([]providerSetting),
		func(s providerSetting) bool { return s.Name == meta.BaseURL })
	input["providerSettings"] = append(stays, providerSetting{meta.BaseURL, "https://elsewhere.example"})
	save := func() answer {
		return w.as(t, "admin").do(t, "saveAccount", "SaveAccountInput", "account{id}", input)
	}
	refused := save()
	require.Equal(t, "PROVIDER_SECRET_NEEDED", refused.code(), refused.raw)
	require.Equal(t, meta.AccessToken, refused.details()["setting"])
	input["secrets"] = []providerSetting{{meta.AccessToken, "for the new address"}}
	saved := save()
	require.Empty(t, saved.code(), saved.raw)
}

func TestTwoAccountsCannotShareAShortCode(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	input := accountInput(t, w, w.accounts[0].PhoneNumberID)
	delete(input, "id")
	input["shortCode"] = strings.ToLower(input["shortCode"].(string))
	input["providerSettings"] = []providerSetting{{meta.PhoneNumberID, w.digits()}}
	input["secrets"] = named(map[string]string{meta.AppSecret: "app secret", meta.VerifyToken: "verify token",
		meta.AccessToken: "access token"})
	refused := w.as(t, "admin").do(t, "saveAccount", "SaveAccountInput", "account{id}", input)
	require.Equal(t, "SHORT_CODE_TAKEN", refused.code(), refused.raw)
}

func TestAnAdministratorCannotRemoveTheirOwnRights(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	admin := w.as(t, "admin")
	for name, changed := range map[string]vars{
		"their role":   {"role": string(user.Agent)},
		"their access": {"disabled": true},
	} {
		input := settingsOf(t, w, "admin")
		input["commandId"] = newID()
		maps.Copy(input, changed)
		require.Equal(t, "OWN_RIGHTS", admin.do(t, "saveUser", "SaveUserInput", "user{id}", input).code(), name)
	}
}

// changeQueue saves a queue with changed settings.
func changeQueue(t *testing.T, w *world, name string, changed vars) {
	t.Helper()
	shown := get[struct {
		Queues []struct {
			ID, Name, Strategy                string
			OfferTimeout, Weight, SilentOwner int
			Take, Sticky                      bool
			Members                           []struct{ ID string }
		}
	}](t, w.as(t, "admin"), "{queues{id name strategy offerTimeout weight take sticky silentOwner members{id}}}", nil)
	for _, q := range shown.Queues {
		if q.Name != name {
			continue
		}
		members := []string{}
		for _, m := range q.Members {
			members = append(members, m.ID)
		}
		input := vars{
			"commandId": newID(), "id": q.ID, "name": q.Name, "strategy": q.Strategy,
			"offerTimeout": q.OfferTimeout, "weight": q.Weight,
			"take": q.Take, "sticky": q.Sticky, "silentOwner": q.SilentOwner, "memberIds": members,
		}
		for name, v := range changed {
			input[name] = v
		}
		saved := w.as(t, "admin").do(t, "saveQueue", "SaveQueueInput", "queue{id}", input)
		require.Empty(t, saved.code(), saved.raw)
		return
	}
	require.Fail(t, "no such queue", name)
}

func TestATokenIsLimitedToTheRoleAtItsCreation(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	token := w.hire(t, "newcomer", user.Agent, nil)
	change(t, w, "newcomer", vars{"role": string(user.Admin)})
	require.Eventually(t, func() bool {
		return get[struct{ Me struct{ Role string } }](t, token, "{me{role}}", nil).Me.Role == string(user.Admin)
	}, patience, 10*time.Millisecond)
	w.settle(t)
	require.Equal(t, "FORBIDDEN", token.do(t, "saveTag", "SaveTagInput", "tag{id}",
		vars{"commandId": newID(), "name": "mine", "color": "green"}).code())
	require.Equal(t, "SETTING_UNKNOWN", w.as(t, "admin").do(t, "createToken", "CreateTokenInput", "token",
		vars{"commandId": newID(), "userId": "usr_" + newID(), "name": "nobody's"}).code())
}
