package projections

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"parley/eventstore"
)

var (
	// errFenced says somebody else has written, or who runs in step has changed: look again where the read models are.
	errFenced = errors.New("the read models are not where they were")
	// errReset says the read models were thrown away.
	errReset = errors.New("the read models were reset")
	// errReload asks the leader to do so.
	errReload = errors.New("who runs in step has changed")
)

// blockedError says an event stands in the way of all read models.
type blockedError struct {
	code string
	at   eventstore.Position
}

func (e *blockedError) Error() string { return fmt.Sprintf("%s at %s", e.code, e.at) }

// unknownEvent is the index of the first event this program cannot read and nobody skipped, or -1.
func unknownEvent(events []eventstore.Recorded, s skips, name string) int {
	for i, e := range events {
		if _, unknown := e.Event.(eventstore.Unknown); unknown && !s.has(name, e.Position.Commit) {
			return i
		}
	}
	return -1
}

// transient says whether the same may well succeed later: the error is about the connection, the server's state or other
// transactions, not about the event.
func transient(ctx context.Context, conn *pgx.Conn, err error) bool {
	var fold *foldError
	if errors.As(err, &fold) {
		return false
	}
	if ctx.Err() != nil || conn.IsClosed() || errors.Is(err, errFenced) {
		return true
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return false // pgx could not encode or scan a value
	}
	if len(pg.Code) < 2 {
		return true
	}
	switch pg.Code[:2] {
	case "21", "22", "23", "42", "0A", "54":
		return false // about the data or the statement
	}
	return true
}

// Away says whether an error is about reaching the database, or about its state, and not about what it was asked: the same may
// well succeed in a moment.
func Away(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return len(pg.Code) < 2 || slices.Contains([]string{"08", "40", "53", "55", "57", "58"}, pg.Code[:2])
	}
	var connecting *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connecting) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// fenced recognises the fence of Postgres.
func fenced(err error) error {
	if sqlState(err) == "PY001" {
		return errFenced
	}
	return err
}

// describe says what went wrong with codes and names of ours only: a driver's text may quote what somebody wrote.
func describe(err error) string {
	var pg *pgconn.PgError
	var fold *foldError
	var blocked *blockedError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &pg):
		text := "SQLSTATE " + pg.Code
		for _, name := range []string{pg.TableName, pg.ColumnName, pg.ConstraintName} {
			if name != "" {
				text += " " + name
			}
		}
		return text
	case errors.As(err, &fold):
		return fold.Error()
	case errors.As(err, &blocked):
		return blocked.Error()
	}
	for _, known := range []error{
		context.DeadlineExceeded, context.Canceled, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, errFenced, errReload, errReset, errAhead,
		eventstore.ErrClosed, eventstore.ErrUnavailable,
	} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return "no connection to the database"
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return fmt.Sprintf("%T", err)
		}
		err = inner
	}
}
