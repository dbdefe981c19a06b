package simulator_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/internal/simulator"
)

func (w *world) ask(t *testing.T, method, path, body string, header ...string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequest(method, w.server.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := w.server.Client().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	var out map[string]any
	_ = json.Unmarshal(raw, &out)
	return resp.StatusCode, out
}

func TestThePageLoadsNothingFromElsewhere(t *testing.T) {
	w := begin(t, nil)
	resp, err := w.server.Client().Get(w.server.URL + "/")
	require.NoError(t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Contains(t, resp.Header.Get("Content-Security-Policy"), "default-src 'none'")
	require.NotContains(t, string(raw), "https://", "the page loads nothing from elsewhere")
	for _, id := range []string{"composer", "send", "bubble", "attach", "open-chat", "receipts", "online"} {
		require.Contains(t, string(raw), `"`+id+`"`)
	}
}

func TestAProgramPlaysACustomerOverHTTP(t *testing.T) {
	w := begin(t, nil)
	status, sent := w.ask(t, "POST", "/control/phones/"+giulia+"/messages", `{"number":"1001","text":"ciao"}`)
	require.Equal(t, 200, status)
	require.Equal(t, sent["id"], w.next(t, 1).ProviderID)

	status, _ = w.ask(t, "POST", "/control/phones/"+giulia+"/edits",
		`{"messageId":"`+sent["id"].(string)+`","text":"salve"}`)
	require.Equal(t, 200, status)
	require.Equal(t, "edit", w.next(t, 2).Content.Kind())

	_, medium := w.ask(t, "POST", "/control/media?name=a.png", "png", "Content-Type", "image/png")
	status, _ = w.ask(t, "POST", "/control/phones/"+giulia+"/messages",
		`{"mediaId":"`+medium["id"].(string)+`"}`)
	require.Equal(t, 200, status)
	require.Equal(t, "image", w.next(t, 3).Content.(channels.Message).Body.Kind())

	status, added := w.ask(t, "POST", "/control/phones", `{"name":"Eva","digits":"+49 30 1234567"}`)
	require.Equal(t, 200, status)
	require.Equal(t, "49301234567", added["id"])
	status, _ = w.ask(t, "PUT", "/control/phones/49301234567",
		`{"readReceipts":false,"online":true,"openChat":"1001"}`)
	require.Equal(t, 200, status)
	_, state := w.ask(t, "GET", "/control/state", "")
	require.Len(t, state["phones"], len(simulator.People())+1)

	status, _ = w.ask(t, "POST", "/control/phones/000/messages", `{"text":"x"}`)
	require.Equal(t, 404, status)
	status, _ = w.ask(t, "POST", "/control/phones/"+giulia+"/messages", `{`)
	require.Equal(t, 400, status)
}

func TestAnyPayloadCanBeDeliveredToANumber(t *testing.T) {
	w := begin(t, nil)
	status, _ := w.ask(t, "POST", "/control/deliveries", `{"number":"1001","field":"user_id_update",
		"value":{"user_id_update":[{"user_id":{"previous":"IT.1","current":"IT.2"}}]}}`)
	require.Equal(t, 200, status)
	require.Equal(t, channels.UserIDUpdate{PreviousUserID: "IT.1", CurrentUserID: "IT.2"}, w.next(t, 1).Content)
	status, _ = w.ask(t, "POST", "/control/deliveries", `{"number":"9","field":"x"}`)
	require.Equal(t, 404, status)
}

func TestAnotherSiteCannotPlayACustomer(t *testing.T) {
	w := begin(t, nil)
	status, _ := w.ask(t, "POST", "/control/phones/"+giulia+"/messages", `{"text":"forged"}`,
		"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	require.Equal(t, 403, status)
	require.Empty(t, w.Messages())
}

func TestAnOpenPageIsToldOfEveryChange(t *testing.T) {
	w := begin(t, nil)
	resp, err := w.server.Client().Get(w.server.URL + "/control/events")
	require.NoError(t, err)
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	next := func() (event struct {
		Kind    string
		State   struct{ Phones []any }
		Message simulator.Message
	}) {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				require.NoError(t, json.Unmarshal([]byte(data), &event))
				return event
			}
		}
		t.Fatal("the stream ended")
		return event
	}
	first := next()
	require.Equal(t, "state", first.Kind)
	require.Len(t, first.State.Phones, len(simulator.People()))
	_, err = w.CustomerSends(giulia, simulator.Say{Text: "live"})
	require.NoError(t, err)
	require.Equal(t, "live", next().Message.Text)
}
