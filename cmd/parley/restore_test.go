package main

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain"
	"parley/domain/deployment"
	"parley/domain/queue"
	"parley/internal/blobs/blobstest"
	"parley/internal/devpg"
	"parley/internal/faultynode"
	"parley/internal/process"
	"parley/internal/restore"
)

// sentTexts returns what the provider was given to send, in order.
func (w *world) sentTexts() []string {
	var texts []string
	for _, m := range w.sim.Messages() {
		if !m.FromCustomer {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// value reads one value from a database.
func value[T any](t *testing.T, url, sql string, args ...any) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(t.Context())
	var v T
	require.NoError(t, conn.QueryRow(t.Context(), sql, args...).Scan(&v))
	return v
}

// withRoles is the program's settings with some of the roles.
func (o *outside) withRoles(roles string) {
	o.settings = maps.Clone(o.settings)
	o.settings["PARLEY_ROLES"] = roles
}

// claims begins to send a message, as a process does that then dies.
func (o *outside) claims(t *testing.T, interaction, message string) {
	t.Helper()
	cfg, err := LoadConfig(func(name string) string { return o.settings[name] })
	require.NoError(t, err)
	cfg.Roles = nil
	p, err := build(t.Context(), cfg, process.NewLog(o.log, "info"), o.simURL)
	require.NoError(t, err)
	defer p.close()
	_, claimed, err := p.commands.ClaimSending(t.Context(), domain.InteractionID(strings.TrimPrefix(interaction, "int_")),
		domain.MessageID(strings.TrimPrefix(message, "msg_")))
	require.NoError(t, err)
	require.True(t, claimed)
}

type outboundShown struct {
	Outbound struct {
		Held   bool
		Reason *string
		Since  *time.Time
	}
}

const outboundDocument = "{outbound{held reason since}}"

func TestARestoredBackupSendsNothingASecondTimeUntilAnAdministratorReleasesIt(t *testing.T) {
	t.Parallel()
	o := prepareOutside(t)
	running := o.start(t)
	anna, admin := o.as(t, "anna"), o.as(t, "admin")
	require.Eventually(t, func() bool { // the agent is known once projected
		return anna.tries(t, "signIn", "PresenceInput", "presence{state}", vars{"commandId": newID()})
	}, patience, 50*time.Millisecond)
	agent := desk{client: anna, w: o.world}
	maria, mario := o.customer("Maria Verdi", "393471112233", 0), o.customer("Mario Verdi", "393471112234", 0)
	maria.writes(t, "Hello")
	mario.writes(t, "Good morning")
	id, other := agent.accepts(t, "Hello"), agent.accepts(t, "Good morning")
	running.kill()

	o.withRoles("web,projector") // nothing is sent
	running = o.start(t)
	for _, text := range []string{"One", "Two", "Three"} {
		agent.sends(t, id, text)
	}
	interrupted := agent.sends(t, other, "Interrupted")
	running.kill()
	o.claims(t, other, interrupted)
	original := o.settings["DATABASE_URL"]
	backup := devpg.TestCopy(t, original)

	o.withRoles("web,projector,reactor")
	running = o.start(t)
	queued := []string{"One", "Two", "Three"}
	require.Eventually(t, func() bool { return len(o.sentTexts()) == len(queued) }, patience, 20*time.Millisecond)
	require.Equal(t, queued, o.sentTexts())
	agent.until(t, id, func(i *interactionShown) bool {
		return i.LastMessageStatus != nil && *i.LastMessageStatus == "DELIVERED"
	})
	position := batch[liveShown](t, anna.subscribe(t, liveDocument, nil)).Live.Position
	running.kill()
	const reached = `SELECT commit_position FROM app_data.progress`
	before := value[int64](t, original, reached)

	o.settings["DATABASE_URL"] = backup
	running = o.start(t)
	require.Eventually(t, func() bool {
		shown := get[outboundShown](t, admin, outboundDocument, nil).Outbound
		return shown.Held && *shown.Reason == "RESTORED" && shown.Since != nil
	}, patience, 20*time.Millisecond, "sending is not on hold: %s", running.errors.String())
	for value[int64](t, backup, reached) <= before { // the log grows past where it was
		maria.writes(t, "Are you there?")
	}
	require.True(t, batch[liveShown](t, anna.subscribe(t, liveDocument, vars{"a": position})).Live.Resync,
		"a desktop from before the restore was not told to reload its data")
	agent.until(t, other, func(i *interactionShown) bool {
		return i.LastMessageStatus != nil && *i.LastMessageStatus == "UNKNOWN"
	})
	require.Contains(t, o.serves(t, "/metrics"), "\nparley_outbound_held 1\n")
	require.Contains(t, o.serves(t, "/readyz"), "on hold since")
	require.Equal(t, queued, o.sentTexts(), "sent a second time")

	release := vars{"commandId": newID()}
	require.Equal(t, "FORBIDDEN", anna.do(t, "releaseOutbound", "ReleaseOutboundInput", "outbound{held}", release).code())
	a := admin.do(t, "releaseOutbound", "ReleaseOutboundInput", "outbound{held}", release)
	require.JSONEq(t, `{"outbound":{"held":false}}`, string(a.Data["releaseOutbound"]), a.raw)
	require.Eventually(t, func() bool { return len(o.sentTexts()) == 2*len(queued) }, patience, 20*time.Millisecond,
		"queued messages are not sent after the release")
	require.NotContains(t, o.sentTexts(), "Interrupted")
	running.kill()
	status, err := o.operates(t, "outbound", "status")
	require.NoError(t, err)
	require.Equal(t, "Messages are sent.\n", status, "the next start found the same restore again")
}

// operates runs a subcommand on the program's database and data folder and returns what it printed.
func (o *outside) operates(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out, problems strings.Builder
	err := run(t.Context(), args, func(name string) string { return o.settings[name] }, &out, &problems)
	return out.String(), err
}

func TestAnOperatorHoldsAndReleasesMessagesAndDeclaresARestore(t *testing.T) {
	t.Parallel()
	folder, database := t.TempDir(), emptyDatabase(t)
	const epoch = `SELECT log_id::text FROM app_data.progress`
	require.Equal(t, "Messages are sent.\n", runs(t, database, folder, "outbound", "status"))
	require.Contains(t, runs(t, database, folder, "outbound", "hold", "the", "number", "is", "blocked"),
		": the number is blocked.")
	require.Contains(t, runs(t, database, folder, "outbound", "status"), "parley outbound release")
	require.Equal(t, "Messages are sent.\n", runs(t, database, folder, "outbound", "release"))

	before := value[string](t, database, epoch)
	require.Contains(t, runs(t, database, folder, "outbound", "restored"), "restored from a backup")
	after := value[string](t, database, epoch)
	require.NotEqual(t, before, after, "desktops were not told to reload their data")
	runs(t, database, folder, "outbound", "restored")
	require.Equal(t, after, value[string](t, database, epoch), "a second declaration changed something")
	require.Equal(t, "Messages are sent.\n", runs(t, database, folder, "outbound", "release"))
}

func TestWithoutItsDataFolderTheProgramWarnsThatItCannotDetectARestore(t *testing.T) {
	t.Parallel()
	folder, database := t.TempDir(), emptyDatabase(t)
	cfg := testConfig(t)
	cfg.DatabaseURL, cfg.DataDir, cfg.MasterKeyFile = Secret(database), folder, filepath.Join(folder, "master.key")
	starts := func() string {
		log := new(logBook)
		p, err := build(t.Context(), cfg, process.NewLog(log, "warn"))
		require.NoError(t, err)
		defer p.close()
		_, _, err = p.commands.SaveQueue(t.Context(), "", queue.Settings{Name: "Queue " + newID(), Strategy: queue.BeepAll,
			OfferTimeout: 30}, "", commands.SystemMetadata("test", commands.NewID()))
		require.NoError(t, err)
		return log.String()
	}
	require.Empty(t, starts(), "a new log was not restored")
	require.Empty(t, starts())
	cfg.DataDir = t.TempDir()
	require.Contains(t, starts(), "parley outbound restored")
	require.Empty(t, starts(), "the new data folder knows the log from now on")
}

func TestTheNoteInTheBucketRevealsARestoreWhenTheDataFolderIsLost(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	bucket := httptest.NewServer(blobstest.NewObjects())
	defer bucket.Close()
	cfg.S3Endpoint, cfg.S3Bucket, cfg.S3AccessKey, cfg.S3SecretKey = bucket.URL, "files", "key", "secret"
	cfg.MasterKeyFile = filepath.Join(t.TempDir(), "master.key")
	starts := func(during func(*program)) (held bool) {
		cfg.DataDir = t.TempDir() // the folder of the last start is lost
		log := new(logBook)
		p, err := build(t.Context(), cfg, process.NewLog(log, "warn"))
		require.NoError(t, err)
		defer p.close()
		require.NotContains(t, log.String(), "parley outbound restored",
			"the note in the bucket must say how far the log had got")
		during(p)
		held, err = p.guard.Held(t.Context())
		require.NoError(t, err)
		return held
	}
	saves := func(p *program) {
		_, _, err := p.commands.SaveQueue(t.Context(), "", queue.Settings{Name: "Queue " + newID(), Strategy: queue.BeepAll,
			OfferTimeout: 30}, "", commands.SystemMetadata("test", commands.NewID()))
		require.NoError(t, err)
	}
	rests := func(*program) {}
	require.False(t, starts(saves))
	backup := devpg.TestCopy(t, string(cfg.DatabaseURL))
	require.False(t, starts(saves))
	require.False(t, starts(rests), "sending was held although nothing was restored")
	cfg.DatabaseURL = Secret(backup)
	require.True(t, starts(rests), "sending was not held although the log lacks an event that the note names")
	require.False(t, starts(func(p *program) {
		_, err := p.commands.ReleaseOutbound(t.Context(), deployment.OutboundReleased{Operator: "ops"},
			commands.SystemMetadata("operator", commands.NewID()))
		require.NoError(t, err)
	}))
	require.False(t, starts(rests), "the same restore was found again after the release")
}

func TestALogThatHasBecomeShorterIsHeldAndShownUntilItIsRebuilt(t *testing.T) {
	t.Parallel()
	events := emptyDatabase(t)
	store := startEventStoreOn(t, events)
	front := faultynode.Start(t, store.Addr())
	cfg := testConfig(t)
	cfg.EventStoreURL = Secret(front.URL())
	o := &outside{settings: map[string]string{"DATABASE_URL": string(cfg.DatabaseURL), "PARLEY_DATA_DIR": cfg.DataDir,
		"EVENTSTORE_URL": front.URL()}}
	starts := func() *program {
		p, err := build(t.Context(), cfg, process.NewLog(new(logBook), "info"))
		require.NoError(t, err)
		t.Cleanup(p.close)
		return p
	}
	p := starts()
	ended := p.run(t.Context(), func(serving context.Context) error {
		p.savesQueue(t, "Bookings")
		store.Stop() // a database in use cannot be copied
		backup := devpg.TestCopy(t, events)
		front.Serve(startEventStoreOn(t, events).Addr())
		p.savesQueue(t, "Lost")
		front.Serve(startEventStoreOn(t, backup).Addr()) // the backup is restored under the running program
		<-serving.Done()
		return nil
	})
	require.ErrorIs(t, ended, restore.ErrRestored)

	// The notes outside the database may be older than what the read models show.
	require.NoError(t, os.Remove(filepath.Join(cfg.DataDir, "log-head.json")))
	again := starts()
	ctx, stop := context.WithCancel(t.Context())
	err := again.run(ctx, func(serving context.Context) error {
		defer stop()
		held, err := again.guard.Held(t.Context())
		require.NoError(t, err)
		require.True(t, held)
		h := &health{t: t, p: again, handler: again.handler()}
		require.Eventually(t, func() bool {
			again.metrics.Once(t.Context(), again.observed(), again.freshness)
			_, stale := again.freshness.Behind()
			return stale && strings.Contains(h.metrics(), "parley_log_replaced 1")
		}, patience, 100*time.Millisecond, "metrics and desktops do not tell")
		status, said := h.ask("/readyz", onThisMachine)
		require.Equal(t, http.StatusServiceUnavailable, status)
		require.Contains(t, said["log"].Detail, "parley projections rebuild")
		for range 5 { // the log grows past where it was
			_, _, err := again.commands.SaveQueue(t.Context(), "", queue.Settings{Name: "Queue " + newID(), Strategy: queue.BeepAll,
				OfferTimeout: 30}, "", commands.SystemMetadata("test", commands.NewID()))
			require.NoError(t, err)
		}
		listed, err := o.operates(t, "projections", "list")
		require.NoError(t, err)
		require.Contains(t, listed, "LOG_REPLACED")

		_, err = o.operates(t, "projections", "rebuild")
		require.NoError(t, err)
		again.savesQueue(t, "Support")
		require.Equal(t, int64(7), value[int64](t, string(cfg.DatabaseURL), `SELECT count(*) FROM app.queues`),
			"the read models show what the log no longer has, or lack what it has")
		verified, err := o.operates(t, "verify")
		require.NoError(t, err, verified)
		return nil
	})
	require.True(t, err == nil || errors.Is(err, http.ErrServerClosed), err)
}
