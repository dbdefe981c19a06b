package blobs_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/blobs"
)

func disk(t *testing.T) (*blobs.Store, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := blobs.Disk(dir)
	require.NoError(t, err)
	return s, dir
}

func random(n int) []byte {
	r := rand.NewChaCha8([32]byte{1})
	b := make([]byte, n)
	_, _ = r.Read(b)
	return b
}

var ctx = context.Background()

func put(t *testing.T, s *blobs.Store, content []byte) blobs.Blob {
	t.Helper()
	b, err := s.Put(ctx, bytes.NewReader(content), 1<<30)
	require.NoError(t, err)
	return b
}

func TestAFileComesBackAsItWas(t *testing.T) {
	s, _ := disk(t)
	for _, n := range []int{0, 1, 65535, 65536, 65537, 131072, 300_000} {
		content := random(n)
		b := put(t, s, content)
		sum := sha256.Sum256(content)
		require.Equal(t, int64(n), b.Size)
		require.Equal(t, sum[:], b.SHA256)
		r, err := s.Open(ctx, b.ID, b.Key)
		require.NoError(t, err)
		require.Equal(t, int64(n), r.Size())
		require.NoError(t, iotest.TestReader(r, content), n)
		require.NoError(t, r.Close())
	}
}

func TestTheTypeIsDetectedFromTheContent(t *testing.T) {
	s, _ := disk(t)
	require.Equal(t, "image/png", put(t, s, []byte("\x89PNG\r\n\x1a\nrest")).MimeType)
	require.Equal(t, "application/pdf", put(t, s, []byte("%PDF-1.7 rest")).MimeType)
	require.Contains(t, put(t, s, []byte("<html><script>alert(1)</script>")).MimeType, "text/html")
}

func TestRangesAreServed(t *testing.T) {
	s, _ := disk(t)
	content := random(200_000)
	b := put(t, s, content)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, err := s.Open(r.Context(), b.ID, b.Key)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		defer file.Close()
		http.ServeContent(w, r, "", time.Time{}, file)
	}))
	defer server.Close()
	req, err := http.NewRequest(http.MethodGet, server.URL, nil)
	require.NoError(t, err)
	req.Header.Set("Range", "bytes=65530-65545")
	resp, err := server.Client().Do(req)
	require.NoError(t, err)
	got, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusPartialContent, resp.StatusCode)
	require.Equal(t, content[65530:65546], got)
}

func TestAFailedUploadLeavesNothingBehind(t *testing.T) {
	s, dir := disk(t)
	_, err := s.Put(ctx, bytes.NewReader(random(100_001)), 100_000)
	require.ErrorIs(t, err, blobs.ErrTooLarge)
	broken := errors.New("connection lost")
	_, err = s.Put(ctx, io.MultiReader(bytes.NewReader(random(100_000)), iotest.ErrReader(broken)), 1<<20)
	require.ErrorIs(t, err, broken)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err = s.Put(ended, bytes.NewReader(random(10)), 100)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, files(t, dir))
	b, err := s.Put(ctx, bytes.NewReader(random(100_000)), 100_000)
	require.NoError(t, err, "a file of exactly the limit is accepted")
	require.EqualValues(t, 100_000, b.Size)
}

func files(t *testing.T, dir string) (found []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			found = append(found, p)
		}
		return err
	}))
	return found
}

func TestAnyChangeToAFileOnDiskIsDetected(t *testing.T) {
	s, dir := disk(t)
	content := bytes.Repeat([]byte("what a customer sent "), 10_000)
	b := put(t, s, content)
	name := files(t, dir)[0]
	whole, err := os.ReadFile(name)
	require.NoError(t, err)
	require.NotContains(t, string(whole), "customer", "the file is sealed")

	const piece = 65536 + 16
	swapped := bytes.Clone(whole)
	copy(swapped[4:], whole[4+piece:4+2*piece])
	copy(swapped[4+piece:], whole[4:4+piece])
	bit := bytes.Clone(whole)
	bit[70_000] ^= 1
	for what, damaged := range map[string][]byte{
		"a flipped bit":          bit,
		"swapped pieces":         swapped,
		"the end cut off":        whole[:len(whole)-1],
		"the last piece missing": whole[:4+3*piece],
		"only the header left":   whole[:4],
		"an empty file":          nil,
		"a trailing byte":        append(bytes.Clone(whole), 0),
	} {
		require.NoError(t, os.WriteFile(name, damaged, 0o600))
		r, err := s.Open(ctx, b.ID, b.Key)
		if err == nil {
			_, err = io.ReadAll(r)
			require.NoError(t, r.Close())
		}
		require.ErrorIs(t, err, blobs.ErrDamaged, what)
	}
	require.NoError(t, os.WriteFile(name, whole, 0o600))
	_, err = s.Open(ctx, b.ID, random(32))
	require.ErrorIs(t, err, blobs.ErrDamaged, "the wrong key")
	_, err = s.Open(ctx, b.ID, nil)
	require.ErrorIs(t, err, blobs.ErrDamaged, "no key at all")
}

