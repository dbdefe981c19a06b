package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Attempt is one try to sign in.
type Attempt struct {
	Login     string
	Password  string
	Address   string // the client's IP address
	UserAgent string
}

// Resolve finds the user a login belongs to; found is false for an unknown or archived one.
type Resolve func(ctx context.Context, login string) (userID string, found bool, err error)

// Login checks a password and opens a session. The secret goes into the cookie and is kept nowhere. ErrWrong whatever
// does not fit, after the same time; *ThrottledError after too many attempts for this login or from this address.
func (a *Auth) Login(ctx context.Context, try Attempt, resolve Resolve) (secret string, who Identity, err error) {
	login := strings.ToLower(strings.TrimSpace(try.Login))
	if !utf8.ValidString(login) || strings.ContainsRune(login, 0) || len(login) > 320 {
		login = "" // nobody's; counted and timed like any other
	}
	userID, found, err := resolve(ctx, login)
	if err != nil {
		return "", who, fmt.Errorf("find user: %w", err)
	}
	if !found {
		userID = ""
	}
	account := login
	if known, err := a.knows(ctx, userID, try.Address); err != nil {
		return "", who, err
	} else if known {
		account += "\x00" + network(try.Address) // a stranger's guesses do not lock the owner out where he usually is
	}
	attempt, err := a.reserve(ctx, account, throttled(try.Address))
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

// ChangePassword lets a signed-in user set his own, proving the old one. All his sessions end; the one returned is new.
// Attempts count as they do for Login.
func (a *Auth) ChangePassword(ctx context.Context, userID, old, password string, from Attempt) (secret string, who Identity, err error) {
	attempt, err := a.reserve(ctx, "change\x00"+userID, throttled(from.Address))
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
