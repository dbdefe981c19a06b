package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Attempt is one sign-in attempt.
type Attempt struct {
	Login     string
	Password  string
	Address   string // the client's IP address
	UserAgent string
	Device    string // what the browser keeps since RememberDevice, or ""
}

// Resolve finds the user of a login. found is false for an unknown or archived one.
type Resolve func(ctx context.Context, login string) (userID string, found bool, err error)

// Login checks a password and opens a session. The returned secret goes into the cookie; only its hash is
// stored. It returns ErrWrong for every failed login, always after the same work, and *ThrottledError after
// too many attempts on this browser or, if its user has never signed in with it, for this login or from this network.
func (a *Auth) Login(
	ctx context.Context, try Attempt, resolve Resolve,
) (secret string, who Identity, err error) {
	login := strings.ToLower(strings.TrimSpace(try.Login))
	if !utf8.ValidString(login) || strings.ContainsRune(login, 0) || len(login) > 320 {
		login = "" // matches no user, and is counted and timed like any other login
	}
	userID, found, err := resolve(ctx, login)
	if err != nil {
		return "", who, fmt.Errorf("find user: %w", err)
	}
	if !found {
		userID = ""
	}
	of := onUnknownDevice(login, Network(try.Address))
	if known, err := a.knowsDevice(ctx, userID, try.Device); err != nil {
		return "", who, err
	} else if known {
		of = onKnownDevice(login, try.Device)
	}
	attempt, err := a.reserve(ctx, of)
	if err != nil {
		return "", who, err
	}
	if err := a.CheckPassword(ctx, userID, try.Password); err != nil {
		return "", who, err
	}
	if userID == "" {
		return "", who, ErrWrong
	}
	if err := a.succeed(ctx, attempt); err != nil {
		return "", who, err
	}
	return a.OpenSession(ctx, userID, try.Address, try.UserAgent)
}

// ChangePassword lets signed-in users change their password by proving the old one. All their sessions end;
// the returned one is new. Attempts are limited as on a browser that the user has signed in with.
func (a *Auth) ChangePassword(
	ctx context.Context, userID, old, password string, from Attempt,
) (secret string, who Identity, err error) {
	attempt, err := a.reserve(ctx, onKnownDevice(userID, "change"))
	if err != nil {
		return "", who, err
	}
	if err := a.CheckPassword(ctx, userID, old); err != nil {
		return "", who, err
	}
	if err := errors.Join(a.succeed(ctx, attempt), a.SetPassword(ctx, userID, password, false)); err != nil {
		return "", who, err
	}
	return a.OpenSession(ctx, userID, from.Address, from.UserAgent)
}
