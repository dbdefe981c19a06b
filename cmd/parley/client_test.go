package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// client calls a program's API as a user.
type client struct {
	url    string
	header http.Header
}

// as returns a client with a user's token.
func (w *world) as(t *testing.T, login string) client {
	t.Helper()
	return w.bearing(w.user(t, login).Token)
}

// bearing returns a client with a token; none if it is empty.
func (w *world) bearing(token string) client { return bearing(w.url, token) }

func bearing(url, token string) client {
	c := client{url: url, header: http.Header{}}
	if token != "" {
		c.header.Set("Authorization", "Bearer "+token)
	}
	return c
}

// answer is a GraphQL response.
type answer struct {
	status int
	raw    string
	Data   map[string]json.RawMessage `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
	Code string `json:"code"` // of an error outside GraphQL
}

// code returns the first error's code, or "" if there is none.
func (a answer) code() string {
	if len(a.Errors) == 0 {
		return a.Code
	}
	code, _ := a.Errors[0].Extensions["code"].(string)
	return code
}

// details returns the first error's details.
func (a answer) details() map[string]any {
	if len(a.Errors) == 0 {
		return nil
	}
	details, _ := a.Errors[0].Extensions["details"].(map[string]any)
	return details
}

// send posts a body unchanged.
func (c client) send(t *testing.T, contentType, body string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url+"/graphql", strings.NewReader(body))
	require.NoError(t, err)
	r.Header = c.header.Clone()
	r.Header.Set("Content-Type", contentType)
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	a := answer{status: res.StatusCode, raw: string(raw)}
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{")) {
		require.NoError(t, json.Unmarshal(raw, &a), a.raw)
	}
	return a
}

type vars map[string]any

// ask runs a document and returns the response, whatever it is.
func (c client) ask(t *testing.T, document string, variables vars) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	require.NoError(t, err)
	return c.send(t, "application/json", string(body))
}

// get runs a document that must succeed and decodes the result.
func get[M any](t *testing.T, c client, document string, variables vars) M {
	t.Helper()
	a := c.ask(t, document, variables)
	require.Empty(t, a.Errors, a.raw)
	require.Equal(t, http.StatusOK, a.status, a.raw)
	var whole struct {
		Data M `json:"data"`
	}
	require.NoError(t, json.Unmarshal([]byte(a.raw), &whole))
	return whole.Data
}

// do runs a mutation with one input and the given selection.
func (c client) do(t *testing.T, mutation, inputType, selection string, input vars) answer {
	t.Helper()
	return c.ask(t, "mutation($i:"+inputType+"!){"+mutation+"(input:$i){"+selection+"}}", vars{"i": input})
}

func newID() string { return uuid.NewString() }
