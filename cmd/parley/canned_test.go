package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type answerShown struct {
	ID, Shortcut, Text string
	AttachmentID       *string
	Media              *struct {
		FileName, MimeType, URL string
		Size                    int
	}
}

const answerFields = "id text attachmentId media{fileName mimeType url size}"

// uploads posts a file and returns its id.
func (c client) uploads(t *testing.T, query, name, content string) string {
	t.Helper()
	status, body := c.fetch(t, http.MethodPost, "/attachments?"+query, content, name)
	require.Equal(t, http.StatusCreated, status, body)
	var up struct{ ID string }
	require.NoError(t, json.Unmarshal([]byte(body), &up))
	return up.ID
}

func (c client) fetch(t *testing.T, method, path, content, name string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, c.url+path, strings.NewReader(content))
	require.NoError(t, err)
	r.Header = c.header.Clone()
	r.Header.Set("X-File-Name", name)
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(body)
}

func (c client) saves(t *testing.T, input vars) answerShown {
	t.Helper()
	input["commandId"] = newID()
	a := c.do(t, "saveCannedAnswer", "SaveCannedAnswerInput", "cannedAnswer{"+answerFields+"}", input)
	require.Empty(t, a.code(), a.raw)
	var saved struct{ CannedAnswer answerShown }
	require.NoError(t, json.Unmarshal(a.Data["saveCannedAnswer"], &saved))
	return saved.CannedAnswer
}

// insert returns a canned answer by shortcut, filled in for an interaction.
func (d desk) insert(t *testing.T, id, shortcut string) answerShown {
	t.Helper()
	all := get[struct{ CannedAnswersFor []answerShown }](t, d.client,
		"query($i:ID!){cannedAnswersFor(interactionId:$i){shortcut text media{fileName mimeType url size}}}", vars{"i": id}).CannedAnswersFor
	for _, a := range all {
		if a.Shortcut == shortcut {
			return a
		}
	}
	require.Fail(t, "no such canned answer", "%s in %+v", shortcut, all)
	return answerShown{}
}

func TestACannedAnswerFillsItsVariablesAndBringsItsFile(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	admin := w.as(t, "admin")
	text := "Dear {{contact.lastName}}, {{contact.firstName}}: {{agent.name}} of {{account.name}} sends you the way."
	input := func(more vars) vars {
		in := vars{"shortcut": "way", "title": "The way to us", "text": text}
		for k, v := range more {
			in[k] = v
		}
		return in
	}
	file := admin.uploads(t, "for=cannedAnswer", "way.pdf", "%PDF-1.7 the way")
	saved := admin.saves(t, input(vars{"attachmentId": file}))
	require.Equal(t, "way.pdf", saved.Media.FileName)
	require.Equal(t, file, *saved.AttachmentID)

	anna := w.works(t, "anna")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Where are you?")
	id := anna.accepts(t, "Where are you?")
	way := anna.insert(t, id, "way")
	account := get[struct {
		Interaction struct{ Account struct{ Name string } }
	}](t, anna.client, "query($i:ID!){interaction(id:$i){account{name}}}", vars{"i": id}).Interaction.Account.Name
	require.Equal(t, "Dear Verdi, Maria: Anna of "+account+" sends you the way.", way.Text,
		"the agent is shown by their alias")
	require.Equal(t, "application/pdf", way.Media.MimeType)
	status, body := anna.fetch(t, http.MethodGet, way.Media.URL, "", "")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "%PDF-1.7 the way", body)

	t.Run("saving with its file keeps the file, saving without removes it", func(t *testing.T) {
		kept := admin.saves(t, input(vars{"id": saved.ID, "title": "Another title", "attachmentId": file}))
		require.Equal(t, file, *kept.AttachmentID)
		require.Nil(t, admin.saves(t, input(vars{"id": saved.ID})).Media)
		status, _ := anna.fetch(t, http.MethodGet, way.Media.URL, "", "")
		require.Equal(t, http.StatusNotFound, status)
	})
	t.Run("an unknown variable or a missing answer is refused", func(t *testing.T) {
		for code, more := range map[string]vars{
			"VARIABLE_UNKNOWN": {"text": "Your order {{order.number}}"},
			"FILE_NOT_FOUND":   {"attachmentId": "fil_" + newID()},
		} {
			in := input(more)
			in["commandId"] = newID()
			a := admin.do(t, "saveCannedAnswer", "SaveCannedAnswerInput", "cannedAnswer{id}", in)
			require.Equal(t, code, a.code(), a.raw)
		}
	})
	t.Run("an interaction out of scope has no canned answers", func(t *testing.T) {
		a := w.as(t, "irene").ask(t, "query($i:ID!){cannedAnswersFor(interactionId:$i){text}}", vars{"i": id})
		require.Equal(t, "NOT_FOUND", a.code(), a.raw)
	})
}

func TestACannedAnswerHidesTheNameFromAMaskedAgent(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	jonas := w.works(t, "jonas")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Where are you?")
	id := jonas.accepts(t, "Where are you?")
	require.Regexp(t, `^Hello, this is \w+ from Aurora Travel\.`, jonas.insert(t, id, "hi").Text,
		"for a masked agent, the customer's name and its mask are left out")
}
