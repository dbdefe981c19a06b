package node

import (
	"context"
	"strconv"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

var (
	errTimeout = status.Error(codes.Aborted,
		"Operation timed out: the outcome is unknown, try again with the same ids")
	errStopping = status.Error(codes.Unavailable, "the node is stopping")
	errNoUUID   = status.Error(codes.InvalidArgument, "uuid_option is missing")
)

// unavailable hides a database error from the caller, who may retry.
func unavailable(error) error {
	return status.Error(codes.Unavailable, "the event log is not available")
}

func invalid(text string) error { return status.Error(codes.InvalidArgument, text) }

// withTrailers sends the trailers by which clients tell errors apart. Pairs are name, value, name, value…
func withTrailers(ctx context.Context, code codes.Code, text string, pairs ...string) error {
	_ = grpc.SetTrailer(ctx, metadata.Pairs(pairs...))
	return status.Error(code, text)
}

func streamDeleted(ctx context.Context, stream string) error {
	return withTrailers(ctx, codes.FailedPrecondition, "Event stream '"+stream+"' is deleted.",
		"exception", "stream-deleted", "stream-name", stream)
}

func wrongVersion(ctx context.Context, stream string, expected expectation, actual int64) error {
	return withTrailers(ctx, codes.FailedPrecondition,
		"Operation failed due to WrongExpectedVersion. Stream: "+stream+", Expected version: "+strconv.FormatInt(int64(expected), 10),
		"exception", "wrong-expected-version", "stream-name", stream,
		"expected-version", strconv.FormatInt(int64(expected), 10), "actual-version", strconv.FormatInt(actual, 10))
}

func appendTooLarge(ctx context.Context) error {
	limit := strconv.Itoa(maxAppendSize)
	return withTrailers(ctx, codes.InvalidArgument, "Maximum Append Size of "+limit+" Exceeded.",
		"exception", "maximum-append-size-exceeded", "maximum-append-size", limit)
}

func eventTooLarge(ctx context.Context, e proposed) error {
	limit, size := strconv.Itoa(maxEventSize), strconv.Itoa(e.size())
	return withTrailers(ctx, codes.InvalidArgument,
		"Maximum Append Event Size of "+limit+" Exceeded: an event has "+size+" bytes.",
		"exception", "maximum-append-event-size-exceeded", "maximum-append-event-size", limit,
		"proposed-append-event-size", size, "event-id", uuid.UUID(e.id).String())
}

func metadataMissing(ctx context.Context, property string) error {
	return withTrailers(ctx, codes.InvalidArgument, "Required Metadata Property '"+property+"' is missing",
		"exception", "missing-required-metadata-property", "required-metadata-properties", "type,content-type")
}
