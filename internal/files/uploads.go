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

	"parley/domain/account"
	"parley/domain/interaction"
	"parley/internal/access"
	"parley/internal/blobs"
	"parley/internal/database"
	"parley/internal/files/voice"
	"parley/internal/seal"
	"parley/projections/interactions"
	"parley/projections/settings"
)

// idle is how long an upload may stall by default.
const idle = 30 * time.Second

// Uploads receives files: POST ?interactionId=int_<uuid> from agents, and POST ?for=cannedAnswer from admins.
// The body is the file; X-File-Name is its percent-encoded name, and X-Voice: true marks a recording. It
// answers 201 with Uploaded, or an error with code, message and details as JSON.
type Uploads struct {
	Pool      *pgxpool.Pool // of ops
	DB        database.DB
	Store     *blobs.Store
	Keyring   *seal.Keyring
	Secrets   Secrets
	Viewer    Viewer
	Providers account.Providers
	Now       func() time.Time
	Idle      time.Duration // how long an upload may stall; zero means 30 s
	Log       *slog.Logger
}

// Uploaded is the answer to an upload.
type Uploaded struct {
	ID       string                  `json:"id"` // fil_<uuid>, for sendMessage
	Kind     interaction.MessageKind `json:"kind"`
	MimeType string                  `json:"mimeType"` // detected from the content
	FileName string                  `json:"fileName"` // cleaned
	Size     int64                   `json:"size"`     // bytes
}

// ServeHTTP receives one file.
func (u *Uploads) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	done, err := u.upload(w, r)
	if err != nil {
		refuse(w, r, u.Log, err)
		return
	}
	answer(w, http.StatusCreated, done)
}

func (u *Uploads) upload(w http.ResponseWriter, r *http.Request) (Uploaded, error) {
	// A request that is refused unread must not hold the connection forever either.
	if err := (&stallReader{control: http.NewResponseController(w), wait: u.stallLimit()}).extend(); err != nil {
		return Uploaded{}, err
	}
	v, err := u.Viewer(r.Context())
	if err != nil {
		return Uploaded{}, err
	}
	id, limits, err := u.allowed(r.Context(), v, r.URL.Query())
	if err != nil {
		return Uploaded{}, err
	}
	limit := limits.bytes
	if r.ContentLength > limit {
		// A client that is still sending does not read the answer, so read on, within reason.
		rest := &stallReader{from: r.Body, control: http.NewResponseController(w), wait: u.stallLimit()}
		_, _ = io.CopyN(io.Discard, rest, 4*limit)
		return Uploaded{}, interaction.ErrFileTooLarge.With("max", limit)
	}
	recorded := r.Header.Get("X-Voice") == "true"
	content, err := u.content(w, r, limit, recorded)
	if err == nil {
		var stored blobs.Blob
		if stored, err = u.Store.Put(r.Context(), content, limit); err == nil {
			return u.register(r.Context(), v, id, stored, arrival{name: header(r, "X-File-Name"), recorded: recorded, limits: limits})
		}
	}
	return Uploaded{}, refusalOf(err, limit)
}

// allowed returns the limits for the viewer and the requested upload.
func (u *Uploads) allowed(
	ctx context.Context, v access.Viewer, query url.Values,
) (id string, l limits, err error) {
	if query.Get("for") == "cannedAnswer" {
		l, err = u.allowedCanned(ctx, v)
		return "", l, err
	}
	if !v.May(access.HandleInteractions) {
		return "", limits{}, ErrForbidden
	}
	id, ok := localID("int", query.Get("interactionId"))
	if !ok {
		return "", limits{}, ErrNotFound
	}
	row, found, err := interactions.ByID(ctx, u.DB.For(v), v, id)
	if err != nil {
		return "", limits{}, err
	}
	if !found {
		return "", limits{}, ErrNotFound
	}
	accounts, err := settings.AccountsByID(ctx, u.DB.For(v), []string{row.AccountID})
	if err != nil {
		return "", limits{}, err
	}
	if len(accounts) == 0 || !accounts[0].Settings.Attachments {
		return "", limits{}, interaction.ErrNoAttachments
	}
	return id, u.limits(accounts...), nil
}

// content returns the body as it will be stored. Browser recordings are repacked into the container that
// WhatsApp plays.
func (u *Uploads) content(
	w http.ResponseWriter, r *http.Request, limit int64, recorded bool,
) (io.Reader, error) {
	arriving := &stallReader{
		from: http.MaxBytesReader(w, r.Body, limit), control: http.NewResponseController(w), wait: u.stallLimit(),
	}
	body := bufio.NewReaderSize(arriving, 32<<10)
	start, err := body.Peek(4)
	switch {
	case len(start) == 0 && err == io.EOF:
		return nil, ErrEmpty
	case len(start) == 0:
		return nil, err
	case recorded && voice.IsWebM(start):
		return voice.NewReader(body), nil
	}
	return body, nil
}

// stallReader reads a body and fails if it stalls for longer than wait.
type stallReader struct {
	from    io.Reader
	control *http.ResponseController
	wait    time.Duration
}

func (s *stallReader) extend() error {
	if err := s.control.SetReadDeadline(time.Now().Add(s.wait)); err != nil &&
		!errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("set upload deadline: %w", err)
	}
	return nil
}

// Read extends the deadline before each read and removes it at the end of the body. A body that was not read
// to its end keeps its deadline, because the server reads the rest before it answers.
func (s *stallReader) Read(p []byte) (int, error) {
	if err := s.extend(); err != nil {
		return 0, err
	}
	n, err := s.from.Read(p)
	if err == io.EOF {
		_ = s.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

func (u *Uploads) stallLimit() time.Duration {
	if u.Idle == 0 {
		return idle
	}
	return u.Idle
}

// refusalOf turns an error of reading or storing a body into a refusal. Faults are returned unchanged.
func refusalOf(err error, limit int64) error {
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

// header returns a header's value, percent-decoded if possible.
func header(r *http.Request, name string) string {
	raw := r.Header.Get(name)
	if decoded, err := url.PathUnescape(raw); err == nil {
		return decoded
	}
	return raw
}
