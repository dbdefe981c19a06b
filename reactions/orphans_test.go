package reactions

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/cannedanswer"
	"parley/domain/interaction"
	"parley/eventstore"
)

// put stores a file that nothing refers to.
func (w *world) put(content string) string {
	w.t.Helper()
	file, err := w.files.Put(w.t.Context(), strings.NewReader(content), 100)
	require.NoError(w.t, err)
	return file.ID
}

// stored returns the files that are not in quarantine, and those that are.
func (w *world) stored() (kept, quarantined []string) {
	w.t.Helper()
	future := time.Now().Add(time.Hour)
	require.NoError(w.t, w.files.Each(w.t.Context(), future,
		func(id string) error { kept = append(kept, id); return nil }))
	require.NoError(w.t, w.files.EachQuarantined(w.t.Context(), future,
		func(id string) error { quarantined = append(quarantined, id); return nil }))
	return kept, quarantined
}

// swept runs one sweep of orphans.
func (w *world) swept() {
	w.t.Helper()
	c := w.config()
	require.NoError(w.t, c.defaults())
	o := newOrphans(c)
	w.eventually(func() bool { wait, err := o.sweep(w.t.Context()); return err == nil && wait == 0 }, "no sweep")
}

// answer saves a canned answer with a file.
func (w *world) answer(id domain.CannedAnswerID, file string) domain.CannedAnswerID {
	w.t.Helper()
	id, _, err := w.commands.SaveCannedAnswer(w.t.Context(), id,
		cannedanswer.Settings{Shortcut: "map", Title: "The way", BlobID: domain.BlobID(file)}, "amy",
		eventstore.Metadata{CommandID: uuid.NewString()})
	require.NoError(w.t, err)
	return id
}

// picture receives a customer's picture and returns its stored file.
func (w *world) picture() string {
	w.t.Helper()
	mediaID := w.whatsapp.AddMedium("image/jpeg", "photo.jpg", []byte("\xff\xd8\xff picture"))
	stop := w.react()
	w.arrivesWith(anna, mediaID)
	id := domain.InteractionID(w.session(anna).ID)
	var stored interaction.MediaStored
	w.eventually(func() (ok bool) { stored, ok = find[interaction.MediaStored](w.history(id)); return ok },
		"not stored")
	stop()
	return string(stored.BlobID)
}

func TestAnOrphanedFileIsDeletedOnlyAfterDaysInQuarantine(t *testing.T) {
	w := newWorld(t)
	picture := w.picture()
	orphan, upload, canned := w.put("nobody's"), w.put("still being written about"), w.put("sent often")
	_, err := w.db.Clear.Exec(t.Context(),
		`INSERT INTO ops.blobs (id, subject, sealed, size, mime, sha256, created_at)
		VALUES ($1, 'ann', true, 25, 'text/plain', '', $2)`, upload, w.now())
	require.NoError(t, err)
	w.answer("", canned)

	w.swept()
	_, quarantined := w.stored()
	require.Empty(t, quarantined, "its event may be on the way")

	w.later(orphanAge + time.Minute)
	w.swept()
	kept, quarantined := w.stored()
	require.ElementsMatch(t, []string{picture, upload, canned}, kept)
	require.Equal(t, []string{orphan}, quarantined)

	w.later(orphanGrace - 2*orphanAge)
	w.swept()
	_, quarantined = w.stored()
	require.Equal(t, []string{orphan}, quarantined)

	w.later(2 * orphanAge)
	w.swept()
	kept, quarantined = w.stored()
	require.ElementsMatch(t, []string{picture, upload, canned}, kept)
	require.Empty(t, quarantined)
}

