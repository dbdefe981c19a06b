package main

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"parley/access"
	"parley/auth"
	"parley/domain"
	"parley/domain/user"
	"parley/graphql"
	"parley/live"
	"parley/projections"
	"parley/projections/settings"
)

const (
	viewersFresh = 2 * time.Second // rights may be remembered; a hint that they changed forgets them at once
	viewersRead  = 5 * time.Second // a read may take
)

// viewers remembers for a moment who may what.
type viewers struct {
	db   projections.DB
	auth *auth.Auth

	mu      sync.Mutex
	known   map[domain.UserID]knownViewer
	changes uint64 // of rights, as far as they were announced
	reading singleflight.Group
}

type knownViewer struct {
	viewer   access.Viewer
	disabled bool
	at       time.Time
}

func newViewers(db projections.DB, a *auth.Auth) *viewers {
	return &viewers{db: db, auth: a, known: make(map[domain.UserID]knownViewer)}
}

// Viewer is who an identity is, with the rights he has now.
func (v *viewers) Viewer(ctx context.Context, id graphql.Identity) (access.Viewer, error) {
	if id.StillGood != nil {
		if err := id.StillGood(ctx); err != nil {
			return access.Viewer{}, graphql.ErrUnauthenticated
		}
	}
	k, err := v.user(ctx, id.User)
	if err != nil {
		return access.Viewer{}, err
	}
	if k.disabled {
		return access.Viewer{}, graphql.ErrUnauthenticated
	}
	return limitTo(k.viewer, id.Role), nil
}

// limitTo cuts a token's rights to its role's.
func limitTo(v access.Viewer, role user.Role) access.Viewer {
	if role == "" || role == v.Role {
		return v
	}
	narrow := access.NewViewer(v.User, user.Settings{Role: role, Masked: v.Masked}, access.Scope{})
	v.Permissions = slices.DeleteFunc(slices.Clone(v.Permissions), func(p access.Permission) bool { return !narrow.May(p) })
	v.Everything = v.Everything && narrow.Everything
	return v
}

func (v *viewers) user(ctx context.Context, id domain.UserID) (knownViewer, error) {
	v.mu.Lock()
	k, ok := v.known[id]
	changes := v.changes
	v.mu.Unlock()
	if ok && time.Since(k.at) < viewersFresh {
		return k, nil
	}
	// Of the many desktops of one user one reads. Who asks after a change was announced does not join a read that began before.
	read, err, _ := v.reading.Do(strconv.FormatUint(changes, 10)+" "+string(id), func() (any, error) {
		return v.read(context.WithoutCancel(ctx), id, changes)
	})
	if err != nil {
		return knownViewer{}, err
	}
	return read.(knownViewer), nil
}

func (v *viewers) read(ctx context.Context, id domain.UserID, changes uint64) (knownViewer, error) {
	ctx, cancel := context.WithTimeout(ctx, viewersRead)
	defer cancel()
	at := time.Now()
	viewer, disabled, err := settings.Viewer(ctx, v.db.Clear, string(id))
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

// Forget has a user's rights read anew: a change of them was announced to whoever calls.
func (v *viewers) Forget(id domain.UserID) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.known, id)
	v.changes++
}

// Run forgets rights as soon as a change of them is announced.
func (v *viewers) Run(ctx context.Context, hub *live.Hub) error {
	for ctx.Err() == nil {
		sub, err := hub.Subscribe(ctx, "", live.Interest{Kinds: []string{"access"}})
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
