// Package graphql is the API of the desktop: thin resolvers over commands and read models.
package graphql

import (
	"context"
	"log/slog"
	"time"

	"parley/access"
	"parley/commands"
	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/user"
	"parley/eventstore"
	"parley/live"
	"parley/projections"
)

// Viewers works out who is looking, with the rights he has at this moment. A user who was disabled, or a session or token
// that has ended, is ErrUnauthenticated.
type Viewers interface {
	Viewer(ctx context.Context, id Identity) (access.Viewer, error)
	// Forget has the rights of a user read anew by the next call of Viewer.
	Forget(user domain.UserID)
}

// Secrets keeps credentials out of events: the value goes in, its last four characters come back.
type Secrets interface {
	Put(ctx context.Context, name, value string) (last4 string, err error)
}

// Credentials sets passwords and makes tokens.
type Credentials interface {
	CheckNewPassword(password string) error
	SetPassword(ctx context.Context, user, password string, mustChange bool) error
	// EndSessions signs a user out everywhere.
	EndSessions(ctx context.Context, user string) error
	// CreateToken makes one whose rights end at a role, whatever the user becomes.
	CreateToken(ctx context.Context, id, name string, role user.Role, expires *time.Time) (token string, err error)
}

// Cursors seals what a cursor says.
type Cursors interface {
	Seal(plain []byte) string
	Open(cursor string) ([]byte, error)
}

// Drafts keeps what agents are writing.
type Drafts interface {
	// Drafts are by interaction; where there is none it is left out.
	Drafts(ctx context.Context, user string, interactions []string) (map[string]string, error)
	SaveDraft(ctx context.Context, user, interaction, text string) error
}

// Attachment is a file that was uploaded and may be sent.
type Attachment struct {
	Kind  interaction.MessageKind
	Media interaction.Media
}

// Uploads finds a file that this user uploaded.
type Uploads interface {
	// Find is one to be sent.
	Find(ctx context.Context, user, id string) (Attachment, error)
	// Keep is one to stay with a canned answer.
	Keep(ctx context.Context, user, id string) (interaction.Media, error)
}

// Limiter bounds how often one user does something.
type Limiter interface {
	Allow(user string) bool
}

// Heartbeats says that a user's desktop is open until the returned function is called.
type Heartbeats interface {
	Open(user string) (done func())
}

// Resolver holds what resolvers need. It has no state of its own.
type Resolver struct {
	Commands    *commands.Commands
	DB          projections.DB
	Store       *eventstore.Store
	Listener    *projections.Listener
	Hub         *live.Hub
	Shared      *Shared
	Viewers     Viewers
	Secrets     Secrets
	Credentials Credentials
	Cursors     Cursors
	Drafts      Drafts
	Uploads     Uploads
	Searches    Limiter // of masked viewers
	Heartbeats  Heartbeats
	Digest      func(content string) string // keyed
	// Phone reads a number as a person wrote it, in the country of a dial prefix such as 39 unless it names another: its digits.
	Phone func(typed, dialPrefix string) (digits string, ok bool)
	Now   func() time.Time
	Log   *slog.Logger
}

// caughtUp waits until the read models show a command's events; a slow projector does not fail an accepted command.
func (r *Resolver) caughtUp(ctx context.Context, at eventstore.Position, models ...string) {
	r.Listener.Await(ctx, at, models...)
}

// commandTime is how long a command may take before the store counts as away.
const commandTime = 5 * time.Second
