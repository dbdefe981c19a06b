// Package layout keeps the arrows between our folders pointing one way.
package layout

import (
	"fmt"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "parley/"

// arrows says which of our folders each folder may import, besides its own. "a" stands for a and all below it; the most
// specific row counts.
var arrows = map[string][]string{
	"domain":          {},
	"seal":            {},
	"blobs":           {"internal/fault"},
	"live":            {},
	"web":             {},
	"simulator":       {},
	"eventstore":      {"domain", "seal"},
	"eventstore/node": {}, // a server that knows bytes, no events of ours
	"commands":        {"domain", "eventstore", "internal/fault"},
	"access":          {"domain"},
	"auth":            {"domain", "seal"},
	"projections":     {"domain", "eventstore", "access", "internal/fault"},
	"files":           {"domain", "access", "projections", "blobs", "seal"},
	"channels":        {"domain", "internal/fault"},
	// The webhook turns deliveries into commands.
	"channels/webhook": {"domain", "channels", "commands", "internal/fault"},
	"reactions":        {"domain", "eventstore", "commands", "projections", "channels", "internal/fault"},
	"graphql":          {"domain", "eventstore", "commands", "projections", "live", "access"},
	"verify":           {"domain", "commands", "eventstore", "projections"},
	"demo":             {"domain", "commands", "eventstore", "seal", "channels"},
	"cmd":              {"*"},
	"bench":            {"*"},
	"internal/devpg":   {},
	"internal/fault":   {},
	"internal/opstest": {"internal/devpg"},
	"internal/layout":  {},
}

// forTests are folders that test files of every package may import.
var forTests = []string{
	"internal/devpg", "internal/opstest", "domain/domaintest", "eventstore/storetest", "channels/channelstest",
	"projections/projectionstest", "blobs/blobstest",
}

func TestEveryImportPointsTheWayTheLayoutSays(t *testing.T) {
	var wrong []string
	for _, f := range sources(t, ".go") {
		parsed, err := parser.ParseFile(token.NewFileSet(), f.path, f.text, parser.ImportsOnly)
		require.NoError(t, err)
		for _, imported := range parsed.Imports {
			to, err := strconv.Unquote(imported.Path.Value)
			require.NoError(t, err)
			if why := forbidden(f.path, to); why != "" {
				wrong = append(wrong, fmt.Sprintf("%s imports %s: %s", f.path, to, why))
			}
		}
	}
	require.Empty(t, wrong, strings.Join(wrong, "\n"))
}

func TestTheLayoutIsEnforced(t *testing.T) {
	for _, c := range []struct {
		file, imports string
		allowed       bool
	}{
		{"domain/interaction/decide.go", "slices", true},
		{"domain/interaction/decide.go", "parley/domain", true},
		{"domain/account/account.go", "parley/domain/setting", true},
		{"domain/transfer/decide.go", "parley/domain/interaction", false},
		{"domain/transfer/decide_test.go", "parley/domain/domaintest", true},
		{"domain/transfer/decide.go", "parley/domain/domaintest", false},
		{"domain/contact/decide.go", "github.com/google/uuid", false},
		{"domain/contact/decide_test.go", "pgregory.net/rapid", true},
		{"commands/handler.go", "parley/projections", false},
		{"projections/offers/projector.go", "parley/graphql", false},
		{"projections/offers/projector.go", "parley/projections", true},
		{"channels/whatsapp/meta/parse.go", "parley/commands", false},
		{"channels/webhook/webhook.go", "parley/commands", true},
		{"simulator/simulator.go", "parley/channels/whatsapp/meta", false},
		{"simulator/simulator_test.go", "parley/channels/whatsapp/meta", true},
		{"eventstore/node/node.go", "parley/eventstore", false},
		{"eventstore/store.go", "parley/eventstore/node", false},
		{"eventstore/store_test.go", "parley/eventstore/node", true},
		{"cmd/parley/wire.go", "parley/graphql", true},
		{"graphql/resolver.go", "parley/cmd/parley", false},
		{"seal/keyring.go", "parley/internal/devpg", false},
		{"seal/keyring_test.go", "parley/internal/opstest", true},
		{"somewhere/new.go", "parley/domain", false},
	} {
		require.Equal(t, c.allowed, forbidden(c.file, c.imports) == "", "%s → %s", c.file, c.imports)
	}
}

// forbidden says why a file may not import a package; empty when it may.
func forbidden(file, imported string) string {
	from, test := path.Dir(file), strings.HasSuffix(file, "_test.go")
	if !strings.HasPrefix(imported, module) {
		if within(from, "domain") && !test && from != "domain/domaintest" && strings.Contains(strings.Split(imported, "/")[0], ".") {
			return "the domain uses the standard library alone"
		}
		return ""
	}
	to := strings.TrimPrefix(imported, module)
	row, found := rowOf(from)
	switch {
	case within(to, "cmd"):
		return "nobody imports cmd"
	case isHelper(to) && (test || isHelper(from)):
		return ""
	case !found:
		return "the folder has no row in internal/layout; add one"
	case isAggregate(from) && isAggregate(to) && from != to && !test:
		return "aggregates know each other only by id"
	case isHelper(to) && !mayImport(row, to):
		return "this is for tests"
	case ownFolder(from, to), mayImport(row, to):
		return ""
	case test:
		return forbiddenInTest(from, to)
	}
	return fmt.Sprintf("%s may import %v of ours", from, arrows[row])
}

// forbiddenInTest: a test may bring together what the product keeps apart, but never looks up the stack to graphql.
func forbiddenInTest(from, to string) string {
	if within(to, "graphql") && !within(from, "cmd") && !within(from, "bench") {
		return "nothing below it knows graphql, not even its tests"
	}
	return ""
}

// isAggregate: every folder in domain, except the vocabulary that the configuration aggregates share and the test runner.
func isAggregate(folder string) bool {
	return strings.HasPrefix(folder, "domain/") && folder != "domain/setting" && folder != "domain/domaintest"
}

func rowOf(folder string) (string, bool) {
	for at := folder; at != "."; at = path.Dir(at) {
		if _, found := arrows[at]; found {
			return at, true
		}
	}
	return "", false
}

// ownFolder: both are governed by one row. A folder with a row of its own is named by those who may import it.
func ownFolder(from, to string) bool {
	row, _ := rowOf(from)
	other, _ := rowOf(to)
	return row == other
}

func isHelper(folder string) bool {
	return slices.ContainsFunc(forTests, func(helper string) bool { return within(folder, helper) })
}

func mayImport(row, to string) bool {
	return row != "" && slices.ContainsFunc(arrows[row], func(allowed string) bool { return allowed == "*" || within(to, allowed) })
}

func within(folder, parent string) bool {
	return folder == parent || strings.HasPrefix(folder, parent+"/")
}
