package graphql

import (
	"context"

	"github.com/99designs/gqlgen/complexity"
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The limits of one GraphQL document.
const (
	maxDepth      = 12
	maxAliases    = 30
	maxRootFields = 10
	maxSelections = 5_000 // with fragments expanded
	maxTokens     = 4_000
	maxComplexity = 10_000    // rows and parts of rows
	maxBody       = 256 << 10 // bytes
)

// scalarsAreFree counts the rows and parts of rows that a document reads. Their plain values are read anyway.
var scalarsAreFree = complexity.WithFixedScalarValue(0)

// documentLimits refuses documents that are too deep or too wide, or have too many aliases, before they run.
type documentLimits struct{}

// ExtensionName names the extension.
func (documentLimits) ExtensionName() string { return "DocumentLimits" }

// Validate accepts every schema.
func (documentLimits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses an operation that exceeds a limit.
func (documentLimits) MutateOperationContext(_ context.Context, o *graphql.OperationContext) *gqlerror.Error {
	w := walk{fragments: o.Doc.Fragments, known: make(map[string]extent)}
	e := w.extent(o.Operation.SelectionSet)
	switch {
	case e.selections > maxSelections:
		return tooMuch("more than %d selections, with fragments expanded", maxSelections)
	case e.depth > maxDepth:
		return tooMuch("nested more than %d levels deep", maxDepth)
	case e.aliases > maxAliases:
		return tooMuch("more than %d aliases", maxAliases)
	case w.count(o.Operation.SelectionSet) > maxRootFields:
		return tooMuch("more than %d fields at the top", maxRootFields)
	}
	return nil
}

func tooMuch(format string, limit int) *gqlerror.Error {
	err := gqlerror.Errorf("This document asks for too much at once: "+format+".", limit)
	err.Extensions = map[string]any{"code": "COMPLEXITY_LIMIT_EXCEEDED", "kind": "INVALID", "retryable": false}
	return err
}

// extent measures a selection with its fragments expanded.
type extent struct{ depth, selections, aliases int }

type walk struct {
	fragments ast.FragmentDefinitionList
	known     map[string]extent // by fragment; otherwise nested fragments would take exponential time
}

func (w walk) extent(set ast.SelectionSet) extent {
	var all extent
	for _, s := range set {
		var part extent
		switch s := s.(type) {
		case *ast.Field:
			part = w.extent(s.SelectionSet)
			if !unwraps(s) {
				part.depth++
			}
			if s.Alias != "" && s.Alias != s.Name {
				part.aliases++
			}
		case *ast.InlineFragment:
			part = w.extent(s.SelectionSet)
		case *ast.FragmentSpread:
			part = w.fragment(s.Name)
		}
		all.depth = max(all.depth, part.depth)
		all.selections = min(all.selections+1+part.selections, maxSelections+1)
		all.aliases = min(all.aliases+part.aliases, maxAliases+1)
	}
	return all
}

// unwraps reports whether a field only removes a list or non-null from a type. The introspection document of code
// generators nests nine of them, which costs nothing.
func unwraps(f *ast.Field) bool {
	return f.Name == "ofType" && f.ObjectDefinition != nil && f.ObjectDefinition.Name == "__Type"
}

func (w walk) fragment(name string) extent {
	if e, ok := w.known[name]; ok {
		return e
	}
	f := w.fragments.ForName(name)
	if f == nil {
		return extent{}
	}
	e := w.extent(f.SelectionSet)
	w.known[name] = e
	return e
}

// count returns how many fields a selection has with its fragments expanded. Call it after checking maxSelections.
func (w walk) count(set ast.SelectionSet) int {
	n := 0
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			n++
		case *ast.InlineFragment:
			n += w.count(s.SelectionSet)
		case *ast.FragmentSpread:
			if f := w.fragments.ForName(s.Name); f != nil {
				n += w.count(f.SelectionSet)
			}
		}
	}
	return n
}