func TestForeignIDsAreNeverLookedUp(t *testing.T) {
	s, dir := disk(t)
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(dir), "outside"), []byte("x"), 0o600))
	for _, id := range []string{"", "../outside", "/etc/passwd", "00000000-0000-0000-0000-000000000000",
		"{6ba7b810-9dad-11d1-80b4-00c04fd430c8}"} {
		_, err := s.Open(ctx, id, random(32))
		require.ErrorIs(t, err, blobs.ErrNotFound, id)
		require.NoError(t, s.Delete(ctx, id))
	}
}

func TestADeletedFileIsGoneAndOlderFilesAreListed(t *testing.T) {
	s, _ := disk(t)
	a, b := put(t, s, []byte("a")), put(t, s, []byte("b"))
	require.NoError(t, s.Delete(ctx, a.ID))
	require.NoError(t, s.Delete(ctx, a.ID), "a second delete is a no-op")
	_, err := s.Open(ctx, a.ID, a.Key)
	require.ErrorIs(t, err, blobs.ErrNotFound)

	var listed []string
	list := func(id string) error { listed = append(listed, id); return nil }
	require.NoError(t, s.Each(ctx, time.Now().Add(-time.Hour), list))
	require.Empty(t, listed, "the file is still too young")
	require.NoError(t, s.Each(ctx, time.Now().Add(time.Hour), list))
	require.Equal(t, []string{b.ID}, listed)
}

// quarantines checks how a store quarantines files.
func quarantines(t *testing.T, s *blobs.Store) {
	t.Helper()
	future := time.Now().Add(time.Hour)
	listed := func(each func(context.Context, time.Time, func(string) error) error, before time.Time) (ids []string) {
		require.NoError(t, each(ctx, before, func(id string) error { ids = append(ids, id); return nil }))
		return ids
	}
	a, b := put(t, s, []byte("a")), put(t, s, []byte("b"))
	require.NoError(t, s.Quarantine(ctx, a.ID))
	require.NoError(t, s.Quarantine(ctx, a.ID), "a second time is a no-op")
	require.Equal(t, []string{b.ID}, listed(s.Each, future))
	require.Equal(t, []string{a.ID}, listed(s.EachQuarantined, future))
	require.Empty(t, listed(s.EachQuarantined, time.Now().Add(-time.Minute)), "its grace period starts now")
	r, err := s.Open(ctx, a.ID, a.Key)
	require.NoError(t, err, "a quarantined file can be opened")
	require.NoError(t, r.Close())

	require.NoError(t, s.Release(ctx, a.ID))
	require.ElementsMatch(t, []string{a.ID, b.ID}, listed(s.Each, future))
	require.Empty(t, listed(s.EachQuarantined, future))
	require.NoError(t, s.DeleteQuarantined(ctx, a.ID))
	require.Len(t, listed(s.Each, future), 2, "only quarantined files can be deleted this way")

	require.NoError(t, s.Quarantine(ctx, a.ID))
	require.NoError(t, s.Delete(ctx, b.ID))
	if notes, inBucket := s.Notes(); inBucket {
		occupied, err := notes.Occupied(ctx)
		require.NoError(t, err)
		require.True(t, occupied, "a quarantined file counts")
	}
	require.NoError(t, s.DeleteQuarantined(ctx, a.ID))
	_, err = s.Open(ctx, a.ID, a.Key)
	require.ErrorIs(t, err, blobs.ErrNotFound)
}

func TestAQuarantinedFileCanBeOpenedAndPutBack(t *testing.T) {
	s, _ := disk(t)
	quarantines(t, s)
}

func TestHalfWrittenFilesAreRemovedAfterAnHour(t *testing.T) {
	_, dir := disk(t)
	old, young := filepath.Join(dir, "incoming", "old"), filepath.Join(dir, "incoming", "young")
	for _, name := range []string{old, young} {
		require.NoError(t, os.WriteFile(name, []byte("half"), 0o600))
	}
	hours := time.Now().Add(-2 * time.Hour)
	require.NoError(t, os.Chtimes(old, hours, hours))
	_, err := blobs.Disk(dir)
	require.NoError(t, err)
	require.NoFileExists(t, old)
	require.FileExists(t, young)
}
