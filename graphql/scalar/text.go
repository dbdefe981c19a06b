package scalar

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"parley/domain"
)

// uuidLength is the length of a UUID with its hyphens. Shorter and longer spellings are not ids here.
const uuidLength = 36

// ErrNUL refuses a text with a NUL character, which Postgres cannot store.
var ErrNUL = &domain.Refusal{
	Kind: domain.Invalid, Code: "BAD_USER_INPUT", Message: "Text can't contain the NUL character.",
}

// MarshalString writes a text.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// UnmarshalString reads a text. Every text argument passes through here, so resolvers need not check for NUL.
func UnmarshalString(v any) (string, error) { return withoutNUL(graphql.UnmarshalString(v)) }

// MarshalID writes an id.
func MarshalID(id string) graphql.Marshaler { return graphql.MarshalID(id) }

// UnmarshalID reads an id and writes the UUID at its end in lower case. Every id in the arguments passes
// through here, so nothing behind the API meets two spellings of one id.
func UnmarshalID(v any) (string, error) {
	id, err := withoutNUL(graphql.UnmarshalID(v))
	if start := len(id) - uuidLength; err == nil && start >= 0 && uuid.Validate(id[start:]) == nil {
		id = id[:start] + strings.ToLower(id[start:])
	}
	return id, err
}

func withoutNUL(text string, err error) (string, error) {
	if err == nil && strings.IndexByte(text, 0) >= 0 {
		err = ErrNUL
	}
	return text, err
}
