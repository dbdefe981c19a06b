package files_test

import (
	"bytes"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/cannedanswer"
	"parley/internal/files"
)

const (
	forAll  = "55555555-5555-4555-8555-555555555555"
	forShop = "66666666-6666-4666-8666-666666666666"
)

// answers creates a canned answer with a file uploaded by the admin.
func (h *house) answers(id string, account domain.AccountID, content []byte, name string) domain.BlobID {
	h.t.Helper()
	up := h.as(boss).upload("for=cannedAnswer", bytes.NewReader(content), "X-File-Name", url.PathEscape(name))
	require.Equal(h.t, http.StatusCreated, up.Status, up.Message)
	media, err := h.uploads.Keep(h.t.Context(), "amy", up.ID)
	require.NoError(h.t, err)
	h.projectOf("cannedanswer-"+id, cannedanswer.Created{Settings: cannedanswer.Settings{
		Shortcut: "map", Title: "The way", AccountID: account, BlobID: domain.BlobID(media.BlobID),
		File: &cannedanswer.File{MimeType: media.MimeType, FileName: media.FileName, Size: media.Size},
	}, At: noon})
	return domain.BlobID(media.BlobID)
}

func TestOnlyAdminsAttachFilesToCannedAnswers(t *testing.T) {
	h := open(t)
	pdf := []byte("%PDF-1.7 x")
	for who, v := range map[string]reply{
		"an agent":   h.as(ada).upload("for=cannedAnswer", bytes.NewReader(pdf)),
		"an auditor": h.as(auditor).upload("for=cannedAnswer", bytes.NewReader(pdf)),
	} {
		require.Equal(t, http.StatusForbidden, v.Status, who)
	}
	require.Empty(t, h.kept())
	full := bytes.Repeat([]byte("x"), limit+1)
	over := h.as(boss).upload("for=cannedAnswer", bytes.NewReader(full))
	require.Equal(t, "FILE_TOO_LARGE", over.Code, "larger than any account accepts")
	require.Equal(t, http.StatusCreated, h.upload("for=cannedAnswer", bytes.NewReader(full[:limit])).Status)
	up := h.upload("for=cannedAnswer", bytes.NewReader(pdf), "Content-Type", "image/png", "X-File-Name",
		"..%2Fmap.pdf")
	require.Equal(t, "application/pdf", up.MimeType, "the type is detected from the content")
	require.Equal(t, "map.pdf", up.FileName)
	_, err := h.uploads.Keep(t.Context(), "ada", up.ID)
	require.ErrorIs(t, err, files.ErrUnknown, "another user's upload")
}

func TestTheFileOfACannedAnswerIsVisibleToItsAccountOnly(t *testing.T) {
	h := open(t)
	h.answers(forAll, "", []byte("%PDF-1.7 for all"), "Karte für alle.pdf")
	blob := h.answers(forShop, "shop", []byte("%PDF-1.7 for the shop"), "map.pdf")

	resp, body := h.as(ben).get("can_" + forShop)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "%PDF-1.7 for the shop", string(body))
	require.Equal(t, "private, no-store", resp.Header.Get("Cache-Control"))
	resp, _ = h.as(ada).get("can_" + forShop)
	require.Equal(t, http.StatusNotFound, resp.StatusCode, "ada has no queue on that account")
	resp, body = h.get("can_" + forAll)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "%PDF-1.7 for all", string(body))
	require.Contains(t, resp.Header.Get("Content-Disposition"), "Karte%20f%C3%BCr%20alle.pdf")
	for _, id := range []string{"can_" + session, "can_", "fil_" + string(blob)} {
		resp, _ = h.as(boss).get(id)
		require.Equal(t, http.StatusNotFound, resp.StatusCode, id)
	}
}

func TestTheFileOfACannedAnswerOutlivesItsUploader(t *testing.T) {
	h := open(t)
	h.answers(forAll, "", []byte("%PDF-1.7 for all"), "map.pdf")
	require.NoError(t, h.keyring.Destroy(t.Context(), "amy"))
	for range 9 { // longer than uploads are kept in the index
		h.later(24 * time.Hour)
		require.NoError(t, h.uploads.Sweep(t.Context()))
	}
	resp, _ := h.as(ben).get("can_" + forAll)
	require.Equal(t, http.StatusOK, resp.StatusCode)
}

func TestTheKeyOfAFileIsDestroyedOnceNoCannedAnswerUsesIt(t *testing.T) {
	h := open(t)
	keys := func() int { return h.count(`SELECT count(*) FROM ops.secrets`) }
	old := h.answers(forAll, "", []byte("%PDF-1.7 old"), "map.pdf")
	h.later(time.Hour)
	fresh := h.answers(forAll, "", []byte("%PDF-1.7 new"), "map.pdf") // replaces the answer's file
	require.Equal(t, 2, keys())
	young, err := h.uploads.Keys(t.Context(), h.clock().Add(-2*time.Hour))
	require.NoError(t, err)
	require.Empty(t, young, "their answers may not be in the log yet")
	h.later(time.Hour)
	known, err := h.uploads.Keys(t.Context(), h.clock().Add(-time.Minute))
	require.NoError(t, err)
	require.ElementsMatch(t, []string{string(old), string(fresh)}, known)
	for range 2 { // a second run is a no-op
		_, err := h.uploads.DestroyKeys(t.Context(), []string{string(old)})
		require.NoError(t, err)
	}
	require.Equal(t, 1, keys())
	require.Zero(t, h.count(`SELECT count(*) FROM ops.secrets WHERE name = 'cannedanswer/`+string(old)+`'`))
	resp, body := h.get("can_" + forAll)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "%PDF-1.7 new", string(body))
}
