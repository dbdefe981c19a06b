// Package anchor keeps a few facts about the deployment outside its database: in the data folder and in the bucket.
// Comparing them with the database shows when the two do not belong together.
package anchor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Place stores notes outside the database: the data folder or the bucket.
type Place interface {
	fmt.Stringer // names the place for the operator, such as "the data folder /var/lib/parley"

	// Read returns a note, or nil if there is none.
	Read(ctx context.Context, name string) ([]byte, error)
	// Write replaces a note, durably.
	Write(ctx context.Context, name string, content []byte) error
	// Occupied reports whether the place holds data of some deployment.
	Occupied(ctx context.Context) (bool, error)
}

// Folder stores notes as files in a folder.
type Folder struct {
	Dir  string
	Data []string // patterns of the folders below Dir that hold a deployment's files
}

// String names the folder.
func (f Folder) String() string { return "the data folder " + f.Dir }

// Read returns a note, or nil if there is none.
func (f Folder) Read(_ context.Context, name string) ([]byte, error) {
	content, err := os.ReadFile(filepath.Join(f.Dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return content, err
}

// Write replaces a note. A kill or a power failure leaves the old one or the new one.
func (f Folder) Write(_ context.Context, name string, content []byte) (err error) {
	temp, err := os.CreateTemp(f.Dir, name+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}()
	_, err = temp.Write(content)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), filepath.Join(f.Dir, name)); err != nil {
		return err
	}
	dir, err := os.Open(f.Dir)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Occupied reports whether there is a file in one of the folders of Data.
func (f Folder) Occupied(context.Context) (bool, error) {
	found := false
	for _, pattern := range f.Data {
		folders, err := filepath.Glob(filepath.Join(f.Dir, pattern))
		if err != nil {
			return false, err
		}
		for _, folder := range folders {
			err := filepath.WalkDir(folder, func(_ string, e fs.DirEntry, err error) error {
				if err != nil || e.IsDir() {
					return err
				}
				found = true
				return fs.SkipAll
			})
			if err != nil || found {
				return found, err
			}
		}
	}
	return false, nil
}

// read reads a note written by write. found is false if there is none.
func read(ctx context.Context, p Place, name string, into any) (found bool, err error) {
	content, err := p.Read(ctx, name)
	if err != nil {
		return false, fmt.Errorf("%s: %w", p, err)
	}
	if content == nil {
		return false, nil
	}
	if err := json.Unmarshal(content, into); err != nil {
		return false, fmt.Errorf("%s: %s cannot be read: %w", p, name, err)
	}
	return true, nil
}

func write(ctx context.Context, p Place, name string, what any) error {
	content, err := json.Marshal(what)
	if err != nil {
		return err
	}
	if err := p.Write(ctx, name, append(content, '\n')); err != nil {
		return fmt.Errorf("%s: %w", p, err)
	}
	return nil
}
