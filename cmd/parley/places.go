package main

import (
	"context"
	"fmt"
	"path/filepath"

	"parley/internal/anchor"
	"parley/internal/blobs"
	"parley/internal/seal"
)

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
	p.places = anchor.Places{anchor.Folder{Dir: p.cfg.DataDir, Data: []string{filesFolder, "spool-*"}}}
	if notes, inBucket := p.blobs.Notes(); inBucket {
		p.places = append(p.places, notes)
	}
	return nil
}

// checkPlaces returns an error if the data folder or the bucket belongs to another deployment than the database.
func (p *program) checkPlaces(ctx context.Context) error {
	fingerprint, err := seal.Fingerprint(ctx, p.db.Clear)
	if err != nil || p.adopt {
		return err
	}
	return p.places.Check(ctx, fingerprint, p.log)
}
