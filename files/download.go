package files

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"parley/access"
	"parley/blobs"
	"parley/projections"
	"parley/projections/messages"
)

// Download serves the file of a message: GET with the path value "id", msg_<uuid>. Ranges work. Who may see the message
// may have its file, at this moment: nothing is kept by caches. A masked viewer gets the file as it is and its name masked.
type Download struct {
	DB     projections.DB
	Store  *blobs.Store
	Viewer Viewer
	Log    *slog.Logger
}

// ServeHTTP serves one file.
func (d *Download) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, row, err := d.open(r.Context(), r.PathValue("id"))
	if err != nil {
		refuse(w, r, d.Log, err)
		return
	}
	defer file.Close()
	s, err := look(file)
	if err != nil {
		refuse(w, r, d.Log, err)
		return
	}
	how, mime := shown(s)
	h := w.Header()
	h.Set("Content-Type", mime)
	h.Set("Content-Disposition", disposition(how, named(row.FileName, row.Kind, row.MimeType)))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", time.Time{}, file)
}

func (d *Download) open(ctx context.Context, global string) (*blobs.Reader, messages.Row, error) {
	v, err := d.Viewer(ctx)
	if err != nil {
		return nil, messages.Row{}, err
	}
	if !v.May(access.ViewInteractions) && !v.May(access.HandleInteractions) {
		return nil, messages.Row{}, ErrForbidden
	}
	id, ok := localID("msg", global)
	if !ok {
		return nil, messages.Row{}, ErrNotFound
	}
	row, found, err := messages.ByID(ctx, d.DB.For(v), v, id)
	if err != nil {
		return nil, messages.Row{}, err
	}
	if !found || row.MediaState != messages.MediaStored || row.Revoked {
		return nil, messages.Row{}, ErrNotFound
	}
	key, err := d.key(ctx, v, row)
	if err != nil {
		return nil, messages.Row{}, err
	}
	file, err := d.Store.Open(ctx, row.BlobID, key)
	if errors.Is(err, blobs.ErrNotFound) {
		return nil, messages.Row{}, ErrNotFound
	}
	return file, row, err
}

// key is what the file can be read with. Masked views do not have it, so it is read from the clear ones, by the same scope.
func (d *Download) key(ctx context.Context, v access.Viewer, row messages.Row) ([]byte, error) {
	key := row.BlobKey
	if v.Masked {
		clear, _, err := messages.ByID(ctx, d.DB.Clear, v, row.ID)
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

// shown says how a browser gets a file: pictures, sound and video, by their bytes, as themselves; all else, and pictures
// too large to decode, as something to save (S31, S32).
func shown(s seen) (how, mime string) {
	switch s.mime {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		if s.modest() {
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
	if strings.HasPrefix(s.mime, "text/") || strings.Contains(s.mime, "xml") || strings.Contains(s.mime, "script") {
		return "attachment", "application/octet-stream"
	}
	return "attachment", s.mime
}
