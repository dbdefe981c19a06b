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
	maxTokens     = 4_000
	maxComplexity = 10_000
	maxBody       = 256 << 10 // bytes
)

// documentLimits refuses documents that are deep, wide or full of aliases before anything runs.
type documentLimits struct{}

// ExtensionName names the limits.
func (documentLimits) ExtensionName() string { return "DocumentLimits" }

// Validate has nothing to check in the schema.
func (documentLimits) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext refuses the operation.
func (documentLimits) MutateOperationContext(_ context.Context, o *graphql.OperationContext) *gqlerror.Error {
	w := walk{fragments: o.Doc.Fragments, depths: make(map[string]int)}
	roots := w.count(o.Operation.SelectionSet)
	switch {
	case w.selections(o.Operation.SelectionSet) > maxDepth:
		return tooMuch("nested more than %d levels deep", maxDepth)
	case w.aliases > maxAliases:
		return tooMuch("more than %d aliases", maxAliases)
	case roots > maxRootFields:
		return tooMuch("more than %d fields at the top", maxRootFields)
	}
	return nil
}

func tooMuch(format string, limit int) *gqlerror.Error {
	err := gqlerror.Errorf("This document is "+format+".", limit)
	err.Extensions = map[string]any{"code": "COMPLEXITY_LIMIT_EXCEEDED", "kind": "INVALID", "retryable": false}
	return err
}

type walk struct {
	fragments ast.FragmentDefinitionList
	depths    map[string]int // of fragments; a validated document has no cycles
	aliases   int
}

// selections is how deep a selection goes; it counts aliases on the way.
func (w *walk) selections(set ast.SelectionSet) int {
	deepest := 0
	for _, s := range set {
		depth := 0
		switch s := s.(type) {
		case *ast.Field:
			if s.Alias != "" && s.Alias != s.Name {
				w.aliases++
			}
			depth = 1 + w.selections(s.SelectionSet)
		case *ast.InlineFragment:
			depth = w.selections(s.SelectionSet)
		case *ast.FragmentSpread:
			depth = w.spread(s.Name)
		}
		deepest = max(deepest, depth)
	}
	return deepest
}

func (w *walk) spread(name string) int {
	if depth, ok := w.depths[name]; ok {
		return depth
	}
	f := w.fragments.ForName(name)
	if f == nil {
		return 0
	}
	depth := w.selections(f.SelectionSet)
	w.depths[name] = depth
	return depth
}

// count is how many fields a selection has, fragments unfolded.
func (w *walk) count(set ast.SelectionSet) int {
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
