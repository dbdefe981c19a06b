package main

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/channels/whatsapp/meta"
)

func TestEveryFieldOfASettingCanBeSetByItsInput(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	admin, boss := w.as(t, "admin"), "usr_"+w.user(t, "admin").ID
	saved := func(mutation, kind, thing string, input vars) string {
		input["commandId"] = newID()
		a := admin.do(t, mutation, kind, thing+"{id}", input)
		require.Empty(t, a.code(), a.raw)
		var settings reflect.Value
		for _, e := range slices.Backward(w.events(t)) {
			if settings = reflect.ValueOf(e.Event).FieldByName("Settings"); settings.IsValid() {
				break // what came after it replaced secrets
			}
		}
		for i := range settings.NumField() {
			require.False(t, settings.Field(i).IsZero(),
				"%s cannot say %s: saving by it would take that away", kind, settings.Type().Field(i).Name)
		}
		return idIn(t, a, mutation, thing)
	}
	list := saved("saveList", "SaveListInput", "list", vars{
		"name": "Night", "description": "Who calls late", "dialPrefix": "39",
		"fields": []vars{{"key": "plan", "label": "Plan", "type": "SELECT", "required": true,
			"options": []string{"gold"}}},
	})
	queue := saved("saveQueue", "SaveQueueInput", "queue", vars{
		"name": "Night", "description": "After ten", "strategy": "ROUND_ROBIN", "offerTimeout": 25,
		"weight": 7, "take": true, "sticky": true,
		"silentOwner": 60, "memberIds": []string{boss},
	})
	parent := admin.do(t, "saveDisposition", "SaveDispositionInput", "disposition{id}",
		vars{"commandId": newID(), "label": "Sold", "scope": "GLOBAL"})
	require.Empty(t, parent.code(), parent.raw)
	saved("saveDisposition", "SaveDispositionInput", "disposition", vars{
		"label": "Night", "scope": "QUEUE", "scopeId": queue, "sortOrder": 7,
		"parentId": idIn(t, parent, "saveDisposition", "disposition"),
	})
	saved("saveAccount", "SaveAccountInput", "account", vars{
		"name": "Night", "shortCode": "NIGHT", "provider": meta.Name, "displayNumber": "+39 06 777",
		"providerSettings": named(map[string]string{
			meta.PhoneNumberID: "777", meta.BusinessID: "888", meta.BaseURL: w.simURL, meta.APIVersion: "v24.0",
		}),
		"secrets": named(map[string]string{meta.AppSecret: "app secret", meta.VerifyToken: "verify token",
			meta.AccessToken: "access token"}),
		"disabled": true, "queueId": queue, "queueIds": []string{queue}, "listId": list,
		"createContacts": true, "attachments": true,
		"maxAttachmentBytes": 1000, "transferToAgent": true, "transferToQueue": true, "transferTimeout": 60,
		"mandatoryDispose": true, "markAsRead": true,
		"windowHours": 24, "ratePerSecond": 5, "recontactTemplate": "come_back",
	})
	shown := get[struct {
		Lists        []struct{ ID, DialPrefix string }
		Dispositions []struct{ SortOrder int }
		Accounts     []struct {
			Name     string
			Settings struct{ RecontactTemplate string }
		}
	}](t, admin, "{lists{id dialPrefix} dispositions{sortOrder} accounts{name settings{recontactTemplate}}}", nil)
	require.Contains(t, shown.Lists, struct{ ID, DialPrefix string }{list, "39"})
	require.Contains(t, shown.Dispositions, struct{ SortOrder int }{7})
	require.Contains(t, shown.Accounts, struct {
		Name     string
		Settings struct{ RecontactTemplate string }
	}{"Night", struct{ RecontactTemplate string }{"come_back"}})
}

// idIn returns the id of what a mutation created.
func idIn(t *testing.T, a answer, mutation, thing string) string {
	t.Helper()
	var made map[string]struct{ ID string }
	require.NoError(t, json.Unmarshal(a.Data[mutation], &made))
	return made[thing].ID
}
