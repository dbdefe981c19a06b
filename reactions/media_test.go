package reactions

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/cannedanswer"
	"parley/domain/interaction"
	"parley/eventstore"
)

// arrivesWith is a customer sending a picture the provider knows by an id.
func (w *world) arrivesWith(digits, mediaID string) (provider string) {
	w.t.Helper()
	id := "wamid." + uuid.NewString()
	require.NoError(w.t, w.commands.Receive(w.t.Context(), w.account, []commands.Arrival{{
		ProviderMessageID: id, Aliases: []string{"tel:" + digits}, Customer: interaction.Customer{Phone: digits}, SentAt: w.now(),
		Message: &commands.ArrivedMessage{Kind: interaction.KindImage, Content: interaction.Content{
			Text: "look", Media: &interaction.Media{ProviderID: mediaID, MimeType: "image/jpeg"},
		}},
	}}))
	return id
}

func find[E interaction.Event](events []interaction.Event) (found E, ok bool) {
	for _, e := range events {
		if x, is := e.(E); is {
			return x, true
		}
	}
	return found, false
}

func TestACustomersFileIsKeptSealedAsItsBytesSayItIs(t *testing.T) {
	w := newWorld(t)
	content := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("picture"), 20_000)...)
	mediaID := w.whatsapp.AddMedium("image/jpeg", "photo.jpg", content)
	w.react()
	w.arrivesWith(anna, mediaID)
	id := domain.InteractionID(w.session(anna).ID)
	var stored interaction.MediaStored
	w.eventually(func() (ok bool) { stored, ok = find[interaction.MediaStored](w.history(id)); return ok }, "not stored")
	sum := sha256.Sum256(content)
	require.Equal(t, hex.EncodeToString(sum[:]), stored.SHA256)
	require.EqualValues(t, len(content), stored.Size)
	require.Equal(t, "image/png", stored.MimeType, "whatever the provider claims")
	file, err := w.files.Open(t.Context(), string(stored.BlobID), stored.Key)
	require.NoError(t, err)
	defer file.Close()
	got, err := io.ReadAll(file)
	require.NoError(t, err)
	require.Equal(t, content, got)
}

func TestAFileTheProviderForgotIsReportedAsGone(t *testing.T) {
	w := newWorld(t)
	w.react()
	w.arrivesWith(anna, "4711")
	id := domain.InteractionID(w.session(anna).ID)
	var failed interaction.MediaFailed
	w.eventually(func() (ok bool) { failed, ok = find[interaction.MediaFailed](w.history(id)); return ok }, "not failed")
	require.Equal(t, goneCode, failed.Code)
}

// moody fails to hand out files a number of times.
type moody struct {
	channels.Provider
	fails atomic.Int32
}

func (m *moody) FetchMedia(ctx context.Context, with channels.Credentials, id string, w io.Writer, limit int64) (channels.MediaInfo, error) {
	if m.fails.Add(-1) >= 0 {
		_, _ = w.Write([]byte("half a pict"))
		return channels.MediaInfo{}, errors.New("connection reset")
	}
	return m.Provider.FetchMedia(ctx, with, id, w, limit)
}

func TestAFileIsFetchedAgainUntilItIsThere(t *testing.T) {
	w := newWorld(t)
	mediaID := w.whatsapp.AddMedium("image/jpeg", "photo.jpg", []byte("\xff\xd8\xff picture"))
	provider := &moody{Provider: w.provider}
	provider.fails.Store(2)
	w.react(with(provider))
	w.arrivesWith(anna, mediaID)
	id := domain.InteractionID(w.session(anna).ID)
	w.eventually(func() bool { _, ok := find[interaction.MediaStored](w.history(id)); return ok }, "not stored")
	files := 0
	require.NoError(t, w.files.Each(t.Context(), time.Now().Add(time.Hour), func(string) error { files++; return nil }))
	require.Equal(t, 1, files, "nothing is left of the tries that failed")
}

