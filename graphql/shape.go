package graphql

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

const (
	maxNesting = 2 * maxDepth // of selections as they are written, inline fragments included
	maxRepeats = 10           // of one name in one selection
	maxParts   = 100          // spreads and inline fragments
)

// shapeLimits refuses documents whose mere validation takes long: it compares each selection with all others of the same name,
// so that what is written twice as long takes four times as long.
type shapeLimits struct {
	known graphql.Cache[*ast.QueryDocument] // of validated documents
}

// ExtensionName names the limits.
func (shapeLimits) ExtensionName() string { return "ShapeLimits" }

// Validate has nothing to check in the schema.
func (shapeLimits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters looks at the document before it is validated. One that cannot be read is left to the validation.
func (l shapeLimits) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	if _, ok := l.known.Get(ctx, p.Query); ok {
		return nil
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: p.Query}, maxTokens)
	if err != nil {
		return nil
	}
	var s shape
	for _, o := range doc.Operations {
		s.look(o.SelectionSet, 1)
	}
	for _, f := range doc.Fragments {
		s.look(f.SelectionSet, 1)
	}
	switch {
	case s.nesting > maxNesting:
		return tooMuch("nested more than %d levels deep", maxDepth)
	case s.aliases > maxAliases:
		return tooMuch("more than %d aliases", maxAliases)
	case s.repeats > maxRepeats:
		return tooMuch("more than %d times the same field in one place", maxRepeats)
	case s.parts > maxParts:
		return tooMuch("more than %d parts", maxParts)
	}
	return nil
}

// shape is what a document looks like as it is written.
type shape struct{ nesting, aliases, repeats, parts int }

func (s *shape) look(set ast.SelectionSet, level int) {
	s.nesting = max(s.nesting, level)
	if s.nesting > maxNesting {
		return
	}
	said := make(map[string]int, len(set))
	for _, selection := range set {
		switch of := selection.(type) {
		case *ast.Field:
			if of.Alias != "" && of.Alias != of.Name {
				s.aliases++
			}
			said[of.Alias]++
			s.repeats = max(s.repeats, said[of.Alias])
			s.look(of.SelectionSet, level+1)
		case *ast.InlineFragment:
			s.parts++
			s.look(of.SelectionSet, level+1)
		case *ast.FragmentSpread:
			s.parts++
		}
	}
}
