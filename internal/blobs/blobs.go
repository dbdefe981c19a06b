// Package blobs stores files. Each is sealed under a key of its own, which is returned to the caller and
// stored nowhere else.
package blobs

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/gabriel-vasile/mimetype"
	"github.com/google/uuid"
)

// Errors returned by a Store.
var (
	ErrTooLarge = errors.New("file is larger than allowed")
	ErrNotFound = errors.New("file not found")
	ErrFull     = errors.New("no space left for files")
	ErrDamaged  = errors.New("file is damaged, or this is not its key")
)

// Blob describes a stored file.
type Blob struct {
	ID       string // a random UUID
	Key      []byte // 32 bytes; the file cannot be read without it, so destroying the key erases the file
	Size     int64
	SHA256   []byte
	MimeType string // detected from the content, never from a name
}

// backend stores sealed bytes, in a folder or a bucket.
type backend interface {
	// write stores all of r under the id, or nothing.
	write(ctx context.Context, id string, r io.Reader) error
	// open returns random access to the bytes, and their number, or ErrNotFound.
	open(ctx context.Context, id string) (readerAtCloser, int64, error)
	remove(ctx context.Context, id string) error
	// each calls f for every file last written before the given time, until f returns an error.
	each(ctx context.Context, before time.Time, f func(id string) error) error

	// quarantine moves a file to the quarantine, and release moves it back. A file that is not there is no error.
	quarantine(ctx context.Context, id string) error
	release(ctx context.Context, id string) error
	openQuarantined(ctx context.Context, id string) (readerAtCloser, int64, error)
	removeQuarantined(ctx context.Context, id string) error
	// eachQuarantined calls f for every file that came into the quarantine before the given time.
	eachQuarantined(ctx context.Context, before time.Time, f func(id string) error) error
}

type readerAtCloser interface {
	io.ReaderAt
	io.Closer
}

// Store stores files in one backend. Its methods may be called concurrently.
type Store struct{ backend backend }

// Put stores what r returns, up to limit bytes. When it returns, the file is durable; when it fails, nothing
// is left behind.
func (s *Store) Put(ctx context.Context, r io.Reader, limit int64) (Blob, error) {
	b := Blob{ID: uuid.NewString(), Key: make([]byte, 32)}
	if _, err := rand.Read(b.Key); err != nil {
		return Blob{}, err
	}
	content := &meter{from: io.LimitReader(r, limit+1), sum: sha256.New()}
	sealed, err := newSealer(content, b.ID, b.Key)
	if err != nil {
		return Blob{}, err
	}
	if err := s.backend.write(ctx, b.ID, &limited{sealed, content, limit}); err != nil {
		if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
			return Blob{}, ErrFull
		}
		return Blob{}, fmt.Errorf("store file: %w", err)
	}
	b.Size, b.SHA256 = content.size, content.sum.Sum(nil)
	b.MimeType = mimetype.Detect(content.start.Bytes()).String()
	return b, nil
}

// Open opens a file. Every piece is authenticated before any of its bytes are returned. The reader is for one
// goroutine; http.ServeContent can serve ranges from it.
func (s *Store) Open(ctx context.Context, id string, key []byte) (*Reader, error) {
	if !valid(id) {
		return nil, ErrNotFound
	}
	file, size, err := s.backend.open(ctx, id)
	if errors.Is(err, ErrNotFound) {
		file, size, err = s.backend.openQuarantined(ctx, id)
	}
	if err != nil {
		return nil, err
	}
	r, err := newReader(file, size, id, key)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return r, nil
}

// Delete removes a file that was never referred to, such as one whose upload failed. An unknown id is not an
// error. Any other file goes through Quarantine.
func (s *Store) Delete(ctx context.Context, id string) error {
	if !valid(id) {
		return nil
	}
	return s.backend.remove(ctx, id)
}

// Each calls f with the id of every file stored before the given time, except those in quarantine.
func (s *Store) Each(ctx context.Context, before time.Time, f func(id string) error) error {
	return s.backend.each(ctx, before, f)
}

// Quarantine sets a file aside that nothing seems to refer to. It can still be opened, and be put back with
// Release.
func (s *Store) Quarantine(ctx context.Context, id string) error {
	if !valid(id) {
		return nil
	}
	return s.backend.quarantine(ctx, id)
}

// Release puts a file back that is in quarantine. An unknown id is not an error.
func (s *Store) Release(ctx context.Context, id string) error {
	if !valid(id) {
		return nil
	}
	return s.backend.release(ctx, id)
}

// DeleteQuarantined removes a file for good, if it is in quarantine.
func (s *Store) DeleteQuarantined(ctx context.Context, id string) error {
	if !valid(id) {
		return nil
	}
	return s.backend.removeQuarantined(ctx, id)
}

// EachQuarantined calls f with the id of every file that was quarantined before the given time.
func (s *Store) EachQuarantined(ctx context.Context, before time.Time, f func(id string) error) error {
	return s.backend.eachQuarantined(ctx, before, f)
}

// valid reports whether an id is one of ours, so that nothing else becomes part of a file name.
func valid(id string) bool {
	u, err := uuid.Parse(id)
	return err == nil && u.String() == id
}

// meter records the size, hash and first bytes of what is read through it.
type meter struct {
	from io.Reader
	size int64
	sum  interface {
		Sum([]byte) []byte
		io.Writer
	}
	start bytes.Buffer
}

// sniff is the number of bytes used to detect the type.
const sniff = 3072

func (o *meter) Read(p []byte) (int, error) {
	n, err := o.from.Read(p)
	o.size += int64(n)
	_, _ = o.sum.Write(p[:n])
	if more := sniff - o.start.Len(); more > 0 {
		o.start.Write(p[:min(n, more)])
	}
	return n, err
}

// limited fails once its source has returned more than limit bytes.
type limited struct {
	io.Reader
	seen  *meter
	limit int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if l.seen.size > l.limit {
		return 0, ErrTooLarge
	}
	return n, err
}
