package files_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
	"parley/internal/files"
	"parley/internal/files/voice"
	"parley/internal/testwait"
)

func TestAFileOfExactlyTheLimitIsAcceptedAndOneByteMoreRefused(t *testing.T) {
	h := open(t)
	content := bytes.Repeat([]byte("%PDF-1.7 "), limit/9+1)
	for what, body := range map[string]func([]byte) io.Reader{
		"with a declared length": func(b []byte) io.Reader { return bytes.NewReader(b) },
		"in small chunks":        func(b []byte) io.Reader { return iotest.HalfReader(io.MultiReader(bytes.NewReader(b))) },
	} {
		before := len(h.kept())
		over := h.post("int_"+session, body(content[:limit+1]))
		require.Equal(t, 413, over.Status, what)
		require.Equal(t, "FILE_TOO_LARGE", over.Code)
		require.EqualValues(t, limit, over.Details["max"])
		require.Len(t, h.kept(), before, "nothing is left behind")
		exact := h.post("int_"+session, body(content[:limit]))
		require.Equal(t, 201, exact.Status, what)
		require.EqualValues(t, limit, exact.Size)
	}
}

func TestAnUploadIsFoundOnlyByItsUploader(t *testing.T) {
	h := open(t)
	content := []byte("%PDF-1.7 the offer")
	up := h.attach(content, "X-File-Name", url.PathEscape("Angebot für Jörg.pdf"), "Content-Type", "image/png")
	require.Equal(t, 201, up.Status)
	require.Equal(t, interaction.KindDocument, up.Kind)
	require.Equal(t, "application/pdf", up.MimeType,
		"the type is detected from the content, whatever was declared")
	require.Equal(t, "Angebot für Jörg.pdf", up.FileName)

	kind, media, err := h.uploads.Find(t.Context(), "ada", up.ID)
	require.NoError(t, err)
	sum := sha256.Sum256(content)
	require.Equal(t, interaction.KindDocument, kind)
	require.Equal(t, "fil_"+media.BlobID, up.ID)
	require.Equal(t, hex.EncodeToString(sum[:]), media.SHA256)
	require.EqualValues(t, len(content), media.Size)
	file, err := h.store.Open(t.Context(), media.BlobID, media.BlobKey)
	require.NoError(t, err)
	got, err := io.ReadAll(file)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	require.Equal(t, content, got)

	for _, id := range []string{up.ID, "fil_" + session, "int_" + media.BlobID, "fil_", "", "fil_../../etc"} {
		_, _, err = h.uploads.Find(t.Context(), "ben", id)
		require.ErrorIs(t, err, files.ErrUnknown, id)
	}
}

func TestOnlyAgentsWhoSeeAnInteractionMayAttachFiles(t *testing.T) {
	h := open(t)
	pdf := []byte("%PDF-1.7 x")
	require.Equal(t, 201, h.as(ben).attach(pdf).Status)
	require.Equal(t, 404, h.as(cho).attach(pdf).Status)
	require.Equal(t, 403, h.as(auditor).attach(pdf).Status)
	off := h.as(ada).post("int_"+closed, bytes.NewReader(pdf))
	require.Equal(t, 403, off.Status)
	require.Equal(t, "ATTACHMENTS_OFF", off.Code)
	require.Equal(t, 404, h.post("int_"+incoming, bytes.NewReader(pdf)).Status, "an unknown interaction")
	require.Equal(t, 404, h.post("msg_"+session, bytes.NewReader(pdf)).Status)
	require.Equal(t, "FILE_EMPTY", h.attach(nil).Code)
	h.refuse = files.ErrForbidden
	require.Equal(t, 403, h.attach(pdf).Status)
	h.refuse = errors.New("database is away")
	fault := h.attach(pdf)
	require.Equal(t, 500, fault.Status)
	require.NotContains(t, fault.Message, "database", "a fault reveals only its id")
	require.Len(t, h.kept(), 1)
}

