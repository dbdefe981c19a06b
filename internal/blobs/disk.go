package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"parley/internal/fault"
)

// folder stores files below one directory, in 256 subfolders named after the first two characters of the ids.
type folder struct{ root *os.Root }

const (
	tempDir = "incoming" // files being written; a kill leaves them behind
	tempAge = time.Hour

	quarantineDir = "quarantine" // files that nothing seems to refer to
)

// Disk stores files below dir, which it creates if necessary. Files left half-written by a kill are removed
// after an hour.
func Disk(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	f := &folder{root}
	if err := errors.Join(root.MkdirAll(tempDir, 0o700), f.sweep(time.Now().Add(-tempAge))); err != nil {
		return nil, errors.Join(fmt.Errorf("files: %w", err), root.Close())
	}
	return &Store{backend: f}, nil
}

// sweep removes half-written files last touched before the given time.
func (f *folder) sweep(before time.Time) error {
	entries, err := fs.ReadDir(f.root.FS(), tempDir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.ModTime().Before(before) {
			_ = f.root.Remove(path.Join(tempDir, e.Name()))
		}
	}
	return nil
}

func nameOf(id string) string { return path.Join(id[:2], id) }

func (f *folder) write(ctx context.Context, id string, r io.Reader) (err error) {
	temp := path.Join(tempDir, id)
	file, err := f.root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.root.Remove(temp)
		}
	}()
	_, err = io.Copy(file, &cancellable{ctx, r})
	_ = fault.Hit("media.half_written")
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	dir := id[:2]
	if err := f.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := f.root.Rename(temp, nameOf(id)); err != nil {
		return err
	}
	return errors.Join(f.sync(dir), f.sync("."))
}

// sync makes the names in a folder durable.
func (f *folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (f *folder) open(_ context.Context, id string) (readerAtCloser, int64, error) {
	return f.openNamed(nameOf(id))
}

func (f *folder) openQuarantined(_ context.Context, id string) (readerAtCloser, int64, error) {
	return f.openNamed(path.Join(quarantineDir, id))
}

func (f *folder) openNamed(name string) (readerAtCloser, int64, error) {
	file, err := f.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, ErrNotFound
	}
	if err != nil {
		return nil, 0, fmt.Errorf("open file: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("open file: %w", err), file.Close())
	}
	return file, info.Size(), nil
}

func (f *folder) remove(_ context.Context, id string) error { return f.removeNamed(nameOf(id)) }

func (f *folder) removeQuarantined(_ context.Context, id string) error {
	return f.removeNamed(path.Join(quarantineDir, id))
}

func (f *folder) removeNamed(name string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove file: %w", err)
	}
	return nil
}

func (f *folder) quarantine(_ context.Context, id string) error {
	return f.move(nameOf(id), path.Join(quarantineDir, id))
}

func (f *folder) release(_ context.Context, id string) error {
	return f.move(path.Join(quarantineDir, id), nameOf(id))
}

// move renames a file. Its age starts over first, so that a kill in between cannot leave an old file in quarantine.
func (f *folder) move(from, to string) error {
	now := time.Now()
	err := f.root.Chtimes(from, now, now)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = f.root.MkdirAll(path.Dir(to), 0o700)
	}
	if err == nil {
		err = f.root.Rename(from, to)
	}
	if err == nil {
		err = errors.Join(f.sync(path.Dir(to)), f.sync(path.Dir(from)))
	}
	if err != nil {
		return fmt.Errorf("move file: %w", err)
	}
	return nil
}

func (f *folder) each(ctx context.Context, before time.Time, visit func(id string) error) error {
	return f.walk(ctx, ".", before, visit)
}

func (f *folder) eachQuarantined(ctx context.Context, before time.Time, visit func(id string) error) error {
	if _, err := f.root.Stat(quarantineDir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return f.walk(ctx, quarantineDir, before, visit)
}

// walk visits the files below a folder, except those being written and, unless it is the folder itself, those in
// quarantine.
func (f *folder) walk(ctx context.Context, dir string, before time.Time, visit func(id string) error) error {
	return fs.WalkDir(f.root.FS(), dir, func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && p != dir && (p == tempDir || p == quarantineDir):
			return fs.SkipDir
		case e.IsDir() || !valid(e.Name()):
			return ctx.Err()
		}
		info, err := e.Info()
		if err != nil || !info.ModTime().Before(before) {
			return nil // removed in the meantime, or too young
		}
		return visit(e.Name())
	})
}

// cancellable stops a copy when its context ends.
type cancellable struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
