package blobs_test

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"parley/blobs"
)

// objects answers the few S3 requests a store makes.
type objects struct {
	mu    sync.Mutex
	kept  map[string][]byte
	parts map[string]map[int][]byte
}

func (o *objects) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	key := strings.TrimPrefix(r.URL.Path, "/files/")
	q := r.URL.Query()
	switch {
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/"):
		w.WriteHeader(http.StatusForbidden)
	case r.Method == http.MethodPost && q.Has("uploads"):
		o.parts[key] = map[int][]byte{}
		fmt.Fprintf(w, "<InitiateMultipartUploadResult><Bucket>files</Bucket><Key>%s</Key><UploadId>u</UploadId></InitiateMultipartUploadResult>", key)
	case r.Method == http.MethodPut && q.Has("partNumber"):
		n, _ := strconv.Atoi(q.Get("partNumber"))
		o.parts[key][n] = payload(r)
		w.Header().Set("ETag", `"e"`)
	case r.Method == http.MethodPut:
		o.kept[key] = payload(r)
		w.Header().Set("ETag", `"e"`)
	case r.Method == http.MethodPost && q.Has("uploadId"):
		for n := 1; n <= len(o.parts[key]); n++ {
			o.kept[key] = append(o.kept[key], o.parts[key][n]...)
		}
		delete(o.parts, key)
		fmt.Fprintf(w, "<CompleteMultipartUploadResult><Bucket>files</Bucket><Key>%s</Key><ETag>e</ETag></CompleteMultipartUploadResult>", key)
	case r.Method == http.MethodDelete && q.Has("uploadId"):
		delete(o.parts, key)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodDelete:
		delete(o.kept, key)
		w.WriteHeader(http.StatusNoContent)
	case q.Has("list-type"):
		o.list(w)
	default:
		o.get(w, r, key)
	}
}

func (o *objects) list(w io.Writer) {
	type object struct {
		Key, LastModified string
		Size              int
	}
	var result struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Contents []object
	}
	for key, content := range o.kept {
		result.Contents = append(result.Contents, object{key, time.Now().UTC().Format(time.RFC3339), len(content)})
	}
	_ = xml.NewEncoder(w).Encode(result)
}

func (o *objects) get(w http.ResponseWriter, r *http.Request, key string) {
	content, ok := o.kept[key]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<Error><Code>NoSuchKey</Code></Error>")
		return
	}
	w.Header().Set("ETag", `"e"`)
	http.ServeContent(w, r, "", time.Now(), bytes.NewReader(content))
}

// payload is the body without the chunk signatures that plain HTTP brings.
func payload(r *http.Request) []byte {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		raw, _ := io.ReadAll(r.Body)
		return raw
	}
	var out []byte
	body := bufio.NewReader(r.Body)
	for {
		head, err := body.ReadString('\n')
		size, _, _ := strings.Cut(strings.TrimSpace(head), ";")
		n, parseErr := strconv.ParseInt(size, 16, 64)
		if err != nil || parseErr != nil || n == 0 {
			_, _ = io.Copy(io.Discard, body)
			return out
		}
		chunk := make([]byte, n+2)
		_, _ = io.ReadFull(body, chunk)
		out = append(out, chunk[:n]...)
	}
}

// inBucket is a store in a bucket of the test's own, or in the real one that S3_TEST_URL names.
func inBucket(t *testing.T) (*blobs.Store, *objects) {
	t.Helper()
	o := &objects{kept: map[string][]byte{}, parts: map[string]map[int][]byte{}}
	server := httptest.NewServer(o)
	t.Cleanup(server.Close)
	b := blobs.Bucket{Endpoint: server.URL, Name: "files", Prefix: "parley/", AccessKey: "key", SecretKey: "secret"}
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
	require.Empty(t, o.kept)
}

func TestNothingIsLeftInABucketOfAFileThatFails(t *testing.T) {
	s, o := inBucket(t)
	for _, size := range []int{100_000, 20 << 20} { // in one piece, and in parts
		_, err := s.Put(ctx, bytes.NewReader(random(size)), int64(size-1))
		require.ErrorIs(t, err, blobs.ErrTooLarge)
		broken := fmt.Errorf("connection lost")
		_, err = s.Put(ctx, io.MultiReader(bytes.NewReader(random(size)), iotest.ErrReader(broken)), 1<<30)
		require.ErrorIs(t, err, broken)
	}
	require.Empty(t, o.kept)
	require.Empty(t, o.parts)
}

func TestFilesInABucketAreListed(t *testing.T) {
	s, _ := inBucket(t)
	b := put(t, s, []byte("x"))
	var listed []string
	list := func(id string) error { listed = append(listed, id); return nil }
	require.NoError(t, s.Each(ctx, time.Now().Add(-time.Hour), list))
	require.Empty(t, listed)
	require.NoError(t, s.Each(ctx, time.Now().Add(time.Hour), list))
	require.Equal(t, []string{b.ID}, listed)
}
