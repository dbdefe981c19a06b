package main

import (
	"context"
	"io"
	"log/slog"
	"time"

	"parley/blobs"
	"parley/files"
	"parley/reactions"
)

// keptFiles shows the reactions the store of files.
type keptFiles struct {
	store   *blobs.Store
	uploads *files.Uploads
}

func (k keptFiles) Put(ctx context.Context, r io.Reader, limit int64) (reactions.File, error) {
	b, err := k.store.Put(ctx, r, limit)
	return reactions.File{ID: b.ID, Key: b.Key, Size: b.Size, SHA256: b.SHA256, MimeType: b.MimeType}, err
}

func (k keptFiles) Open(ctx context.Context, id string, key []byte) (io.ReadCloser, error) {
	return k.store.Open(ctx, id, key)
}

func (k keptFiles) Delete(ctx context.Context, id string) error { return k.store.Delete(ctx, id) }

func (k keptFiles) Each(ctx context.Context, before time.Time, f func(id string) error) error {
	return k.store.Each(ctx, before, f)
}

func (k keptFiles) KeepKeys(ctx context.Context, ids []string, before time.Time) (int64, error) {
	return k.uploads.KeepKeys(ctx, ids, before)
}

// sweepUploads removes files that were attached and never sent, until ctx ends.
func sweepUploads(ctx context.Context, u *files.Uploads, log *slog.Logger) error {
	t := time.NewTicker(time.Hour)
	defer t.Stop()
	for {
		if err := u.Sweep(ctx); err != nil && ctx.Err() == nil {
			log.Warn("unused uploads were not removed", "error", err)
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return nil
		}
	}
}
