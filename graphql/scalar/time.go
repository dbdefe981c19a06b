// Package scalar reads and writes the API's scalar values.
package scalar

import (
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"parley/domain"
)

const layout = "2006-01-02T15:04:05.000Z"

// MarshalTime writes a time in UTC as RFC 3339 with milliseconds.
func MarshalTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, strconv.Quote(t.UTC().Format(layout))) // the transport notices when a write fails
	})
}

var badTime = &domain.Refusal{
	Kind: domain.Invalid, Code: "BAD_USER_INPUT", Message: "Write a time like 2026-01-31T09:30:00Z.",
}

// UnmarshalTime reads RFC 3339 with any offset.
func UnmarshalTime(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, badTime
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, badTime
	}
	return t.UTC(), nil
}
