package graphql

import (
	"context"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"parley/domain"
)

// ErrTooManyAtOnce refuses work of a user who already has a great deal in progress.
var ErrTooManyAtOnce = &domain.Refusal{
	Kind: domain.Unavailable, Code: "TOO_MANY_AT_ONCE", Message: "Too many requests at once. Try again in a moment.",
}

// patience is how long work waits for its turn.
const patience = 10 * time.Second

// AtOnce limits how much of one kind of work is done at the same time. What exceeds the limit waits for its turn, each
// user's in a line of its own.
type AtOnce struct {
	each    int           // of one user
	waiting int           // in one user's line; more is refused at once
	all     chan struct{} // of all users; nil: any number
	rest    int           // the pause after a user's work, as a multiple of the time it took; 0: none

	mu    sync.Mutex
	lines map[domain.UserID]*line
}

type line struct {
	slots  chan struct{}
	inside int
}

// NewAtOnce allows each user so many at once, and so many more that wait. all users together have that many in
// progress; 0 means any number.
func NewAtOnce(each, waiting, all int) *AtOnce {
	l := &AtOnce{each: each, waiting: waiting, lines: make(map[domain.UserID]*line)}
	if all > 0 {
		l.all = make(chan struct{}, all)
	}
	return l
}

// Resting makes a user's next work wait for so many times as long as the last one took, a second at most. A user who never
// stops thus leaves most of the processor to others, and everyone else notices nothing.
func (l *AtOnce) Resting(times int) *AtOnce {
	l.rest = times
	return l
}

// enter waits for the user's turn. Call leave when the work is done. It returns ErrTooManyAtOnce if too much is waiting
// already or for too long, and ctx's error if the client has left.
func (l *AtOnce) enter(ctx context.Context, user domain.UserID) (leave func(), err error) {
	own, ok := l.join(user)
	if !ok {
		return nil, ErrTooManyAtOnce
	}
	turn := time.NewTimer(patience)
	defer turn.Stop()
	select {
	case own.slots <- struct{}{}:
	case <-turn.C:
		l.part(user, own)
		return nil, ErrTooManyAtOnce
	case <-ctx.Done():
		l.part(user, own)
		return nil, ctx.Err()
	}
	began := time.Now()
	out := func() {
		leave := func() { <-own.slots; l.part(user, own) }
		if rest := min(time.Since(began)*time.Duration(l.rest), time.Second); rest > 0 {
			time.AfterFunc(rest, leave)
			return
		}
		leave()
	}
	if l.all == nil {
		return sync.OnceFunc(out), nil
	}
	select {
	case l.all <- struct{}{}:
		began = time.Now()
		return sync.OnceFunc(func() { <-l.all; out() }), nil
	case <-turn.C:
		out()
		return nil, ErrTooManyAtOnce
	case <-ctx.Done():
		out()
		return nil, ctx.Err()
	}
}

func (l *AtOnce) join(user domain.UserID) (*line, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	own := l.lines[user]
	if own == nil {
		own = &line{slots: make(chan struct{}, l.each)}
		l.lines[user] = own
	}
	if own.inside >= l.each+l.waiting {
		return nil, false
	}
	own.inside++
	return own, true
}

func (l *AtOnce) part(user domain.UserID, own *line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if own.inside--; own.inside == 0 {
		delete(l.lines, user)
	}
}

// takeTurns lets each user have a limited number of queries and mutations in progress. Subscriptions are limited by
// the socket.
func (r *Resolver) takeTurns(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	id, known := identity(ctx)
	if !known || graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
		return next(ctx)
	}
	leave, err := r.Requests.enter(ctx, id.User)
	if err != nil {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{present(r.Log)(ctx, err)}})
	}
	respond := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		defer leave()
		return respond(ctx)
	}
}
