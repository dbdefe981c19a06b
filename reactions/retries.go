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

const maxRetryDelay = time.Minute

// retries keeps failing rows from holding up the others, such as a row of an erased person or of a stream with an
// unknown event. It delays each such row, longer after every failure.
type retries struct {
	Config
	reaction string

	mu   sync.Mutex
	rows map[string]retry
}

type retry struct {
	tries int
	until time.Time
}

func newRetries(c Config, reaction string) *retries {
	return &retries{Config: c, reaction: reaction, rows: make(map[string]retry)}
}

// until returns when a row may be retried, or the zero time if it is not delayed.
func (r *retries) until(row string) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rows[row].until
}

// delayed reports whether a row must not be tried now.
func (r *retries) delayed(row string) bool { return r.until(row).After(r.Now()) }

// record records whether a row succeeded. It returns the error of an outage. For any other failure it delays
// the row, logs the first time, and returns nil.
func (r *retries) record(row string, err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		delete(r.rows, row)
		return nil
	}
	if outage(err) {
		return err
	}
	now := r.Now()
	for other, s := range r.rows {
		if now.Sub(s.until) > 10*maxRetryDelay { // no longer in the queue
			delete(r.rows, other)
		}
	}
	s := r.rows[row]
	if s.tries == 0 {
		r.Log.Error("a row failed and is set aside", "reaction", r.reaction, "row", row, "error",
			describe(err))
	}
	s.until = now.Add(min(time.Second<<min(s.tries, 6), maxRetryDelay))
	s.tries++
	r.rows[row] = s
	r.Count("set aside: " + r.reaction)
	return nil
}

// outage reports whether an error comes from the event store, the database or shutdown rather than from the row.
func outage(err error) bool {
	var refusal *domain.Refusal
	var pg *pgconn.PgError
	var network net.Error
	switch {
	case errors.As(err, &refusal):
		return refusal.Kind == domain.Unavailable
	case errors.As(err, &pg):
		return !strings.HasPrefix(pg.Code, "22") && !strings.HasPrefix(pg.Code, "23") // bad values
	case errors.As(err, &network), pgconn.SafeToRetry(err):
		return true
	}
	for _, known := range []error{eventstore.ErrClosed, context.Canceled, context.DeadlineExceeded, io.EOF,
		io.ErrUnexpectedEOF, net.ErrClosed} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}
