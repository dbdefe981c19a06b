// Package graphql serves the API of the desktop with thin resolvers over commands and read models.
package graphql

import (
	"context"
	"log/slog"
	"time"

	"parley/commands"
	"parley/domain/account"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/internal/auth"
	"parley/internal/database"
	"parley/internal/live"
	"parley/internal/turns"
	"parley/projections/engine"
)

// Cursors seals and opens the content of cursors.
type Cursors interface {
	Seal(plain []byte) string
	Open(cursor string) ([]byte, error)
}

// Drafts stores what users have written and neither sent nor saved.
type Drafts interface {
	// Drafts returns a user's drafts by subject (an interaction or a contact) and part.
	Drafts(ctx context.Context, user string, subjects []string) (map[string]map[string]string, error)
	// SaveDraft replaces a part. An empty text deletes it.
	SaveDraft(ctx context.Context, user, subject, part, text string) error
}

// Uploads finds files that a user uploaded.
type Uploads interface {
	// Find returns a file to send.
	Find(ctx context.Context, user, id string) (interaction.MessageKind, interaction.Media, error)
	// Keep returns a file for a canned answer, and keeps it from expiring.
	Keep(ctx context.Context, user, id string) (interaction.Media, error)
}

// Heartbeats records that a user's desktop is open.
type Heartbeats interface {
	// Open counts a desktop as open until done is called.
	Open(user string) (done func())
}

// Resolver holds the dependencies of the resolvers. It has no state of its own.
type Resolver struct {
	Commands   *commands.Commands
	DB         database.DB
	Store      *eventstore.Store
	Listener   *engine.Listener
	Hub        *live.Hub
	Shared     *Shared
	Viewers    *Viewers
	Providers  account.Providers
	Auth       *auth.Auth
	Cursors    Cursors
	Drafts     Drafts
	Uploads    Uploads
	Searches   RateLimit    // for masked viewers
	Requests   *turns.Turns // queries and mutations of a user
	Searching  *turns.Turns // lists with a search
	Heartbeats Heartbeats
	Sockets    *Sockets
	Digest     func(content string) string // keyed
	// WebhookPaths returns the paths of this server that a provider calls for an account.
	WebhookPaths func(provider, accountID string) []string
	// Behind reports whether screens miss something, and for how long already: 0 if that is not known.
	Behind func() (age time.Duration, stale bool)
	Now    func() time.Time
	Log    *slog.Logger
}
