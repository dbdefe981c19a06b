package blobs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Bucket locates files in an S3-compatible object store.
type Bucket struct {
	Endpoint  string // for example https://s3.example.org
	Region    string // us-east-1 if empty
	Name      string
	Prefix    string // prepended to every id, for example "parley/"
	AccessKey string
	SecretKey string
	Transport http.RoundTripper // nil uses one of its own
}

// S3 stores files in a bucket, which must exist. Files are sealed before they are uploaded, so the bucket's
// owner cannot read them.
func S3(b Bucket) (*Store, error) {
	u, err := url.Parse(b.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("bucket endpoint %q: not an absolute URL", b.Endpoint)
	}
	if b.Region == "" {
		b.Region = "us-east-1"
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(b.AccessKey, b.SecretKey, ""), Secure: u.Scheme == "https",
		Region: b.Region, Transport: b.Transport, BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return nil, fmt.Errorf("bucket: %w", err)
	}
	return &Store{backend: &bucket{client, b.Name, b.Prefix}}, nil
}

type bucket struct {
	client *minio.Client
	name   string
	prefix string
}

const (
	partSize   = 8 << 20 // larger files are uploaded in parts of this size
	windowSize = 1 << 20 // the least that is fetched at a time

	quarantinePrefix = "quarantine/" // of files that nothing seems to refer to
	notesPrefix      = "parley/"     // of the notes
)

func (b *bucket) write(ctx context.Context, id string, r io.Reader) error {
	source := &errorRecorder{from: r}
	var start bytes.Buffer
	size, err := io.CopyN(&start, source, partSize)
	switch {
	case err == io.EOF:
		_, err = b.client.PutObject(ctx, b.name, b.prefix+id, &start, size, minio.PutObjectOptions{})
	case err == nil:
		body := io.MultiReader(&start, source)
		_, err = b.client.PutObject(ctx, b.name, b.prefix+id, body, -1,
			minio.PutObjectOptions{PartSize: partSize})
	}
	if source.err != nil {
		return source.err
	}
	return err
}

// errorRecorder keeps the error that ended reading, since the client may replace it with its own.
type errorRecorder struct {
	from io.Reader
	err  error
}

