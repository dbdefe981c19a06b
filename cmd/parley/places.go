package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"parley/internal/anchor"
	"parley/internal/blobs"
	"parley/internal/seal"
)

// placeLimit is how long a place outside the database may take to answer at the start.
const placeLimit = 5 * time.Second

// filesFolder is the folder of files in the data folder.
const filesFolder = "files"

// files opens the store of files: a bucket if one is configured, which many machines can share, or else a
// folder.
func (c Config) files() (*blobs.Store, error) {
	if c.S3Endpoint == "" {
		return blobs.Disk(filepath.Join(c.DataDir, filesFolder))
	}
	return blobs.S3(blobs.Bucket{
		Endpoint: c.S3Endpoint, Region: c.S3Region, Name: c.S3Bucket,
		AccessKey: string(c.S3AccessKey), SecretKey: string(c.S3SecretKey),
	})
}

// openPlaces opens the store of files and lists the places outside the database.
func (p *program) openPlaces(context.Context) (err error) {
	if p.blobs, err = p.cfg.files(); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	p.places = []anchor.Place{anchor.Folder{Dir: p.cfg.DataDir}}
	if notes, inBucket := p.blobs.Notes(); inBucket {
		p.places = append(p.places, notes)
	}
	return nil
}

// checkPlaces returns an error if the data folder or the bucket belongs to another deployment than the
// database. It must run before a new database gets its identity. If a place does not answer, a new deployment
// does not start, while an existing one only logs a warning.
func (p *program) checkPlaces(ctx context.Context) error {
	fingerprint, err := seal.Fingerprint(ctx, p.db.Clear)
	if err != nil || p.adopt {
		return err
	}
	for _, place := range p.places {
		limited, cancel := context.WithTimeout(ctx, placeLimit)
		err := anchor.Check(limited, fingerprint, place, func() (bool, error) { return p.occupied(limited, place) })
		cancel()
		var mismatch *anchor.Mismatch
		if err != nil && fingerprint != "" && !errors.As(err, &mismatch) {
			p.log.Warn("could not check which deployment this belongs to", "place", place.String(), "error", err)
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// markPlaces records in the data folder and the bucket which deployment they belong to.
func (p *program) markPlaces(ctx context.Context) error {
	for _, place := range p.places {
		limited, cancel := context.WithTimeout(ctx, placeLimit)
		err := anchor.Mark(limited, p.deployment.Fingerprint, place)
		cancel()
		if _, folder := place.(anchor.Folder); err != nil && !folder {
			p.log.Warn("could not record which deployment this belongs to", "place", place.String(), "error", err)
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// occupied reports whether a place holds files, or deliveries of a local queue.
func (p *program) occupied(ctx context.Context, place anchor.Place) (bool, error) {
	folder, ok := place.(anchor.Folder)
	if !ok {
		return p.blobs.Any(ctx)
	}
	queues, err := filepath.Glob(filepath.Join(folder.Dir, "spool-*"))
	if err != nil || len(queues) > 0 {
		return len(queues) > 0, err
	}
	found := false
	err = filepath.WalkDir(filepath.Join(folder.Dir, filesFolder), func(_ string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fs.SkipAll
		case err != nil:
			return err
		case !e.IsDir():
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found, err
}
