package files

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"parley/internal/access"
	"parley/internal/blobs"
	"parley/internal/database"
	"parley/projections/messages"
)

// Download serves the file of a message or of a canned answer: GET with the path value "id", msg_<uuid> or
// can_<uuid>. It supports ranges. Permission is checked on every request and caches must not store the file.
// A masked viewer gets the file unchanged, with its name masked.
type Download struct {
	DB      database.DB
	Store   *blobs.Store
	Secrets Secrets
	Viewer  Viewer
	Log     *slog.Logger
}

// served is a file and the name it is saved under.
type served struct {
	file *blobs.Reader
	name string
}

// ServeHTTP serves one file.
func (d *Download) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, err := d.open(r.Context(), r.PathValue("id"))
	if err != nil {
		refuse(w, r, d.Log, err)
		return
	}
	defer found.file.Close()
	s, err := inspect(found.file)
	if err != nil {
		refuse(w, r, d.Log, err)
		return
	}
	how, mime := shown(s)
	h := w.Header()
	h.Set("Content-Type", mime)
	h.Set("Content-Disposition", disposition(how, found.name))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", time.Time{}, found.file)
}

func (d *Download) open(ctx context.Context, global string) (served, error) {
	v, err := d.Viewer(ctx)
	if err != nil {
		return served{}, err
	}
	if !v.May(access.ViewInteractions) && !v.May(access.HandleInteractions) {
		return served{}, ErrForbidden
	}
	if id, ok := localID("can", global); ok {
		return d.canned(ctx, v, id)
	}
	id, ok := localID("msg", global)
	if !ok {
		return served{}, ErrNotFound
	}
	return d.ofMessage(ctx, v, id)
}

func (d *Download) ofMessage(ctx context.Context, v access.Viewer, id string) (served, error) {
	row, found, err := messages.ByID(ctx, d.DB.For(v), v, id)
	if err != nil {
		return served{}, err
	}
	if !found || row.MediaState != messages.MediaStored || row.Revoked {
		return served{}, ErrNotFound
	}
	key, err := d.key(ctx, v, row)
	if err != nil {
		return served{}, err
	}
	file, err := d.Store.Open(ctx, row.BlobID, key)
	if errors.Is(err, blobs.ErrNotFound) {
		return served{}, ErrNotFound
	}
	return served{file: file, name: named(row.FileName, row.Kind, row.MimeType)}, err
}

// key returns the key of a message's file. Masked views do not include it, so it is read from the clear ones
// within the same scope.
func (d *Download) key(ctx context.Context, v access.Viewer, row messages.Row) ([]byte, error) {
	key := row.BlobKey
	if v.Masked {
		clear, _, err := messages.ByID(ctx, d.DB.ClearFor(v.User), v, row.ID)
		if err != nil {
			return nil, err
		}
		key = clear.BlobKey
	}
	if len(key) == 0 {
		return nil, ErrNotFound // erased
	}
	return key, nil
}

// shown decides how the browser gets a file. Images, audio and video are shown inline, judged by their
// content; everything else, and images too large to decode, is offered for saving.
func shown(s properties) (how, mime string) {
	switch s.mime {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		if s.decodable() {
			return "inline", s.mime
		}
	case "application/ogg":
		if s.opusChannels() > 0 {
			return "inline", "audio/ogg"
		}
	case "audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/flac",
		"video/mp4", "video/3gpp", "video/webm", "video/ogg", "video/quicktime":
		return "inline", s.mime
	}
	if strings.HasPrefix(s.mime, "text/") || strings.Contains(s.mime, "xml") ||
		strings.Contains(s.mime, "script") {
		return "attachment", "application/octet-stream"
	}
	return "attachment", s.mime
}