func TestAFileThatOnlyTheLogRefersToIsKept(t *testing.T) {
	w := newWorld(t)
	picture, canned := w.picture(), w.put("sent often")
	w.answer("", canned)
	w.later(orphanAge + time.Minute)
	w.swept()
	for _, forget := range []string{
		`UPDATE messages SET blob_id = ''`,
		`UPDATE cannedanswers SET settings = settings - 'blobId'`,
	} {
		_, err := w.db.Clear.Exec(t.Context(), forget)
		require.NoError(t, err)
	}
	w.swept()
	kept, quarantined := w.stored()
	require.ElementsMatch(t, []string{picture, canned}, kept)
	require.Empty(t, quarantined)

	require.NoError(t, w.files.Quarantine(t.Context(), picture))
	w.later(orphanGrace + time.Hour)
	w.swept()
	kept, quarantined = w.stored()
	require.ElementsMatch(t, []string{picture, canned}, kept, "the log is asked again before a file is deleted")
	require.Empty(t, quarantined)
}

func TestAQuarantinedFileThatIsReferredToAgainIsPutBack(t *testing.T) {
	w := newWorld(t)
	picture, canned := w.picture(), w.put("sent often")
	w.later(orphanAge + time.Minute)
	w.swept()
	require.NoError(t, w.files.Quarantine(t.Context(), picture))
	_, quarantined := w.stored()
	require.ElementsMatch(t, []string{picture, canned}, quarantined)
	w.answer("", canned)
	w.swept()
	_, quarantined = w.stored()
	require.Empty(t, quarantined)
}

func TestNoFileIsTouchedWhileTheLogHoldsAnEventThisVersionCannotRead(t *testing.T) {
	w := newWorld(t)
	orphan := w.put("nobody's")
	w.spoil("interaction-" + uuid.NewString())
	w.later(orphanAge + time.Minute)
	c := w.config()
	require.NoError(t, c.defaults())
	_, _ = newOrphans(c).sweep(t.Context())
	kept, quarantined := w.stored()
	require.Equal(t, []string{orphan}, kept)
	require.Empty(t, quarantined)
	_, err := blobsInLog(t.Context(), w.store)
	require.ErrorContains(t, err, "FromTheFuture")
}

func TestTheKeyOfAFileGoesDaysAfterItsCannedAnswerGotAnotherFile(t *testing.T) {
	w := newWorld(t)
	former, current, never := w.put("former"), w.put("current"), w.put("never attached")
	w.keysKept.add(former, current, never)
	id := w.answer("", former)
	w.answer(id, current)
	w.swept()
	left, err := w.keysKept.Keys(t.Context(), time.Time{})
	require.NoError(t, err)
	require.Equal(t, []string{former, current}, left)
	w.later(orphanGrace + time.Minute)
	w.swept()
	left, err = w.keysKept.Keys(t.Context(), time.Time{})
	require.NoError(t, err)
	require.Equal(t, []string{current}, left)
}

// TestEveryEventThatNamesAFileIsKnown fails when a new event holds the id of a file that the sweep does not see.
func TestEveryEventThatNamesAFileIsKnown(t *testing.T) {
	catalog := eventstore.All()
	found := 0
	for _, name := range catalog.Names() {
		e := reflect.New(reflect.TypeOf(catalog.New(name))).Elem()
		if !nameBlob(e, 0) {
			continue
		}
		found++
		recorded := eventstore.Recorded{Event: e.Interface().(domain.Event)}
		file, _, _ := answerFile(recorded)
		require.Equal(t, "the file", file+messageFile(recorded), name)
	}
	require.GreaterOrEqual(t, found, 5)
}

// nameBlob sets every field that holds the id of a stored file, and reports whether there is one.
func nameBlob(v reflect.Value, depth int) (found bool) {
	switch {
	case depth > 6:
	case v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.Struct:
		full := reflect.New(v.Type().Elem())
		if found = nameBlob(full.Elem(), depth+1); found {
			v.Set(full)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			switch field := v.Type().Field(i); {
			case !field.IsExported():
			case strings.HasPrefix(field.Name, "BlobID"):
				v.Field(i).SetString("the file")
				found = true
			default:
				found = nameBlob(v.Field(i), depth+1) || found
			}
		}
	}
	return found
}
