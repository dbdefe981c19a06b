// Package blobs keeps files, each sealed under a key of its own that is handed to the caller and kept nowhere else.
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

// Errors of this package.
var (
	ErrTooLarge = errors.New("file is larger than allowed")
	ErrNotFound = errors.New("no such file")
	ErrFull     = errors.New("no space left for files")
	ErrDamaged  = errors.New("file is damaged, or this is not its key")
)

// Blob is what is known about a file once it is kept.
type Blob struct {
	ID       string // a random UUID
	Key      []byte // 32 bytes; without it the file cannot be read, so destroying it erases the file
	Size     int64
	SHA256   []byte
	MimeType string // told by the bytes, never by a name
}

// place is where sealed bytes are: a folder or a bucket.
type place interface {
	// write keeps all of r under the id, or nothing.
	write(ctx context.Context, id string, r io.Reader) error
	// open gives access to the bytes at any offset, and their number. ErrNotFound when there are none.
	open(ctx context.Context, id string) (readerAtCloser, int64, error)
	remove(ctx context.Context, id string) error
	// each calls f for every file last written before a time, until f returns an error.
	each(ctx context.Context, before time.Time, f func(id string) error) error
}

type readerAtCloser interface {
	io.ReaderAt
	io.Closer
}

// Store keeps files in one place. Its methods may be called concurrently.
type Store struct{ at place }

// Put keeps what r gives, at most limit bytes. When it returns, the file is durable; when it fails, nothing is left.
func (s *Store) Put(ctx context.Context, r io.Reader, limit int64) (Blob, error) {
	b := Blob{ID: uuid.NewString(), Key: make([]byte, 32)}
	if _, err := rand.Read(b.Key); err != nil {
		return Blob{}, err
	}
	look := &observed{from: io.LimitReader(r, limit+1), sum: sha256.New()}
	sealed, err := newSealer(look, b.ID, b.Key)
	if err != nil {
		return Blob{}, err
	}
	if err := s.at.write(ctx, b.ID, &limited{sealed, look, limit}); err != nil {
		if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
			return Blob{}, ErrFull
		}
		return Blob{}, fmt.Errorf("keep file: %w", err)
	}
	b.Size, b.SHA256 = look.size, look.sum.Sum(nil)
	b.MimeType = mimetype.Detect(look.start.Bytes()).String()
	return b, nil
}

// Open gives access to a file. Every piece is checked before a byte of it is returned. The reader is for one goroutine;
// http.ServeContent can serve ranges from it.
func (s *Store) Open(ctx context.Context, id string, key []byte) (*Reader, error) {
	if !valid(id) {
		return nil, ErrNotFound
	}
	file, size, err := s.at.open(ctx, id)
	if err != nil {
		return nil, err
	}
	r, err := newReader(file, size, id, key)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return r, nil
}

// Delete removes a file; one that is gone already is no error.
func (s *Store) Delete(ctx context.Context, id string) error {
	if !valid(id) {
		return nil
	}
	return s.at.remove(ctx, id)
}

// Each calls f with the id of every file kept before a time, so that those nobody refers to can be deleted.
func (s *Store) Each(ctx context.Context, before time.Time, f func(id string) error) error {
	return s.at.each(ctx, before, f)
}

// valid keeps everything but our own ids away from file names.
func valid(id string) bool {
	u, err := uuid.Parse(id)
	return err == nil && u.String() == id
}

// observed notes what passes through: how much, its hash, and how it starts.
type observed struct {
	from io.Reader
	size int64
	sum  interface {
		Sum([]byte) []byte
		io.Writer
	}
	start bytes.Buffer
}

// sniff is how many bytes the type is told by.
const sniff = 3072

func (o *observed) Read(p []byte) (int, error) {
	n, err := o.from.Read(p)
	o.size += int64(n)
	_, _ = o.sum.Write(p[:n])
	if more := sniff - o.start.Len(); more > 0 {
		o.start.Write(p[:min(n, more)])
	}
	return n, err
}

// limited fails once too much has passed.
type limited struct {
	io.Reader
	seen  *observed
	limit int64
}

func (l *limited) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if l.seen.size > l.limit {
		return 0, ErrTooLarge
	}
	return n, err
}
