package reactions

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/domain"
	"parley/eventstore"
)

const longestAside = time.Minute // between two tries of a row that cannot be worked on

// aside keeps rows that cannot be worked on from holding up the others, such as one whose stream has an event this version
// does not know, or whose person was erased. They are tried again, ever more seldom.
type aside struct {
	Config
	reaction string

	mu   sync.Mutex
	rows map[string]setAside
}

type setAside struct {
	tries int
	until time.Time
}

func newAside(c Config, reaction string) *aside {
	return &aside{Config: c, reaction: reaction, rows: make(map[string]setAside)}
}

// until is from when on a row may be tried again; long ago for one that is not set aside.
func (a *aside) until(row string) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.rows[row].until
}

// holds says whether a row is set aside just now.
func (a *aside) holds(row string) bool { return a.until(row).After(a.Now()) }

// tried takes how the work on a row ended, which no rule refused. What is the row's own fault sets it aside, is logged the first
// time, and is no error for the others; an outage is.
func (a *aside) tried(row string, err error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err == nil {
		delete(a.rows, row)
		return nil
	}
	if outage(err) {
		return err
	}
	now := a.Now()
	for other, s := range a.rows {
		if now.Sub(s.until) > 10*longestAside { // it is not in the list any more
			delete(a.rows, other)
		}
	}
	s := a.rows[row]
	if s.tries == 0 {
		a.Log.Error("a row cannot be worked on and is set aside", "reaction", a.reaction, "row", row, "error", describe(err))
	}
	s.until = now.Add(min(time.Second<<min(s.tries, 6), longestAside))
	s.tries++
	a.rows[row] = s
	a.Count("set aside: " + a.reaction)
	return nil
}

// outage says that an error is about the event store, the database or the end of the process, not about what was worked on.
func outage(err error) bool {
	var refusal *domain.Refusal
	var pg *pgconn.PgError
	var network net.Error
	switch {
	case errors.As(err, &refusal):
		return refusal.Kind == domain.Unavailable
	case errors.As(err, &pg):
		return !strings.HasPrefix(pg.Code, "22") && !strings.HasPrefix(pg.Code, "23") // values that do not fit
	case errors.As(err, &network), pgconn.SafeToRetry(err):
		return true
	}
	for _, known := range []error{eventstore.ErrClosed, context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}
