package graphql

import (
	"context"
	"unicode/utf8"

	"parley/domain"
	"parley/domain/audit"
	"parley/internal/access"
)

const maxSearch = 200 // characters; the database's work grows faster than the number of words

// ErrSearchTooLong refuses a search of more than maxSearch characters.
var ErrSearchTooLong = &domain.Refusal{
	Kind: domain.Invalid, Code: "SEARCH_TOO_LONG",
	Message: "This search is too long. Type a name, a number or a few words.",
}

// ErrSearchLimit stops a masked viewer from guessing values by searching for them.
var ErrSearchLimit = &domain.Refusal{
	Kind: domain.Unavailable, Code: "RATE_LIMITED", Message: "Too many searches. Wait a minute.",
}

// admitSearch refuses searches that are too long. It limits and records those of a masked viewer, because a hit
// confirms the whole value they typed.
//
// A search takes a whole core for a while. So each user has one in progress and rests after it; done must be called at
// its end.
func (r *Resolver) admitSearch(ctx context.Context, v access.Viewer, search string) (done func(), err error) {
	if search == "" {
		return func() {}, nil
	}
	if err := r.maySearch(ctx, v, search); err != nil {
		return nil, err
	}
	return r.Searching.Enter(ctx, v.User)
}

func (r *Resolver) maySearch(ctx context.Context, v access.Viewer, search string) error {
	if n := utf8.RuneCountInString(search); n > maxSearch {
		return ErrSearchTooLong.With("max", maxSearch).With("length", n)
	}
	if !v.Masked {
		return nil
	}
	if !r.Searches.Allow(string(v.User)) {
		return ErrSearchLimit
	}
	return r.Commands.RecordRevealed(ctx, audit.Revealed{
		By: v.User, Field: "search", Kind: "contact", Reason: "WHOLE_VALUE_SEARCH",
	})
}
