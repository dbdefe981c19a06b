package eventstore

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"parley/domain"
)

// ErrWrongRevision says the stream has moved on: read it again and decide on what is true now.
var ErrWrongRevision = errors.New("eventstore: the stream is at another revision")

// ErrTooLarge says an append is above MaxAppend bytes. Nothing was written.
var ErrTooLarge = errors.New("eventstore: the append is too large")

// ErrClosed says the Store was closed.
var ErrClosed = errors.New("eventstore: closed")

// ErrUnavailable says the event store did not answer in the caller's time. An append may have been written all the
// same: repeat it with the same command id.
var ErrUnavailable = &domain.Refusal{
	Kind: domain.Unavailable, Code: "UNAVAILABLE", Message: "The event store is not answering. Please try again.",
}

// errLost says the connection an operation ran on was given up.
var errLost = errors.New("connection given up")

// outcome is what an error of the client means for the operation.
type outcome int

const (
	fault    outcome = iota // asking again will not help
	tryAgain                // nothing is known; ask again on the same connection
	lost                    // nothing is known; the connection is no good
	notFound                // there is no such stream
	wrongRev                // the stream is at another revision
)

// classify reads the client's errors, wrapped or not. After tryAgain and lost an append may or may not have happened.
func classify(err error) outcome {
	var e *esdb.Error
	if errors.As(err, &e) {
		switch e.Code() {
		case esdb.ErrorCodeWrongExpectedVersion:
			return wrongRev
		case esdb.ErrorCodeConnectionClosed:
			return lost
		case esdb.ErrorCodeNotLeader:
			return tryAgain
		case esdb.ErrorCodeStreamDeleted:
			return fault
		}
	}
	if errors.Is(err, errLost) {
		return tryAgain
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return tryAgain // the server hung up while the request was being written
	}
	switch status.Code(err) {
	case codes.Unavailable:
		return lost
	case codes.Aborted, codes.DeadlineExceeded, codes.Canceled, codes.ResourceExhausted:
		return tryAgain
	}
	if e != nil && e.Code() == esdb.ErrorCodeResourceNotFound {
		return notFound
	}
	return fault
}

// outOfTime is the error of a call whose context ended. A deadline is the store's fault, a cancellation the caller's wish.
func outOfTime(ctx context.Context, last error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return context.Canceled
	}
	if last == nil {
		last = ctx.Err()
	}
	return fmt.Errorf("%w (%w)", ErrUnavailable, last)
}
