package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
	"parley/eventstore"
	"parley/internal/devpg"
)

// Postgres crashes under load and comes back. Until then deliveries are refused or kept. No one
// has to intervene.
func TestAPostgresCrashLosesAndDuplicatesNothing(t *testing.T) {
	t.Parallel()
	o, postgres := onItsOwnPostgres(t)
	o.look(t)
	c := newCrowd(t, o)
	c.begin(1, o.pairs(2), 50*time.Millisecond)
	for range amount(2, 20) {
		c.arriveSome(3)
		fall(t, postgres.URL("parley"))
		postgres.stop() // only its lock file is left
		away := time.Duration(amount(500, 5000)) * time.Millisecond
		require.True(t, c.pauses(away))
		postgres.start()
		back := time.Now()
		c.arriveSome(1)
		t.Logf("the first delivery is taken %s after it is back", time.Since(back).Round(time.Millisecond))
	}
	c.atRest(func() { c.requireInvariants(t) })
}

// With the embedded store Postgres also holds the keys, but a delivery can be sealed and kept without it.
func TestDeliveriesWaitInTheLocalQueueWhilePostgresIsDown(t *testing.T) {
	t.Parallel()
	o, postgres := onItsOwnPostgres(t)
	a := o.accounts[0]
	say := func(id, text string) bool {
		body := textDelivery(a, "393471112233", "Maria", id, text, time.Now())
		return postWebhook(t, o.url+a.WebhookPath, sign(a.AppSecret, body), body) == http.StatusOK
	}
	require.Eventually(t, func() bool { return say("wamid.before", "Before") }, patience, 50*time.Millisecond)
	postgres.stop()
	for n := range 3 {
		require.True(t, say(fmt.Sprintf("wamid.%d", n), strconv.Itoa(n)), "a delivery was refused")
	}
	postgres.start()
	require.True(t, say("wamid.after", "After"))
	o.look(t)
	require.Eventually(t, func() bool {
		var texts []string
		for _, e := range o.events(t) {
			if m, ok := e.Event.(interaction.MessageReceived); ok {
				texts = append(texts, m.Content.Text)
			}
		}
		return slices.Equal([]string{"Before", "0", "1", "2", "After"}, texts)
	}, patience, 100*time.Millisecond)
}

func TestAProcessKeepsItsFirstDeliveryWhilePostgresIsDown(t *testing.T) {
	t.Parallel()
	o, postgres := onItsOwnPostgres(t)
	require.Eventually(t, func() bool {
		return strings.Contains(o.serves(t, "/metrics"), fmt.Sprintf("\nparley_accounts_known %d\n", len(o.accounts)))
	}, patience, 50*time.Millisecond)
	postgres.stop()
	a := o.accounts[0]
	body := textDelivery(a, "393471112233", "Maria", "wamid.first", "First", time.Now())
	require.Equal(t, http.StatusOK, postWebhook(t, o.url+a.WebhookPath, sign(a.AppSecret, body), body))
	postgres.start()
	o.look(t)
	require.Eventually(t, func() bool {
		return slices.ContainsFunc(o.events(t), func(e eventstore.Recorded) bool {
			m, ok := e.Event.(interaction.MessageReceived)
			return ok && m.Content.Text == "First"
		})
	}, patience, 100*time.Millisecond)
}

// serves returns what the program answers.
func (o *outside) serves(t *testing.T, path string) string {
	t.Helper()
	res, err := http.Get(o.url + path)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return string(body)
}

// ownPostgres is a Postgres server that a test may stop and start.
type ownPostgres struct {
	*devpg.Server
	t   *testing.T
	dir string
}

func (p *ownPostgres) start() {
	server, err := devpg.Start(p.t.Context(), devpg.Config{Dir: p.dir})
	require.NoError(p.t, err)
	p.Server = server
}

func (p *ownPostgres) stop() { require.NoError(p.t, p.Stop()) }

// onItsOwnPostgres starts the program on a Postgres server of its own.
func onItsOwnPostgres(t *testing.T) (*outside, *ownPostgres) {
	t.Helper()
	dir, err := os.MkdirTemp("", "parley-postgres-")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	p := &ownPostgres{t: t, dir: dir}
	p.start()
	t.Cleanup(func() { _ = p.Stop() })
	require.NoError(t, p.EnsureDatabase(t.Context(), "parley"))
	cfg := testConfig(t)
	cfg.DatabaseURL = Secret(p.URL("parley"))
	o := prepareOn(t, cfg)
	o.start(t)
	return o, p
}

// arriveSome waits until n more deliveries were answered.
func (c *crowd) arriveSome(n int64) {
	wanted := c.delivered.Load() + n
	c.until(func() bool { return c.delivered.Load() >= wanted })
}

// fall stops a Postgres server as a crash does, at once.
func fall(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	var data string
	require.NoError(t, conn.QueryRow(t.Context(), `SHOW data_directory`).Scan(&data))
	require.NoError(t, conn.Close(t.Context()))
	written, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	require.NoError(t, err)
	first, _, _ := strings.Cut(string(written), "\n")
	pid, err := strconv.Atoi(first)
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, syscall.SIGQUIT))
	require.Eventually(t, func() bool { return syscall.Kill(pid, 0) != nil }, patience, 10*time.Millisecond)
}
