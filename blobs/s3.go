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
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Bucket says where files are kept in an object store that speaks S3.
type Bucket struct {
	Endpoint  string // such as https://s3.example.org
	Region    string // us-east-1 when empty
	Name      string
	Prefix    string // put before every id, such as "parley/"
	AccessKey string
	SecretKey string
	Transport http.RoundTripper // how it is reached; nil for a transport of its own
}

// S3 keeps files in a bucket, which must exist. They are sealed before they leave, so the bucket's owner cannot read them.
func S3(b Bucket) (*Store, error) {
	u, err := url.Parse(b.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("bucket endpoint %q: not an absolute URL", b.Endpoint)
	}
	if b.Region == "" {
		b.Region = "us-east-1"
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(b.AccessKey, b.SecretKey, ""), Secure: u.Scheme == "https", Region: b.Region,
		Transport: b.Transport, BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return nil, fmt.Errorf("bucket: %w", err)
	}
	return &Store{at: &bucket{client, b.Name, b.Prefix}}, nil
}

type bucket struct {
	client *minio.Client
	name   string
	prefix string
}

const (
	partSize   = 8 << 20 // larger files go up in parts of this size
	windowSize = 1 << 20 // how much is fetched at a time
)

func (b *bucket) write(ctx context.Context, id string, r io.Reader) error {
	source := &failing{from: r}
	var start bytes.Buffer
	size, err := io.CopyN(&start, source, partSize)
	switch {
	case err == io.EOF:
		_, err = b.client.PutObject(ctx, b.name, b.prefix+id, &start, size, minio.PutObjectOptions{})
	case err == nil:
		_, err = b.client.PutObject(ctx, b.name, b.prefix+id, io.MultiReader(&start, source), -1, minio.PutObjectOptions{PartSize: partSize})
	}
	if source.err != nil {
		return source.err
	}
	return err
}

// failing remembers why reading ended, which the client may put into words of its own.
type failing struct {
	from io.Reader
	err  error
}

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.from.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

func (b *bucket) open(ctx context.Context, id string) (readerAtCloser, int64, error) {
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

// window reads an object piece by piece without a request for each.
type window struct {
	ctx  context.Context // the one the file was opened with
	b    *bucket
	id   string
	size int64
	from int64
	held []byte
}

func (w *window) ReadAt(p []byte, at int64) (int, error) {
	if at >= w.size {
		return 0, io.EOF
	}
	want := min(int64(len(p)), w.size-at)
	if at < w.from || at+want > w.from+int64(len(w.held)) {
		if err := w.fetch(at, max(want, min(windowSize, w.size-at))); err != nil {
			return 0, err
		}
	}
	n := copy(p, w.held[at-w.from:])
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
	held := make([]byte, length)
	if _, err := io.ReadFull(object, held); err != nil {
		return err
	}
	w.from, w.held = at, held
	return nil
}

// Close has nothing to let go of.
func (w *window) Close() error { return nil }

func (b *bucket) remove(ctx context.Context, id string) error {
	err := b.client.RemoveObject(ctx, b.name, b.prefix+id, minio.RemoveObjectOptions{})
	if err != nil && !missing(err) {
		return fmt.Errorf("remove file: %w", err)
	}
	return nil
}

func (b *bucket) each(ctx context.Context, before time.Time, visit func(id string) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for o := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if o.Err != nil {
			return fmt.Errorf("list files: %w", o.Err)
		}
		if id := path.Base(o.Key); valid(id) && o.LastModified.Before(before) {
			if err := visit(id); err != nil {
				return err
			}
		}
	}
	return nil
}