func TestFileNamesAreCleaned(t *testing.T) {
	h := open(t)
	long := strings.Repeat("ä", 300) + ".pdf"
	for sent, shown := range map[string]string{
		"../../etc/passwd":            "passwd",
		`C:\Users\x\report.pdf`:       "report.pdf",
		"..":                          "document.pdf",
		"":                            "document.pdf",
		"a\x00b\r\nSet-Cookie: x.pdf": "abSet-Cookie_ x.pdf",
		"invoice\u202Efdp.exe":        "invoicefdp.exe",
		"\u2066\u200Bquiet\u2069.pdf": "quiet.pdf",
		"NUL.pdf":                     "_NUL.pdf",
		"com1":                        "_com1",
		" .hidden. ":                  "hidden",
		`a"b<c>|?*.pdf`:               "a_b_c____.pdf",
		"\xff\xfebroken.pdf":          "broken.pdf",
		long:                          strings.Repeat("ä", 116) + ".pdf",
	} {
		up := h.attach([]byte("%PDF-1.7 x"), "X-File-Name", url.PathEscape(sent))
		require.Equal(t, 201, up.Status, sent)
		require.Equal(t, shown, up.FileName)
	}
	for _, name := range h.kept() {
		require.Regexp(t, "/[0-9a-f]{2}/[0-9a-f-]{36}$", name, "files are stored under random ids")
	}
}

func TestAnInterruptedUploadLeavesNothingBehind(t *testing.T) {
	h := open(t)
	start := func() net.Conn {
		conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
		require.NoError(t, err)
		_, err = fmt.Fprintf(conn,
			"POST /attachments?interactionId=int_%s HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n%s",
			session, strings.Repeat("x", 150_000))
		require.NoError(t, err)
		return conn
	}
	conn := start()
	writing := func() bool { return len(h.kept()) == 1 }
	require.Eventually(t, writing, testwait.Limit, time.Millisecond, "the file is being written")
	require.NoError(t, conn.Close())
	require.Eventually(t, func() bool { return len(h.kept()) == 0 }, testwait.Limit, time.Millisecond)

	h = open(t)
	h.uploads.Idle = 500 * time.Millisecond
	conn = start()
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	require.Contains(t, string(answer), "408 Request Timeout")
	require.Contains(t, string(answer), "UPLOAD_IDLE")
	require.NoError(t, conn.Close())
	require.Empty(t, h.kept())
	require.Zero(t, h.count("SELECT count(*) FROM ops.blobs"))
}

func TestAnUnusedUploadLeavesTheIndexAfterADay(t *testing.T) {
	h := open(t)
	sent, never := h.attach([]byte("%PDF-1.7 sent")), h.attach([]byte("%PDF-1.7 never"))
	_, _, err := h.uploads.Find(t.Context(), "ada", sent.ID)
	require.NoError(t, err)
	h.later(24 * time.Hour)
	young := h.attach([]byte("%PDF-1.7 young"))
	require.NoError(t, h.uploads.Sweep(t.Context()))
	require.Equal(t, 3, h.count("SELECT count(*) FROM ops.blobs"), "after exactly 24 hours the upload is still there")
	h.later(time.Second)
	require.NoError(t, h.uploads.Sweep(t.Context()))
	require.Equal(t, 2, h.count("SELECT count(*) FROM ops.blobs"))
	_, _, err = h.uploads.Find(t.Context(), "ada", never.ID)
	require.ErrorIs(t, err, files.ErrUnknown)
	for _, still := range []string{sent.ID, young.ID} {
		_, _, err = h.uploads.Find(t.Context(), "ada", still)
		require.NoError(t, err)
	}
	h.later(7*24*time.Hour + time.Second)
	require.NoError(t, h.uploads.Sweep(t.Context()))
	require.Zero(t, h.count("SELECT count(*) FROM ops.uploads"))
	require.Zero(t, h.count("SELECT count(*) FROM ops.blobs"))
	require.Len(t, h.kept(), 3, "only the log knows whether a message has a file, so the index deletes none")
}

func TestUploadsAreSealedInTheDatabase(t *testing.T) {
	h := open(t)
	up := h.attach([]byte("%PDF-1.7 x"), "X-File-Name", "Ida Berg.pdf")
	_, media, err := h.uploads.Find(t.Context(), "ada", up.ID)
	require.NoError(t, err)
	var row string
	require.NoError(t, h.db.Clear.QueryRow(t.Context(), `
		SELECT row_to_json(u)::text || row_to_json(b)::text
		FROM ops.uploads u JOIN ops.blobs b USING (id)`).Scan(&row))
	require.NotContains(t, row, "Ida")
	require.NotContains(t, row, hex.EncodeToString(media.BlobKey))
}

