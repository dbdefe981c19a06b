package graphql

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The limits of one document.
const (
	maxDepth      = 12
	maxAliases    = 30
	maxRootFields = 10
	maxSelections = 5_000 // fragments unfolded
	maxTokens     = 4_000
	maxComplexity = 10_000
	maxBody       = 256 << 10 // bytes
)

// documentLimits refuses validated documents that are deep, wide or full of aliases before anything runs.
type documentLimits struct{}

// ExtensionName names the limits.
func (documentLimits) ExtensionName() string { return "DocumentLimits" }

// Validate has nothing to check in the schema.
func (documentLimits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses the operation.
func (documentLimits) MutateOperationContext(_ context.Context, o *graphql.OperationContext) *gqlerror.Error {
	w := walk{fragments: o.Doc.Fragments, known: make(map[string]extent)}
	e := w.extent(o.Operation.SelectionSet)
	switch {
	case e.selections > maxSelections:
		return tooMuch("more than %d selections, fragments unfolded", maxSelections)
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

// extent is how far a selection goes, with fragments unfolded.
type extent struct{ depth, selections, aliases int }

type walk struct {
	fragments ast.FragmentDefinitionList
	known     map[string]extent // of fragments, which may double from one to the next; a validated document has no cycles
}

func (w walk) extent(set ast.SelectionSet) extent {
	var all extent
	for _, s := range set {
		var part extent
		switch s := s.(type) {
		case *ast.Field:
			part = w.extent(s.SelectionSet)
			part.depth++
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

// count is how many fields a selection has, fragments unfolded; it has been looked at how many that can be.
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
