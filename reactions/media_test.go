package reactions

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/interaction"
)

// arrivesWith receives a customer's picture with the given media id.
func (w *world) arrivesWith(digits, mediaID string) (provider string) {
	w.t.Helper()
	id := "wamid." + uuid.NewString()
	require.NoError(w.t, w.commands.Receive(w.t.Context(), w.account, []commands.Arrival{{
		ProviderMessageID: id, Aliases: []string{"tel:" + digits},
		Customer: interaction.Customer{Phone: digits}, SentAt: w.now(),
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

func TestACustomersFileIsStoredSealedWithTheTypeItsBytesShow(t *testing.T) {
	w := newWorld(t)
	content := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("picture"), 20_000)...)
	mediaID := w.whatsapp.AddMedium("image/jpeg", "photo.jpg", content)
	w.react()
	w.arrivesWith(anna, mediaID)
	id := domain.InteractionID(w.session(anna).ID)
	var stored interaction.MediaStored
	w.eventually(func() (ok bool) { stored, ok = find[interaction.MediaStored](w.history(id)); return ok },
		"not stored")
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

func TestAFileTheProviderNoLongerHasIsReportedAsGone(t *testing.T) {
	w := newWorld(t)
	w.react()
	w.arrivesWith(anna, "4711")
	id := domain.InteractionID(w.session(anna).ID)
	w.never(func() bool { _, ok := find[interaction.MediaFailed](w.history(id)); return ok },
		"the file may be there a moment later")
	w.later(fetchedFor + time.Hour)
	var failed interaction.MediaFailed
	w.eventually(func() (ok bool) { failed, ok = find[interaction.MediaFailed](w.history(id)); return ok },
		"not failed")
	require.Equal(t, interaction.FileGone, failed.Code)
	require.Equal(t, interaction.ProblemFile, failed.Reason())
}

func TestAFileThatIsNotThereYetIsFetchedLater(t *testing.T) {
	w := newWorld(t)
	mediaID := w.whatsapp.AddMedium("image/jpeg", "photo.jpg", []byte("\xff\xd8\xff picture"))
	provider := &flaky{Provider: w.provider, with: channels.ErrMediaGone}
	provider.fails.Store(3)
	w.react(with(provider))
	w.arrivesWith(anna, mediaID)
	id := domain.InteractionID(w.session(anna).ID)
	w.eventually(func() bool {
		w.later(time.Second)
		_, ok := find[interaction.MediaStored](w.history(id))
		return ok
	}, "not stored")
	_, failed := find[interaction.MediaFailed](w.history(id))
	require.False(t, failed, "given up although the provider still had it")
}

// pages answers with a web page a number of times before it serves files.
type pages struct {
	channels.Provider
	left atomic.Int32
}

func (p *pages) FetchMedia(
	ctx context.Context, a channels.Account, id string, w io.Writer, limit int64,
) (channels.MediaInfo, error) {
	if p.left.Add(-1) >= 0 {
		_, err := io.WriteString(w, "<!doctype html><title>Sign in</title>")
		return channels.MediaInfo{}, err
	}
	return p.Provider.FetchMedia(ctx, a, id, w, limit)
}

func TestAPageServedInPlaceOfAPictureIsNotStored(t *testing.T) {
	w := newWorld(t)
	picture := []byte("\xff\xd8\xff picture")
	mediaID := w.whatsapp.AddMedium("image/jpeg", "photo.jpg", picture)
	provider := &pages{Provider: w.provider}
	provider.left.Store(2)
	w.react(with(provider))
	w.arrivesWith(anna, mediaID)
	id := domain.InteractionID(w.session(anna).ID)
	var stored interaction.MediaStored
	w.eventually(func() (ok bool) {
		w.later(time.Second)
		stored, ok = find[interaction.MediaStored](w.history(id))
		return ok
	}, "not stored")
	require.EqualValues(t, len(picture), stored.Size)
	files := 0
	require.NoError(t, w.files.Each(t.Context(), time.Now().Add(time.Hour), func(string) error { files++; return nil }))
	require.Equal(t, 1, files, "the pages leave no files")
}

func TestAPageServedAgainAndAgainFailsTheFile(t *testing.T) {
	w := newWorld(t)
	provider := &pages{Provider: w.provider}
	provider.left.Store(1000)
	w.react(with(provider))
	w.arrivesWith(anna, w.whatsapp.AddMedium("image/jpeg", "photo.jpg", []byte("\xff\xd8\xff picture")))
	id := domain.InteractionID(w.session(anna).ID)
	var failed interaction.MediaFailed
	w.eventually(func() (ok bool) {
		w.later(time.Hour)
		failed, ok = find[interaction.MediaFailed](w.history(id))
		return ok
	}, "not failed")
	require.Equal(t, interaction.FileDiffers, failed.Code)
	require.Equal(t, interaction.ProblemFileDiffers, failed.Reason())
}

// flaky fails a number of times before it serves files.
type flaky struct {
	channels.Provider
	fails atomic.Int32
	with  error // nil: a broken connection
}

func (m *flaky) FetchMedia(
	ctx context.Context, a channels.Account, id string, w io.Writer, limit int64,
) (channels.MediaInfo, error) {
	if m.fails.Add(-1) >= 0 {
		_, _ = w.Write([]byte("half a pict"))
		return channels.MediaInfo{}, cmp.Or(m.with, errors.New("connection reset"))
	}
	return m.Provider.FetchMedia(ctx, a, id, w, limit)
}

func TestFetchingAFileIsRetriedUntilItSucceeds(t *testing.T) {
	w := newWorld(t)
	mediaID := w.whatsapp.AddMedium("image/jpeg", "photo.jpg", []byte("\xff\xd8\xff picture"))
	provider := &flaky{Provider: w.provider}
	provider.fails.Store(2)
	w.react(with(provider))
	w.arrivesWith(anna, mediaID)
	id := domain.InteractionID(w.session(anna).ID)
	w.eventually(func() bool { _, ok := find[interaction.MediaStored](w.history(id)); return ok }, "not stored")
	files := 0
	require.NoError(t, w.files.Each(t.Context(), time.Now().Add(time.Hour), func(string) error { files++; return nil }))
	require.Equal(t, 1, files, "failed attempts leave no files")
}

func TestAnEarlyStatusIsAppliedOnceItsMessageIsKnown(t *testing.T) {
	w := newWorld(t)
	provider := &scripted{answer: accepts}
	require.NoError(t, w.commands.Receive(t.Context(), w.account,
		[]commands.Arrival{{Status: &commands.ArrivedStatus{MessageID: "wamid.1", Status: interaction.StatusRead}}}))
	w.react(with(provider))
	id := w.mine(w.agents[0], anna)
	message := w.write(id, w.agents[0], "Hello")
	w.eventually(func() bool { return w.status(id, message) == interaction.StatusRead }, "the status is lost")
	w.eventually(func() bool {
		var n int
		return w.db.Clear.QueryRow(t.Context(), `SELECT count(*) FROM ops.early_statuses`).Scan(&n) == nil && n == 0
	}, "kept although it was delivered")
}

func TestReadReceiptsAreSentWhereTheAccountAllowsThem(t *testing.T) {
	w := newWorld(t)
	read := make(chan string, 10)
	provider := &reader{scripted: scripted{answer: accepts}, read: read}
	w.changeAccount(func(a *account.Settings) { a.MarkAsRead = true })
	w.react(with(provider))
	providerID := w.arrives(anna, "Hello")
	id := domain.InteractionID(w.session(anna).ID)
	_, err := w.commands.Assign(t.Context(), id, w.agents[0], w.agents[0], by())
	require.NoError(t, err)
	w.never(func() bool { return len(read) > 0 }, "no one has looked yet")
	_, err = w.commands.MarkSeen(t.Context(), id, w.agents[0],
		domain.MessageID(w.session(anna).LastCustomerMessageID), by())
	require.NoError(t, err)
	select {
	case got := <-read:
		require.Equal(t, providerID, got)
	case <-time.After(patience):
		t.Fatal("the provider was not told")
	}
	w.never(func() bool { return len(read) > 0 }, "told twice")
}

func TestNoReadReceiptIsSentToAProviderWithoutThem(t *testing.T) {
	w := newWorld(t)
	read := make(chan string, 10)
	provider := &reader{scripted: scripted{answer: accepts,
		cannot: func(c *account.Capabilities) { c.ReadReceipts = false }}, read: read}
	w.changeAccount(func(a *account.Settings) { a.MarkAsRead = true })
	w.react(with(provider))
	w.arrives(anna, "Hello")
	id := domain.InteractionID(w.session(anna).ID)
	_, err := w.commands.Assign(t.Context(), id, w.agents[0], w.agents[0], by())
	require.NoError(t, err)
	_, err = w.commands.MarkSeen(t.Context(), id, w.agents[0],
		domain.MessageID(w.session(anna).LastCustomerMessageID), by())
	require.NoError(t, err)
	w.never(func() bool { return len(read) > 0 }, "the provider cannot do that")
}

type reader struct {
	scripted
	read chan string
}

func (r *reader) MarkRead(_ context.Context, _ channels.Account, id string) error {
	r.read <- id
	return nil
}
