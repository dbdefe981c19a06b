package main

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

func TestAStoppingServerSaysSoFirstAndStillAcceptsRequests(t *testing.T) {
	t.Parallel()
	o := prepareOutside(t)
	o.settings["PARLEY_DRAIN"] = "1h" // the test ends before
	server := startChild(t, "main", o.settings, "serve")
	o.becomes(t, "/readyz/desk", http.StatusOK)
	o.becomes(t, "/readyz/webhooks", http.StatusOK)
	anna := o.as(t, "anna")
	desk := anna.subscribe(t, liveDocument, nil)
	batch[liveShown](t, desk)

	require.NoError(t, server.cmd.Process.Signal(syscall.SIGTERM))
	o.becomes(t, "/readyz/desk", http.StatusServiceUnavailable)
	o.becomes(t, "/readyz/webhooks", http.StatusServiceUnavailable)
	a := o.accounts[0]
	body := textDelivery(a, "393471112233", "Maria", "wamid.late", "Am I too late?", time.Now())
	require.Equal(t, http.StatusOK, postWebhook(t, o.url+a.WebhookPath, sign(a.AppSecret, body), body))
	require.Empty(t, anna.ask(t, "{me{role}}", nil).code())
	batch[liveShown](t, desk) // the open socket still works
}

func TestAStoppingServerSendsDesktopsElsewhere(t *testing.T) {
	t.Parallel()
	o := prepareOutside(t)
	server := startChild(t, "main", o.settings, "serve")
	o.becomes(t, "/readyz/desk", http.StatusOK)
	desk := o.as(t, "anna").subscribe(t, liveDocument, nil)
	batch[liveShown](t, desk)
	require.NoError(t, server.cmd.Process.Signal(syscall.SIGTERM))
	var err error
	for err == nil {
		_, err = desk.next(t, patience)
	}
	require.Equal(t, websocket.StatusGoingAway, websocket.CloseStatus(err), "%v", err)
	require.NoError(t, server.cmd.Wait(), server.errors.String())
}

func TestAProcessWithoutTheRoleWebHasHealthAndMetrics(t *testing.T) {
	t.Parallel()
	o := prepareOutside(t)
	server := startChild(t, "main", o.settings, "serve", "--roles=projector")
	o.becomes(t, "/healthz", http.StatusOK)
	o.becomes(t, "/readyz", http.StatusOK)
	require.Eventually(t, func() bool {
		return strings.Contains(o.serves(t, "/metrics"), "\nparley_projector_working 1\n")
	}, patience, 50*time.Millisecond)
	for _, path := range []string{"/", "/graphql", "/readyz/desk", "/readyz/webhooks", o.accounts[0].WebhookPath} {
		o.becomes(t, path, http.StatusNotFound)
	}
	require.NoError(t, server.cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, server.cmd.Wait(), server.errors.String())
}

// becomes waits until a path answers with a status.
func (o *outside) becomes(t *testing.T, path string, status int) {
	t.Helper()
	require.Eventually(t, func() bool {
		res, err := http.Get(o.url + path)
		return err == nil && res.Body.Close() == nil && res.StatusCode == status
	}, patience, 20*time.Millisecond, "%s does not answer %d", path, status)
}