func (f *errorRecorder) Read(p []byte) (int, error) {
	n, err := f.from.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

func (b *bucket) open(ctx context.Context, id string) (readerAtCloser, int64, error) {
	return b.openNamed(ctx, id)
}

func (b *bucket) openQuarantined(ctx context.Context, id string) (readerAtCloser, int64, error) {
	return b.openNamed(ctx, quarantinePrefix+id)
}

func (b *bucket) openNamed(ctx context.Context, id string) (readerAtCloser, int64, error) {
	info, err := b.client.StatObject(ctx, b.name, b.prefix+id, minio.StatObjectOptions{})
	if missing(err) {
		return nil, 0, ErrNotFound
	}
	if err != nil {
		return nil, 0, fmt.Errorf("open file: %w", err)
	}
	return &window{ctx: ctx, b: b, id: id, size: info.Size}, info.Size, nil
}

func missing(err error) bool {
	var answer minio.ErrorResponse
	return errors.As(err, &answer) && (answer.Code == "NoSuchKey" || answer.StatusCode == http.StatusNotFound)
}

// window reads an object in windows of windowSize, so that not every read needs a request.
type window struct {
	ctx      context.Context // the context of Open
	b        *bucket
	id       string
	size     int64
	from     int64
	buffered []byte
}

func (w *window) ReadAt(p []byte, at int64) (int, error) {
	if at >= w.size {
		return 0, io.EOF
	}
	want := min(int64(len(p)), w.size-at)
	if at < w.from || at+want > w.from+int64(len(w.buffered)) {
		if err := w.fetch(at, max(want, min(windowSize, w.size-at))); err != nil {
			return 0, err
		}
	}
	n := copy(p, w.buffered[at-w.from:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (w *window) fetch(at, length int64) error {
	var opts minio.GetObjectOptions
	if err := opts.SetRange(at, at+length-1); err != nil {
		return err
	}
	object, err := w.b.client.GetObject(w.ctx, w.b.name, w.b.prefix+w.id, opts)
	if err != nil {
		return err
	}
	defer object.Close()
	buffered := make([]byte, length)
	if _, err := io.ReadFull(object, buffered); err != nil {
		return err
	}
	w.from, w.buffered = at, buffered
	return nil
}

// Close does nothing: a window holds no connection.
func (w *window) Close() error { return nil }

func (b *bucket) remove(ctx context.Context, id string) error { return b.removeNamed(ctx, id) }

func (b *bucket) removeQuarantined(ctx context.Context, id string) error {
	return b.removeNamed(ctx, quarantinePrefix+id)
}

func (b *bucket) removeNamed(ctx context.Context, name string) error {
	err := b.client.RemoveObject(ctx, b.name, b.prefix+name, minio.RemoveObjectOptions{})
	if err != nil && !missing(err) {
		return fmt.Errorf("remove file: %w", err)
	}
	return nil
}

func (b *bucket) quarantine(ctx context.Context, id string) error {
	return b.move(ctx, id, quarantinePrefix+id)
}

func (b *bucket) release(ctx context.Context, id string) error {
	return b.move(ctx, quarantinePrefix+id, id)
}

func (b *bucket) move(ctx context.Context, from, to string) error {
	_, err := b.client.CopyObject(ctx, minio.CopyDestOptions{Bucket: b.name, Object: b.prefix + to},
		minio.CopySrcOptions{Bucket: b.name, Object: b.prefix + from})
	if missing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("move file: %w", err)
	}
	return b.removeNamed(ctx, from)
}

func (b *bucket) each(ctx context.Context, before time.Time, visit func(id string) error) error {
	return b.list(ctx, before, func(folder, id string) error {
		if folder != "" {
			return nil
		}
		return visit(id)
	})
}

func (b *bucket) eachQuarantined(ctx context.Context, before time.Time, visit func(id string) error) error {
	return b.list(ctx, before, func(folder, id string) error {
		if folder != quarantinePrefix {
			return nil
		}
		return visit(id)
	})
}

// list visits all files. The folder of a file is what stands between the bucket's prefix and the id.
func (b *bucket) list(ctx context.Context, before time.Time, visit func(folder, id string) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for o := range b.client.ListObjects(ctx, b.name,
		minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if o.Err != nil {
			return fmt.Errorf("list files: %w", o.Err)
		}
		folder, id := path.Split(strings.TrimPrefix(o.Key, b.prefix))
		if valid(id) && o.LastModified.Before(before) {
			if err := visit(folder, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// Notes are a few small objects kept in the bucket next to the files.
type Notes struct{ bucket *bucket }

// Notes returns the notes of a store in a bucket. A store in a folder has none.
func (s *Store) Notes() (*Notes, bool) {
	b, ok := s.backend.(*bucket)
	return &Notes{b}, ok
}

// String names the bucket.
func (n *Notes) String() string { return "the bucket " + n.bucket.name }

// Read returns a note, or nil if there is none.
func (n *Notes) Read(ctx context.Context, name string) ([]byte, error) {
	object, err := n.bucket.client.GetObject(ctx, n.bucket.name, n.bucket.prefix+notesPrefix+name,
		minio.GetObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	defer object.Close()
	content, err := io.ReadAll(object)
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return content, nil
}

// Occupied reports whether the bucket holds a file, in quarantine or not.
func (n *Notes) Occupied(ctx context.Context) (bool, error) {
	found := errors.New("found")
	stop := func(string) error { return found }
	future := time.Now().AddDate(100, 0, 0)
	err := n.bucket.each(ctx, future, stop)
	if err == nil {
		err = n.bucket.eachQuarantined(ctx, future, stop)
	}
	if errors.Is(err, found) {
		return true, nil
	}
	return false, err
}

// Write replaces a note.
func (n *Notes) Write(ctx context.Context, name string, content []byte) error {
	_, err := n.bucket.client.PutObject(ctx, n.bucket.name, n.bucket.prefix+notesPrefix+name, bytes.NewReader(content),
		int64(len(content)), minio.PutObjectOptions{})
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
