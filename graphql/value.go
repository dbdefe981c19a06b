package graphql

import (
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"

	"parley/domain"
)

// value is an argument that may be left out or null: nil in both cases.
func value[T any](o graphql.Omittable[*T]) *T { return o.Value() }

// openEvent is an event's data with what is personal in the clear.
func openEvent(e domain.Event) string {
	data, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return "{}"
	}
	return string(data)
}

// none is an argument that was left out.
var none graphql.Omittable[*string]

// text is what an optional text says, empty when it is left out.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
