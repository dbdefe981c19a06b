package engine

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"parley/eventstore"
	"parley/internal/database"
)

var (
	// errFenced reports that another process has written or a new epoch has begun: reload the state.
	errFenced = errors.New("the read models changed in another process")
	// errReset reports that the read models were dropped.
	errReset = errors.New("the read models were reset")
	// errReload makes the leader reload which read models are running.
	errReload = errors.New("the set of running read models changed")
)

// transient reports whether a retry may succeed: the error concerns the connection, the server or other
// transactions, and not the event.
func transient(ctx context.Context, conn *pgx.Conn, err error) bool {
	var panicked *panicError
	var unreadable *unreadableError
	if errors.As(err, &panicked) || errors.As(err, &unreadable) {
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

// fenced returns errFenced if the database rejected the write because of a stale epoch or position.
func fenced(err error) error {
	if database.Code(err) == "PY001" {
		return errFenced
	}
	return err
}

// describe returns an error as text safe to log, without customers' data.
func describe(err error) string {
	var panicked *panicError
	var unreadable *unreadableError
	var stopped *eventError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &stopped):
		return stopped.Error()
	case errors.As(err, &unreadable):
		return unreadable.Error()
	case errors.As(err, &panicked):
		return panicked.Error()
	}
	for _, known := range []error{
		context.DeadlineExceeded, context.Canceled, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed,
		errFenced, errReload, errReset, errAhead, errHalted, errHandover, ErrOtherLog,
		eventstore.ErrClosed, eventstore.ErrUnavailable,
	} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return database.Describe(err)
}
