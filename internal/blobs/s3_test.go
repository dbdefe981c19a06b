package blobs_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/blobs"
	"parley/internal/blobs/blobstest"
)

// inBucket returns a store in a fake bucket, or in the real one named by S3_TEST_URL.
func inBucket(t *testing.T) (*blobs.Store, *blobstest.Objects) {
	t.Helper()
	o := blobstest.NewObjects()
	server := httptest.NewServer(o)
	t.Cleanup(server.Close)
	b := blobs.Bucket{Endpoint: server.URL, Name: "files", Prefix: "parley/", AccessKey: "key",
		SecretKey: "secret"}
	if real := os.Getenv("S3_TEST_URL"); real != "" {
		b.Endpoint, b.Name = real, os.Getenv("S3_TEST_BUCKET")
		b.AccessKey, b.SecretKey = os.Getenv("S3_TEST_KEY"), os.Getenv("S3_TEST_SECRET")
	}
	s, err := blobs.S3(b)
	require.NoError(t, err)
	return s, o
}

func TestAFileInABucketComesBackAsItWas(t *testing.T) {
	s, o := inBucket(t)
	for _, n := range []int{0, 1, 70_000, 3 << 20, 17 << 20} {
		content := random(n)
		b, err := s.Put(ctx, bytes.NewReader(content), 1<<30)
		require.NoError(t, err)
		require.EqualValues(t, n, b.Size)
		r, err := s.Open(ctx, b.ID, b.Key)
		require.NoError(t, err)
		got, err := io.ReadAll(r)
		require.NoError(t, err)
		require.True(t, bytes.Equal(content, got), n)
		if n > 100_000 {
			_, err = r.Seek(99_990, io.SeekStart)
			require.NoError(t, err)
			some := make([]byte, 20)
			_, err = io.ReadFull(r, some)
			require.NoError(t, err)
			require.Equal(t, content[99_990:100_010], some)
		}
		require.NoError(t, s.Delete(ctx, b.ID))
		_, err = s.Open(ctx, b.ID, b.Key)
		require.ErrorIs(t, err, blobs.ErrNotFound)
	}
	require.Empty(t, o.Kept())
}

func TestAFailedUploadLeavesNothingInTheBucket(t *testing.T) {
	s, o := inBucket(t)
	for _, size := range []int{100_000, 20 << 20} { // in one request, and in parts
		_, err := s.Put(ctx, bytes.NewReader(random(size)), int64(size-1))
		require.ErrorIs(t, err, blobs.ErrTooLarge)
		broken := fmt.Errorf("connection lost")
		_, err = s.Put(ctx, io.MultiReader(bytes.NewReader(random(size)), iotest.ErrReader(broken)), 1<<30)
		require.ErrorIs(t, err, broken)
	}
	require.Empty(t, o.Kept())
	require.Zero(t, o.Unfinished())
}

func TestOlderFilesInABucketAreListed(t *testing.T) {
	s, _ := inBucket(t)
	b := put(t, s, []byte("x"))
	var listed []string
	list := func(id string) error { listed = append(listed, id); return nil }
	require.NoError(t, s.Each(ctx, time.Now().Add(-time.Hour), list))
	require.Empty(t, listed)
	require.NoError(t, s.Each(ctx, time.Now().Add(time.Hour), list))
	require.Equal(t, []string{b.ID}, listed)
}

func TestAQuarantinedFileInABucketCanBeOpenedAndPutBack(t *testing.T) {
	s, _ := inBucket(t)
	quarantines(t, s)
}

func TestNotesAreKeptNextToTheFilesOfABucket(t *testing.T) {
	s, _ := inBucket(t)
	notes, ok := s.Notes()
	require.True(t, ok)
	content, err := notes.Read(ctx, "deployment.json")
	require.NoError(t, err)
	require.Nil(t, content)
	require.NoError(t, notes.Write(ctx, "deployment.json", []byte("one")))
	require.NoError(t, notes.Write(ctx, "deployment.json", []byte("two")))
	content, err = notes.Read(ctx, "deployment.json")
	require.NoError(t, err)
	require.Equal(t, "two", string(content))
	occupied, err := notes.Occupied(ctx)
	require.NoError(t, err)
	require.False(t, occupied, "a note is not a file")
	folder, _ := disk(t)
	_, ok = folder.Notes()
	require.False(t, ok)
}
