package graphql

import (
	"github.com/99designs/gqlgen/graphql"
)

// value returns an argument, nil if it was left out or null.
func value[T any](o graphql.Omittable[*T]) *T { return o.Value() }

// leftOut is an argument that was not given.
var leftOut graphql.Omittable[*string]

// text returns an optional text, empty if there is none.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// optional returns nil for an empty text.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// orEmpty returns a list that is never null.
func orEmpty[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// presentAll shows every row of a list.
func presentAll[R, M any](rows []R, present func(R) *M) []M {
	all := make([]M, len(rows))
	for i, row := range rows {
		all[i] = *present(row)
	}
	return all
}
