package scalar

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"parley/domain"
)

// ErrNUL says that a text holds what no keyboard writes and Postgres takes in no text.
var ErrNUL = &domain.Refusal{Kind: domain.Invalid, Code: "BAD_USER_INPUT", Message: "A text cannot hold the character NUL."}

// MarshalString writes a text.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalString reads a text. All that comes in passes here, so no resolver need ask whether a query can take it.
func UnmarshalString(v any) (string, error) { return withoutNUL(graphql.UnmarshalString(v)) }

// MarshalID writes an id.
func MarshalID(id string) graphql.Marshaler { return graphql.MarshalID(id) }

// UnmarshalID reads an id.
func UnmarshalID(v any) (string, error) { return withoutNUL(graphql.UnmarshalID(v)) }

func withoutNUL(text string, err error) (string, error) {
	if err == nil && strings.IndexByte(text, 0) >= 0 {
		err = ErrNUL
	}
	return text, err
}
