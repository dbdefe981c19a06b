package graphql

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"parley/domain"
	"parley/domain/user"
	"parley/internal/access"
	"parley/internal/database"
	"parley/internal/live"
	"parley/projections"
	"parley/projections/settings"
)

const (
	viewersFresh = 2 * time.Second // how long permissions are cached unless a change is announced
	viewersRead  = 5 * time.Second // how long reading them may take
)

// Viewers returns what a user may see and do at the moment. It caches permissions briefly.
type Viewers struct {
	db database.DB

	mu      sync.Mutex
	known   map[domain.UserID]knownViewer
	changes uint64 // counts announced changes of permissions
	reading singleflight.Group
}

type knownViewer struct {
	viewer   access.Viewer
	disabled bool
	at       time.Time
}

// NewViewers returns the cache of one process. Run keeps it current.
func NewViewers(db database.DB) *Viewers {
	return &Viewers{db: db, known: make(map[domain.UserID]knownViewer)}
}

// Viewer returns an identity's current permissions. A disabled user, or a session or token that has ended, is
// ErrUnauthenticated.
func (v *Viewers) Viewer(ctx context.Context, id Identity) (access.Viewer, error) {
	if id.StillValid != nil {
		if err := id.StillValid(ctx); err != nil {
			return access.Viewer{}, ErrUnauthenticated
		}
	}
	k, err := v.user(ctx, id.User)
	if err != nil {
		return access.Viewer{}, err
	}
	if k.disabled {
		return access.Viewer{}, ErrUnauthenticated
	}
	return limitTo(k.viewer, id), nil
}

// OfRequest returns the viewer of a request that carries an Identity, for handlers outside the API.
func (v *Viewers) OfRequest(ctx context.Context) (access.Viewer, error) {
	id, ok := identity(ctx)
	if !ok {
		return access.Viewer{}, ErrUnauthenticated
	}
	return v.Viewer(ctx, id)
}

// Enabled reports whether a user may sign in.
func (v *Viewers) Enabled(ctx context.Context, user string) (bool, error) {
	_, err := v.Viewer(ctx, Identity{User: domain.UserID(user)})
	if errors.Is(err, ErrUnauthenticated) {
		return false, nil
	}
	return err == nil, err
}

// limitTo reduces a token's permissions to those of its role and those it was made with.
func limitTo(v access.Viewer, id Identity) access.Viewer {
	if id.Role == "" {
		return v
	}
	v.Permissions = slices.DeleteFunc(slices.Clone(v.Permissions), func(p access.Permission) bool {
		return p != access.AnyoneSignedIn && !slices.Contains(id.Permissions, string(p))
	})
	if id.Role != v.Role {
		narrow := access.NewViewer(v.User, user.Settings{Role: id.Role, Masked: v.Masked}, access.Scope{})
		v.Permissions = slices.DeleteFunc(v.Permissions, func(p access.Permission) bool { return !narrow.May(p) })
		v.Everything = v.Everything && narrow.Everything
	}
	return v
}

func (v *Viewers) user(ctx context.Context, id domain.UserID) (knownViewer, error) {
	v.mu.Lock()
	k, ok := v.known[id]
	changes := v.changes
	v.mu.Unlock()
	if ok && time.Since(k.at) < viewersFresh {
		return k, nil
	}
	// All desktops of one user share a read, but never one that began before a change was announced.
	read, err, _ := v.reading.Do(strconv.FormatUint(changes, 10)+" "+string(id), func() (any, error) {
		return v.read(context.WithoutCancel(ctx), id, changes)
	})
	if err != nil {
		return knownViewer{}, err
	}
	return read.(knownViewer), nil
}

func (v *Viewers) read(ctx context.Context, id domain.UserID, changes uint64) (knownViewer, error) {
	ctx, cancel := context.WithTimeout(ctx, viewersRead)
	defer cancel()
	at := time.Now()
	viewer, disabled, err := settings.Viewer(ctx, v.db.Access, string(id))
	if errors.Is(err, settings.ErrNoUser) {
		viewer, disabled, err = access.Viewer{}, true, nil
	}
	if err != nil {
		return knownViewer{}, err
	}
	k := knownViewer{viewer: viewer, disabled: disabled, at: at}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.changes == changes {
		v.known[id] = k
	}
	return k, nil
}

// Forget drops a user's cached permissions. Call it when a change is announced.
func (v *Viewers) Forget(id domain.UserID) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.known, id)
	v.changes++
}

// Run drops all cached permissions whenever a change is announced, until ctx ends.
func (v *Viewers) Run(ctx context.Context, hub *live.Hub) error {
	for ctx.Err() == nil {
		sub, err := hub.Subscribe(ctx, "", live.Interest{Kinds: []projections.ChangeKind{projections.AccessChanged}})
		if err != nil {
			return nil // the hub has ended
		}
		for {
			if _, err := sub.Next(ctx); err != nil {
				break
			}
			v.mu.Lock()
			clear(v.known)
			v.changes++
			v.mu.Unlock()
		}
	}
	return nil
}