func TestFilesNobodyRefersToAreRemovedAndOthersStay(t *testing.T) {
	w := newWorld(t)
	mediaID := w.whatsapp.AddMedium("image/jpeg", "photo.jpg", []byte("\xff\xd8\xff picture"))
	stop := w.react()
	w.arrivesWith(anna, mediaID)
	id := domain.InteractionID(w.session(anna).ID)
	var stored interaction.MediaStored
	w.eventually(func() (ok bool) { stored, ok = find[interaction.MediaStored](w.history(id)); return ok }, "not stored")
	stop()
	orphan, err := w.files.Put(t.Context(), strings.NewReader("nobody's"), 100)
	require.NoError(t, err)
	upload, err := w.files.Put(t.Context(), strings.NewReader("still being written about"), 100)
	require.NoError(t, err)
	_, err = w.db.Clear.Exec(t.Context(), `INSERT INTO ops.blobs (id, subject, sealed, size, mime, sha256, created_at) VALUES ($1, 'ann', true, 25, 'text/plain', '', $2)`, upload.ID, w.now())
	require.NoError(t, err)
	canned, err := w.files.Put(t.Context(), strings.NewReader("sent often"), 100)
	require.NoError(t, err)
	_, _, err = w.commands.SaveCannedAnswer(t.Context(), "", cannedanswer.Settings{Shortcut: "map", Title: "The way", BlobID: domain.BlobID(canned.ID)}, "amy", eventstore.Metadata{CommandID: uuid.NewString()})
	require.NoError(t, err)
	kept := func() (ids []string) {
		require.NoError(t, w.files.Each(t.Context(), time.Now().Add(time.Hour), func(id string) error { ids = append(ids, id); return nil }))
		return ids
	}
	require.Len(t, kept(), 4)
	w.later(orphanAge + time.Minute)
	w.react()
	w.eventually(func() bool { return len(kept()) == 3 }, "the orphan is still there")
	require.NotContains(t, kept(), orphan.ID)
	require.Contains(t, kept(), string(stored.BlobID))
	w.eventually(func() bool { return slices.Equal([]string{canned.ID}, w.keysKept.last()) }, "of keys only those stay that answers have")
}

func TestAStatusThatCameTooEarlyIsDeliveredOnceItsMessageIsKnown(t *testing.T) {
	w := newWorld(t)
	provider := &scripted{answer: accepts}
	require.NoError(t, w.commands.Receive(t.Context(), w.account, []commands.Arrival{{Status: &commands.ArrivedStatus{MessageID: "wamid.1", Status: interaction.StatusRead}}}))
	w.react(with(provider))
	id := w.mine(w.agents[0], anna)
	message := w.write(id, w.agents[0], "Hello")
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusRead }, "the status is lost")
	w.eventually(func() bool {
		var n int
		return w.db.Clear.QueryRow(t.Context(), `SELECT count(*) FROM ops.early_statuses`).Scan(&n) == nil && n == 0
	}, "kept though it was delivered")
}

func TestACustomerLearnsThatHisMessageWasReadWhereTheAccountSaysSo(t *testing.T) {
	w := newWorld(t)
	read := make(chan string, 10)
	provider := &reader{scripted: scripted{answer: accepts}, read: read}
	w.changeAccount(func(a *account.Settings) { a.MarkAsRead = true })
	w.react(with(provider))
	providerID := w.arrives(anna, "Hello")
	id := domain.InteractionID(w.session(anna).ID)
	_, err := w.commands.Assign(t.Context(), id, w.agents[0], w.agents[0], by())
	require.NoError(t, err)
	w.never(func() bool { return len(read) > 0 }, "nobody has looked yet")
	_, err = w.commands.MarkSeen(t.Context(), id, w.agents[0], domain.MessageID(w.session(anna).LastCustomerMessageID), by())
	require.NoError(t, err)
	select {
	case got := <-read:
		require.Equal(t, providerID, got)
	case <-time.After(patience):
		t.Fatal("the provider was not told")
	}
	w.never(func() bool { return len(read) > 0 }, "told twice")
}

type reader struct {
	scripted
	read chan string
}

func (r *reader) MarkRead(_ context.Context, _ channels.Credentials, id string) error {
	r.read <- id
	return nil
}