func TestABrowsersRecordingIsSentAsAVoiceNote(t *testing.T) {
	h := open(t)
	// header, a segment of unknown size
	webm, err := hex.DecodeString("1a45dfa38442868101" + "1853806701ffffffffffffff" +
		"1654ae6ba3" + "aea1d781018686415f4f505553" + "63a293" + // an Opus track
		hex.EncodeToString([]byte("OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00")) +
		"1f43b67501ffffffffffffff" + "a38781000080f80102" + "a38681001480f803") // a cluster with two blocks
	require.NoError(t, err)
	up := h.attach(webm, "X-Voice", "true", "Content-Type", "audio/webm;codecs=opus")
	require.Equal(t, 201, up.Status, up.Message)
	require.Equal(t, interaction.KindVoice, up.Kind)
	require.Equal(t, voice.MimeType, up.MimeType)
	require.Equal(t, "voice.oga", up.FileName)
	_, media, err := h.uploads.Find(t.Context(), "ada", up.ID)
	require.NoError(t, err)
	file, err := h.store.Open(t.Context(), media.BlobID, media.BlobKey)
	require.NoError(t, err)
	ogg, err := io.ReadAll(file)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	require.Equal(t, 3, bytes.Count(ogg, []byte("OggS\x00")))
	require.True(t, bytes.HasSuffix(ogg, []byte{0xf8, 1, 2, 0xf8, 3}), "the packets are unchanged")

	broken := h.attach(webm[:len(webm)-1], "X-Voice", "true")
	require.Equal(t, http.StatusBadRequest, broken.Status)
	require.Equal(t, "RECORDING_UNREADABLE", broken.Code)
	require.Len(t, h.kept(), 1)
}

func TestDraftsAreKeptPerUserSubjectAndPart(t *testing.T) {
	h := open(t)
	ctx := t.Context()
	read := func(user, id string) map[string]string {
		texts, err := h.drafts.Drafts(ctx, user, []string{closed, id})
		require.NoError(t, err)
		return texts[id]
	}
	require.Empty(t, read("ada", session))
	require.NoError(t, h.drafts.SaveDraft(ctx, "ada", session, "REPLY", "dear Ida"))
	require.NoError(t, h.drafts.SaveDraft(ctx, "ada", session, "REPLY", "Dear Ida,"))
	require.NoError(t, h.drafts.SaveDraft(ctx, "ada", session, "NOTE", "Ida is in a hurry"))
	require.Equal(t, map[string]string{"REPLY": "Dear Ida,", "NOTE": "Ida is in a hurry"}, read("ada", session))
	require.Empty(t, read("ben", session))
	require.Empty(t, read("ada", closed))
	require.Zero(t, h.count("SELECT count(*) FROM ops.drafts WHERE position('Ida'::bytea IN sealed) > 0"))
	long := h.drafts.SaveDraft(ctx, "ada", session, "REPLY", strings.Repeat("a", 8*4096+1))
	require.ErrorIs(t, long, interaction.ErrTextTooLong)
	require.NoError(t, h.drafts.SaveDraft(ctx, "ada", session, "REPLY", ""))
	require.Equal(t, map[string]string{"NOTE": "Ida is in a hurry"}, read("ada", session))
}

func TestADraftEndsAWeekAfterItsLastChange(t *testing.T) {
	h := open(t)
	ctx := t.Context()
	require.NoError(t, h.drafts.SaveDraft(ctx, "ada", session, "REPLY", "Dear Ida"))
	h.later(6 * 24 * time.Hour)
	require.NoError(t, h.drafts.SaveDraft(ctx, "ada", session, "NOTE", "call Ida"))
	h.later(25 * time.Hour)
	kept, err := h.drafts.Drafts(ctx, "ada", []string{session})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"NOTE": "call Ida"}, kept[session])
	require.NoError(t, h.drafts.Sweep(ctx))
	require.Equal(t, 1, h.count("SELECT count(*) FROM ops.drafts"))
}
