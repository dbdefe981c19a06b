package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// makesToken creates a token for a user through the API.
func makesToken(t *testing.T, w *world, login string, more vars) client {
	t.Helper()
	input := vars{"commandId": newID(), "userId": "usr_" + w.user(t, login).ID, "name": "Report"}
	for name, v := range more {
		input[name] = v
	}
	return w.bearing(get[struct{ CreateToken struct{ Token string } }](t, w.as(t, "admin"),
		"mutation($i:CreateTokenInput!){createToken(input:$i){token}}", vars{"i": input}).CreateToken.Token)
}

func TestATokenMayDoNoMoreThanItWasMadeFor(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	narrow := makesToken(t, w, "admin", vars{"permissions": []string{"VIEW_CONTACTS"}})
	require.Empty(t, narrow.ask(t, "{contacts(first:1){edges{node{id}}}}", nil).code())
	require.Equal(t, "FORBIDDEN", narrow.ask(t, "{interactions(first:1){edges{node{id}}}}", nil).code())
	require.Equal(t, "FORBIDDEN", narrow.ask(t, "{tokens{id}}", nil).code())

	beyond := w.as(t, "admin").do(t, "createToken", "CreateTokenInput", "token", vars{"commandId": newID(),
		"userId": "usr_" + w.user(t, "anna").ID, "name": "Report", "permissions": []string{"ADMINISTER"}})
	require.Equal(t, "TOKEN_PERMISSIONS_INVALID", beyond.code(), beyond.raw)
	late := w.as(t, "admin").do(t, "createToken", "CreateTokenInput", "token", vars{"commandId": newID(),
		"userId": "usr_" + w.user(t, "anna").ID, "name": "Report", "expiresAt": "2100-01-01T00:00:00Z"})
	require.Equal(t, "TOKEN_EXPIRY_INVALID", late.code(), late.raw)
}

func TestAPasswordResetRevokesTheUsersTokens(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	w.hire(t, "reset", "AGENT", nil)
	token := makesToken(t, w, "reset", nil)
	require.Empty(t, token.ask(t, "{me{role}}", nil).code())
	change(t, w, "reset", vars{"password": "another-Good-1"})
	require.Equal(t, "UNAUTHENTICATED", token.ask(t, "{me{role}}", nil).code())
	shown := get[struct {
		Tokens []struct {
			Name      string
			RevokedAt *string
			CreatedBy *struct{ ID string }
			User      struct{ ID string }
		}
	}](t, w.as(t, "admin"), "{tokens{name revokedAt createdBy{id} user{id}}}", nil).Tokens
	for _, listed := range shown {
		if listed.User.ID == "usr_"+w.user(t, "reset").ID {
			require.NotNil(t, listed.RevokedAt)
			require.Equal(t, "usr_"+w.user(t, "admin").ID, listed.CreatedBy.ID)
		}
	}
}

func TestAPasswordThatAnOperatorSetsRevokesTheUsersTokens(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	_, err := w.operate(t, nil, "user", "create", "root", "Root", "admin")
	require.NoError(t, err)
	w.settle(t)
	made, err := w.operate(t, nil, "token", "create", "root", "Report")
	require.NoError(t, err)
	token := w.bearing(strings.TrimSpace(made))
	require.Empty(t, token.ask(t, "{me{role}}", nil).code())
	_, err = w.operate(t, nil, "user", "create", "root", "Root", "admin")
	require.NoError(t, err)
	require.Equal(t, "UNAUTHENTICATED", token.ask(t, "{me{role}}", nil).code())
}

func TestUsersEndTheirOwnBrowserSessionsAndAdminsEndAnyUsers(t *testing.T) {
	t.Parallel()
	w := startWorld(t, "ben")
	type listed struct {
		BrowserSessions []struct {
			ID      string
			Current bool
		}
	}
	desk, laptop := w.signIn(t, "ben", w.passwords["ben"]), w.signIn(t, "ben", w.passwords["ben"])
	own := get[listed](t, desk, "{browserSessions{id current}}", nil).BrowserSessions
	require.Len(t, own, 2)
	for _, s := range own {
		if !s.Current {
			a := desk.ask(t, `mutation($id:ID!){endBrowserSession(input:{sessionId:$id}){sessions{id}}}`, vars{"id": s.ID})
			require.Empty(t, a.code(), a.raw)
		}
	}
	require.Equal(t, "UNAUTHENTICATED", laptop.ask(t, "{me{role}}", nil).code())
	require.Empty(t, desk.ask(t, "{me{role}}", nil).code())

	ben := vars{"user": "usr_" + w.user(t, "ben").ID}
	const ofUser = "query($user:ID){browserSessions(userId:$user){id current}}"
	require.Equal(t, "NOT_FOUND", w.as(t, "anna").ask(t, ofUser, ben).code())
	remaining := get[listed](t, w.as(t, "admin"), ofUser, ben).BrowserSessions
	require.Len(t, remaining, 1)
	ben["id"] = remaining[0].ID
	ended := w.as(t, "admin").ask(t,
		"mutation($id:ID!,$user:ID){endBrowserSession(input:{sessionId:$id,userId:$user}){sessions{id}}}", ben)
	require.Empty(t, ended.code(), ended.raw)
	require.Equal(t, "UNAUTHENTICATED", desk.ask(t, "{me{role}}", nil).code())
	again := w.as(t, "admin").ask(t,
		"mutation($id:ID!,$user:ID){endBrowserSession(input:{sessionId:$id,userId:$user}){sessions{id}}}", ben)
	require.Empty(t, again.code(), again.raw)

	const history = "query($user:ID!){userEvents(userId:$user){type actor data}}"
	read := get[struct {
		UserEvents []struct{ Type, Actor, Data string }
	}](t, w.as(t, "audit"), history, ben)
	var by []string
	for _, e := range read.UserEvents {
		if e.Type == "UserSessionEnded" {
			by = append(by, "usr_"+e.Actor)
			require.Contains(t, e.Data, "sessionId")
		}
	}
	require.Equal(t, []string{"usr_" + w.user(t, "ben").ID, "usr_" + w.user(t, "admin").ID}, by,
		"Ben ended the laptop's session, an admin that of the desk")
	require.Equal(t, "FORBIDDEN", w.as(t, "ben").ask(t, history, ben).code())
	require.Equal(t, "NOT_FOUND", w.as(t, "audit").ask(t, history, vars{"user": "usr_" + newID()}).code())
}

func TestAnOperatorListsAndRevokesTokens(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	made, err := w.operate(t, nil, "token", "create", "anna", "Wallboard")
	require.NoError(t, err)
	token := w.bearing(strings.TrimSpace(made))
	require.Empty(t, token.ask(t, "{me{role}}", nil).code())
	list, err := w.operate(t, nil, "token", "list")
	require.NoError(t, err)
	id := ""
	for line := range strings.Lines(list) {
		if strings.Contains(line, "Wallboard") {
			id = strings.Fields(line)[0]
		}
	}
	require.NotEmpty(t, id, list)
	_, err = w.operate(t, nil, "token", "revoke", id)
	require.NoError(t, err)
	require.Equal(t, "UNAUTHENTICATED", token.ask(t, "{me{role}}", nil).code())
}
