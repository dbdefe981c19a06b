package files_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/account"
	"parley/domain/interaction"
	"parley/domain/policy"
	"parley/domain/user"
	"parley/eventstore"
	"parley/internal/access"
	"parley/internal/blobs"
	"parley/internal/database"
	"parley/internal/files"
	"parley/internal/seal"
	"parley/projections"
	"parley/projections/contacts"
	"parley/projections/engine"
	"parley/projections/interactions"
	"parley/projections/messages"
	"parley/projections/projectionstest"
	"parley/projections/settings"
	"parley/projections/waiting"
)

const (
	session  = "11111111-1111-4111-8111-111111111111" // ada's session
	closed   = "22222222-2222-4222-8222-222222222222" // ada's session on the account without attachments
	incoming = "33333333-3333-4333-8333-333333333333"
	outgoing = "44444444-4444-4444-8444-444444444444"
	limit    = 300_000
)

var (
	noon    = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	ada     = access.NewViewer("ada", user.Settings{Role: user.Agent}, access.Scope{})
	ben     = agentOf("ben", "sales")
	cho     = agentOf("cho", "lab")
	auditor = access.NewViewer("eve", user.Settings{Role: user.Auditor}, access.Scope{})
	boss    = access.NewViewer("amy", user.Settings{Role: user.Admin}, access.Scope{})
	blind   = access.NewViewer("ivy", user.Settings{Role: user.Auditor, Masked: true}, access.Scope{})
)

// agentOf returns an agent of one queue on the account with attachments.
func agentOf(id domain.UserID, queue domain.QueueID) access.Viewer {
	scope := access.Scope{Queues: []domain.QueueID{queue}, Accounts: []domain.AccountID{"shop"}}
	return access.NewViewer(id, user.Settings{Role: user.Agent}, scope)
}

// house is a running server with one file store and one database, and the current viewer.
type house struct {
	t       *testing.T
	url     string
	dir     string
	db      database.DB
	store   *blobs.Store
	uploads *files.Uploads
	drafts  *files.Drafts
	keyring *seal.Keyring
	last    uint64 // position of the last event

	mu     sync.Mutex
	viewer access.Viewer
	refuse error
	now    time.Time
}

func models() []projections.Model {
	return []projections.Model{settings.Model(), contacts.Model(), interactions.Model(), waiting.Model(), messages.Model()}
}

func open(t *testing.T, more ...domain.Event) *house {
	h := &house{t: t, dir: t.TempDir(), viewer: ada, now: noon, last: 1000}
	var err error
	h.store, err = blobs.Disk(h.dir)
	require.NoError(t, err)
	on, off := account.Settings{Name: "Shop", Attachments: true,
		MaxAttachmentBytes: limit, Provider: "meta"},
		account.Settings{Name: "Lab", Provider: "meta"}
	mask := policy.Mask{Mode: policy.MaskFull}
	h.db = projectionstest.Run(t, models(),
		projectionstest.Record("account-shop", account.Created{Settings: on, At: noon}),
		projectionstest.Record("account-lab", account.Created{Settings: off, At: noon}),
		projectionstest.Record("policy-one",
			policy.Created{Settings: policy.Settings{MaskName: mask, MaskPhone: mask, MaskEmail: mask}}),
		projectionstest.Record("interaction-"+session, append([]domain.Event{
			interaction.Opened{AccountID: "shop", AddressID: "a", QueueID: "sales", Number: 1, At: noon},
			interaction.Accepted{By: "ada", At: noon},
		}, more...)...),
		projectionstest.Record("interaction-"+closed,
			interaction.Opened{AccountID: "lab", AddressID: "b", QueueID: "sales", Number: 1, At: noon},
			interaction.Accepted{By: "ada", At: noon},
		),
	)
	h.keyring = seal.NewKeyring(h.db.Clear, seal.MasterKey{1}, 10)
	secrets := seal.NewSecrets(h.db.Clear, seal.MasterKey{1})
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	h.uploads = &files.Uploads{
		Pool: h.db.Clear, DB: h.db, Store: h.store, Keyring: h.keyring, Secrets: secrets,
		Viewer: h.who, Now: h.clock, Log: log, Idle: time.Minute,
		Providers: account.Providers{{Name: "meta", Capabilities: files.WhatsApp}},
	}
	h.drafts = &files.Drafts{Pool: h.db.Clear, Keyring: h.keyring, Now: h.clock, Log: log}
	mux := http.NewServeMux()
	mux.Handle("POST /attachments", h.uploads)
	mux.Handle("GET /files/{id}",
		&files.Download{DB: h.db, Store: h.store, Secrets: secrets, Viewer: h.who, Log: log})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

func (h *house) who(context.Context) (access.Viewer, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.viewer, h.refuse
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// as changes the viewer.
func (h *house) as(v access.Viewer) *house {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.viewer = v
	return h
}

func (h *house) later(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// project applies more events to ada's session.
func (h *house) project(events ...domain.Event) { h.projectOf("interaction-"+session, events...) }

func (h *house) projectOf(stream string, events ...domain.Event) {
	h.t.Helper()
	recorded := projectionstest.InOrder(projectionstest.Record(stream, events...))
	for i := range recorded {
		h.last++
		recorded[i].Position, recorded[i].Revision = eventstore.Position{Commit: h.last,
			Prepare: h.last}, h.last
	}
	require.NoError(h.t, engine.Project(h.t.Context(), h.db.Clear, models(), recorded...))
}

type reply struct {
	Status   int
	ID       string                  `json:"id"`
	Kind     interaction.MessageKind `json:"kind"`
	MimeType string                  `json:"mimeType"`
	FileName string                  `json:"fileName"`
	Size     int64                   `json:"size"`
	Code     string                  `json:"code"`
	Message  string                  `json:"message"`
	Details  map[string]any          `json:"details"`
}

// attach uploads a file to ada's session. headers alternates names and values.
func (h *house) attach(content []byte, headers ...string) reply {
	h.t.Helper()
	return h.post("int_"+session, bytes.NewReader(content), headers...)
}

func (h *house) post(interactionID string, body io.Reader, headers ...string) reply {
	h.t.Helper()
	return h.upload("interactionId="+interactionID, body, headers...)
}

// upload posts a file with the given query.
func (h *house) upload(query string, body io.Reader, headers ...string) reply {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.url+"/attachments?"+query, body)
	require.NoError(h.t, err)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	require.NoError(h.t, err)
	defer resp.Body.Close()
	r := reply{Status: resp.StatusCode}
	require.NoError(h.t, json.NewDecoder(resp.Body).Decode(&r))
	return r
}

// get fetches a message's file.
func (h *house) get(message string, headers ...string) (*http.Response, []byte) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.url+"/files/"+message, nil)
	require.NoError(h.t, err)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	require.NoError(h.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(h.t, err)
	return resp, body
}

// kept returns the files on disk, complete or half-written.
func (h *house) kept() (found []string) {
	h.t.Helper()
	require.NoError(h.t, filepath.WalkDir(h.dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			found = append(found, p)
		}
		return err
	}))
	return found
}

func (h *house) count(sql string) (n int) {
	h.t.Helper()
	require.NoError(h.t, h.db.Clear.QueryRow(h.t.Context(), sql).Scan(&n))
	return n
}
