package graphql

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

const (
	maxNesting   = 2 * maxDepth // levels of selections as written, counting inline fragments
	maxRepeats   = 10           // fields of one name in one selection
	maxFragments = 100          // fragment spreads and inline fragments
)

// shapeLimits refuses documents that would take too long to validate. Validation compares all selections of
// one name with each other, so its time grows with the square of their number.
type shapeLimits struct {
	validated graphql.Cache[*ast.QueryDocument]
}

// ExtensionName names the extension.
func (shapeLimits) ExtensionName() string { return "ShapeLimits" }

// Validate accepts every schema.
func (shapeLimits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters checks a document before it is validated. Validation reports the ones that do not parse.
func (l shapeLimits) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	if _, ok := l.validated.Get(ctx, p.Query); ok {
		return nil
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: p.Query}, maxTokens)
	if err != nil {
		return nil
	}
	var s shape
	for _, o := range doc.Operations {
		s.measure(o.SelectionSet, 1)
	}
	for _, f := range doc.Fragments {
		s.measure(f.SelectionSet, 1)
	}
	switch {
	case s.nesting > maxNesting:
		return tooMuch("nested more than %d levels deep", maxDepth)
	case s.aliases > maxAliases:
		return tooMuch("more than %d aliases", maxAliases)
	case s.repeats > maxRepeats:
		return tooMuch("more than %d times the same field in one place", maxRepeats)
	case s.fragments > maxFragments:
		return tooMuch("more than %d fragments", maxFragments)
	}
	return nil
}

// shape measures a document as it is written.
type shape struct{ nesting, aliases, repeats, fragments int }

func (s *shape) measure(set ast.SelectionSet, level int) {
	s.nesting = max(s.nesting, level)
	if s.nesting > maxNesting {
		return
	}
	times := make(map[string]int, len(set))
	for _, selection := range set {
		switch of := selection.(type) {
		case *ast.Field:
			if of.Alias != "" && of.Alias != of.Name {
				s.aliases++
			}
			times[of.Alias]++
			s.repeats = max(s.repeats, times[of.Alias])
			s.measure(of.SelectionSet, level+1)
		case *ast.InlineFragment:
			s.fragments++
			s.measure(of.SelectionSet, level+1)
		case *ast.FragmentSpread:
			s.fragments++
		}
	}
}
