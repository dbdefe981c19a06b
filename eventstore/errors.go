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

// ErrWrongRevision reports that the stream has moved on. Read it again and decide on its current state.
var ErrWrongRevision = errors.New("eventstore: the stream is at another revision")

// ErrTooLarge reports an append above MaxAppend bytes. Nothing was written.
var ErrTooLarge = errors.New("eventstore: the append is too large")

// ErrClosed reports that the Store was closed.
var ErrClosed = errors.New("eventstore: closed")

// ErrUnavailable reports that the event store did not answer before the caller's deadline. An append may have
// been written all the same; repeat it with the same command id.
var ErrUnavailable = &domain.Refusal{
	Kind: domain.Unavailable, Code: "UNAVAILABLE", Message: "The event store is not answering. Please try again.",
}

// errLost reports that the operation's connection was retired.
var errLost = errors.New("connection retired")

// outcome says what an error of the client means for the operation.
type outcome int

const (
	permanent      outcome = iota // another attempt will not help
	retryable                     // the outcome is unknown; retry on the same connection
	connectionLost                // the outcome is unknown; the connection is unusable
	notFound                      // there is no such stream
	wrongRevision                 // the stream is at another revision
)

// classify interprets an error of the client, wrapped or not. After retryable and connectionLost, an append
// may or may not have been written.
func classify(err error) outcome {
	var e *esdb.Error
	if errors.As(err, &e) {
		switch e.Code() {
		case esdb.ErrorCodeWrongExpectedVersion:
			return wrongRevision
		case esdb.ErrorCodeConnectionClosed:
			return connectionLost
		case esdb.ErrorCodeNotLeader:
			return retryable
		case esdb.ErrorCodeStreamDeleted:
			return permanent
		}
	}
	if errors.Is(err, errLost) {
		return retryable
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return retryable // the server hung up while the request was being written
	}
	switch status.Code(err) {
	case codes.Unavailable:
		return connectionLost
	case codes.Unauthenticated:
		return connectionLost // the supervisor finds out why
	case codes.Aborted, codes.DeadlineExceeded, codes.Canceled, codes.ResourceExhausted:
		return retryable
	}
	if e != nil && e.Code() == esdb.ErrorCodeResourceNotFound {
		return notFound
	}
	return permanent
}

// contextError returns the error for a call whose context ended: ErrUnavailable after a deadline,
// context.Canceled if the caller cancelled.
func contextError(ctx context.Context, last error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return context.Canceled
	}
	if last == nil {
		last = ctx.Err()
	}
	return fmt.Errorf("%w (%w)", ErrUnavailable, last)
}
