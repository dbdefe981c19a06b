package main

import (
	"context"
	"io"
	"time"

	"parley/blobs"
	"parley/reactions"
)

// keptFiles shows the reactions the store of files.
type keptFiles struct{ store *blobs.Store }

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
