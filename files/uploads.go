package files

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/access"
	"parley/blobs"
	"parley/domain/account"
	"parley/domain/interaction"
	"parley/files/voice"
	"parley/projections"
	"parley/projections/interactions"
	"parley/projections/settings"
	"parley/seal"
)

// idle is how long an upload may stand still (S34).
const idle = 30 * time.Second

// Uploads takes in the files that agents attach, POST ?interactionId=int_<uuid>, and those that admins give to canned
// answers, POST ?for=cannedAnswer: the file as the body, its name in X-File-Name (percent-encoded), X-Voice: true for a
// recording. 201 answers with Uploaded, all else with code, message and details as JSON.
type Uploads struct {
	Pool    *pgxpool.Pool // of ops: writes
	DB      projections.DB
	Store   *blobs.Store
	Keyring *seal.Keyring
	Secrets Secrets
	Viewer  Viewer
	Now     func() time.Time
	Idle    time.Duration // how long an upload may stand still; zero: 30 s
	Log     *slog.Logger
}

// Uploaded is what an upload is answered with.
type Uploaded struct {
	ID       string                  `json:"id"` // fil_<uuid>, for sendMessage
	Kind     interaction.MessageKind `json:"kind"`
	MimeType string                  `json:"mimeType"` // told by the bytes
	FileName string                  `json:"fileName"` // cleaned
	Size     int64                   `json:"size"`     // bytes
}

// ServeHTTP takes one file in.
func (u *Uploads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	done, err := u.upload(w, r)
	if err != nil {
		refuse(w, r, u.Log, err)
		return
	}
	answer(w, http.StatusCreated, done)
}

func (u *Uploads) upload(w http.ResponseWriter, r *http.Request) (Uploaded, error) {
	// Also what is refused unread must not keep the connection for ever.
	if err := (&arriving{control: http.NewResponseController(w), wait: u.patience()}).extend(); err != nil {
		return Uploaded{}, err
	}
	v, err := u.Viewer(r.Context())
	if err != nil {
		return Uploaded{}, err
	}
	id, limit, err := u.allowed(r.Context(), v, r.URL.Query())
	if err != nil {
		return Uploaded{}, err
	}
	if r.ContentLength > limit {
		// Whoever still sends does not look for an answer, so the rest is read, within reason.
		rest := &arriving{from: r.Body, control: http.NewResponseController(w), wait: u.patience()}
		_, _ = io.CopyN(io.Discard, rest, 4*limit)
		return Uploaded{}, interaction.ErrFileTooLarge.With("max", limit)
	}
	recorded := r.Header.Get("X-Voice") == "true"
	content, err := u.content(w, r, limit, recorded)
	if err == nil {
		var kept blobs.Blob
		if kept, err = u.Store.Put(r.Context(), content, limit); err == nil {
			return u.enter(r.Context(), v, id, kept, header(r, "X-File-Name"), recorded)
		}
	}
	return Uploaded{}, why(err, limit)
}

// allowed says how many bytes the viewer may upload for what is asked (R55, R56).
func (u *Uploads) allowed(ctx context.Context, v access.Viewer, asked url.Values) (id string, limit int64, err error) {
	if asked.Get("for") == "cannedAnswer" {
		limit, err = u.allowedCanned(ctx, v)
		return "", limit, err
	}
	if !v.May(access.HandleInteractions) {
		return "", 0, ErrForbidden
	}
	id, ok := localID("int", asked.Get("interactionId"))
	if !ok {
		return "", 0, ErrNotFound
	}
	row, found, err := interactions.ByID(ctx, u.DB.For(v), v, id)
	if err != nil {
		return "", 0, err
	}
	if !found {
		return "", 0, ErrNotFound
	}
	accounts, err := settings.AccountsByID(ctx, u.DB.For(v), []string{row.AccountID})
	if err != nil {
		return "", 0, err
	}
	if len(accounts) == 0 || !accounts[0].Settings.Attachments {
		return "", 0, interaction.ErrNoAttachments
	}
	return id, mostBytes(accounts[0]), nil
}

// mostBytes is how large a file an account takes.
func mostBytes(a settings.Account) int64 {
	if a.Settings.MaxAttachmentBytes == 0 {
		return account.DefaultAttachmentBytes
	}
	return a.Settings.MaxAttachmentBytes
}

// content is the body as it is kept: recordings of browsers are put into the container that WhatsApp plays.
func (u *Uploads) content(w http.ResponseWriter, r *http.Request, limit int64, recorded bool) (io.Reader, error) {
	arriving := &arriving{from: http.MaxBytesReader(w, r.Body, limit), control: http.NewResponseController(w), wait: u.patience()}
	body := bufio.NewReaderSize(arriving, 32<<10)
	start, err := body.Peek(4)
	switch {
	case len(start) == 0 && err == io.EOF:
		return nil, ErrEmpty
	case len(start) == 0:
		return nil, err
	case recorded && voice.Looks(start):
		return voice.NewReader(body), nil
	}
	return body, nil
}

// arriving reads a body that must not stand still.
type arriving struct {
	from    io.Reader
	control *http.ResponseController
	wait    time.Duration
}

func (a *arriving) extend() error {
	if err := a.control.SetReadDeadline(time.Now().Add(a.wait)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("bound upload: %w", err)
	}
	return nil
}

// Read leaves the deadline where a body did not come to its end: the server reads what is left before it answers.
func (a *arriving) Read(p []byte) (int, error) {
	if err := a.extend(); err != nil {
		return 0, err
	}
	n, err := a.from.Read(p)
	if err == io.EOF {
		_ = a.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

func (u *Uploads) patience() time.Duration {
	if u.Idle == 0 {
		return idle
	}
	return u.Idle
}

// why turns what went wrong with a body into a refusal; what is nobody's rule stays as it is.
func why(err error, limit int64) error {
	var over *http.MaxBytesError
	switch {
	case errors.Is(err, blobs.ErrTooLarge), errors.As(err, &over):
		return interaction.ErrFileTooLarge.With("max", limit)
	case errors.Is(err, blobs.ErrFull):
		return ErrFull
	case errors.Is(err, voice.ErrFormat):
		return ErrRecording
	case errors.Is(err, os.ErrDeadlineExceeded):
		return ErrIdle
	case errors.Is(err, io.ErrUnexpectedEOF):
		return context.Canceled // the sender is gone
	}
	return err
}

// header is a header's value, percent-decoded where that is possible.
func header(r *http.Request, name string) string {
	raw := r.Header.Get(name)
	if decoded, err := url.PathUnescape(raw); err == nil {
		return decoded
	}
	return raw
}
