// Package layout checks the structure and the language of the source: who may import whom, file sizes,
// refusals, requirements, line lengths and names.
package layout

import (
	"fmt"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "parley/"

// imports lists which folders each folder may import, besides itself. A folder stands for everything below it;
// the most specific row applies.
var imports = map[string][]string{
	"domain":     {},
	"eventstore": {"domain", "internal/seal"},
	"commands":   {"domain", "eventstore", "internal/bounded", "internal/fault"},
	// Read models and their queries do not know the engine that folds events into them.
	"projections":                 {"domain", "eventstore", "internal/access", "internal/bounded", "internal/database"},
	"projections/engine":          {"domain", "eventstore", "projections", "internal/database", "internal/fault"},
	"projections/projectionstest": {"domain", "eventstore", "projections", "internal/database"},
	"reactions": {"domain", "eventstore", "commands", "projections", "channels",
		"internal/blobs", "internal/database", "internal/fault"},
	"channels": {"domain", "internal/fault"},
	// The webhook turns deliveries into commands.
	"channels/webhook": {"domain", "channels", "commands", "internal/fault"},
	"graphql": {"domain", "eventstore", "commands", "projections", "internal/live",
		"internal/access", "internal/auth", "internal/database", "internal/turns"},
	"web":   {},
	"cmd":   {"*"},
	"bench": {"*"},

	"internal/access":     {"domain"},
	"internal/anchor":     {"eventstore"},
	"internal/accounts":   {"domain", "channels", "internal/database", "internal/seal", "projections", "reactions"},
	"internal/auth":       {"domain", "internal/seal"},
	"internal/backup":     {"eventstore"},
	"internal/blobs":      {"internal/fault"},
	"internal/bounded":    {},
	"internal/database":   {"domain", "internal/access", "internal/turns"},
	"internal/demo":       {"domain", "commands", "eventstore", "internal/seal", "channels"},
	"internal/devpg":      {},
	"internal/fault":      {},
	"internal/faultynode": {},
	"internal/files": {"domain", "internal/access", "internal/database", "projections", "internal/blobs",
		"internal/seal"},
	// Serves the API, so it is above graphql.
	"internal/httpserver": {"domain", "graphql", "internal/auth", "internal/database", "internal/presence", "projections"},
	"internal/layout":     {},
	"internal/live":       {"projections", "internal/database"},
	"internal/lookup":     {"domain", "commands", "internal/database", "projections", "reactions"},
	"internal/monitoring": {"channels", "commands", "domain", "eventstore", "projections"},
	"internal/node":       {}, // a server that knows bytes, not domain events
	"internal/opstest":    {"internal/devpg"},
	"internal/presence":   {},
	"internal/process":    {},
	"internal/move":       {"domain", "eventstore", "internal/database", "internal/restore", "projections"},
	"internal/restore": {"domain", "commands", "eventstore", "internal/anchor", "internal/backup", "internal/database",
		"internal/seal", "projections"},
	"internal/seal":      {},
	"internal/simulator": {},
	"internal/testwait":  {},
	"internal/turns":     {"domain"},
	"internal/verify":    {"domain", "commands", "eventstore", "projections"},
}

// forTests lists folders that the test files of every package may import.
var forTests = []string{
	"internal/devpg", "internal/opstest", "domain/domaintest", "eventstore/storetest", "channels/channelstest",
	"projections/projectionstest", "internal/blobs/blobstest", "internal/testwait", "internal/faultynode",
}

func TestEveryImportFollowsTheLayout(t *testing.T) {
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

func TestAForbiddenImportIsReported(t *testing.T) {
	for _, c := range []struct {
		file, imports string
		allowed       bool
	}{
		{"domain/interaction/decide.go", "slices", true},
		{"domain/interaction/decide.go", "parley/domain", true},
		{"domain/account/account.go", "parley/domain/setting", true},
		{"domain/interaction/state.go", "parley/domain/internal/trie", true},
		{"domain/transfer/decide.go", "parley/domain/interaction", false},
		{"domain/transfer/decide_test.go", "parley/domain/domaintest", true},
		{"domain/transfer/decide.go", "parley/domain/domaintest", false},
		{"domain/contact/decide.go", "github.com/google/uuid", false},
		{"domain/contact/decide_test.go", "pgregory.net/rapid", true},
		{"commands/handler.go", "parley/projections", false},
		{"projections/offers/projector.go", "parley/graphql", false},
		{"projections/offers/projector.go", "parley/projections", true},
		{"projections/offers/projector.go", "parley/projections/engine", false},
		{"projections/engine/leader.go", "parley/projections", true},
		{"channels/whatsapp/meta/parse.go", "parley/commands", false},
		{"channels/webhook/webhook.go", "parley/commands", true},
		{"internal/simulator/simulator.go", "parley/channels/whatsapp/meta", false},
		{"internal/simulator/simulator_test.go", "parley/channels/whatsapp/meta", true},
		{"internal/node/node.go", "parley/eventstore", false},
		{"eventstore/store.go", "parley/internal/node", false},
		{"eventstore/store_test.go", "parley/internal/node", true},
		{"cmd/parley/wire.go", "parley/graphql", true},
		{"graphql/resolver.go", "parley/cmd/parley", false},
		{"internal/seal/keyring.go", "parley/internal/devpg", false},
		{"internal/seal/keyring_test.go", "parley/internal/opstest", true},
		{"somewhere/new.go", "parley/domain", false},
	} {
		require.Equal(t, c.allowed, forbidden(c.file, c.imports) == "", "%s → %s", c.file, c.imports)
	}
}

// The features of the desktop know ui, lib and graphql; app puts them together.
func TestAFeatureOfTheDesktopImportsNoOther(t *testing.T) {
	const features = "web/src/features/"
	for _, f := range sources(t, ".ts", ".tsx") {
		rest, ok := strings.CutPrefix(f.path, features)
		if !ok {
			continue
		}
		own, _, _ := strings.Cut(rest, "/")
		for _, found := range featureImport.FindAllSubmatch(f.text, -1) {
			if other := string(found[1]); other != own {
				t.Errorf("%s imports the feature %s; move what they share to lib", f.path, other)
			}
		}
	}
}

var featureImport = regexp.MustCompile(`["\x60](?:@/features|\.\.)/(\w+)`)

// forbidden returns why a file may not import a package, or "" if it may.
func forbidden(file, imported string) string {
	from, test := path.Dir(file), strings.HasSuffix(file, "_test.go")
	if !strings.HasPrefix(imported, module) {
		if within(from, "domain") && !test && from != "domain/domaintest" &&
			strings.Contains(strings.Split(imported, "/")[0], ".") {
			return "the domain uses the standard library only"
		}
		return ""
	}
	to := strings.TrimPrefix(imported, module)
	row, found := rowOf(from)
	switch {
	case within(to, "cmd"):
		return "cmd must not be imported"
	case isHelper(to) && (test || isHelper(from)):
		return ""
	case !found:
		return "the folder has no row in internal/layout; add one"
	case isAggregate(from) && isAggregate(to) && from != to && !test:
		return "aggregates know each other by id only"
	case isHelper(to) && !mayImport(row, to):
		return "only tests may import it"
	case ownFolder(from, to), mayImport(row, to):
		return ""
	case test:
		return forbiddenInTest(from, to)
	}
	return fmt.Sprintf("%s may import only %v", from, imports[row])
}

// forbiddenInTest applies the rules for tests: they may combine what the product keeps apart, but not import
// graphql from below it.
func forbiddenInTest(from, to string) string {
	if within(to, "graphql") && !within(from, "cmd") && !within(from, "bench") {
		return "nothing below graphql may know it, not even tests"
	}
	return ""
}

// isAggregate reports whether a folder holds an aggregate: every folder in domain does, except what aggregates share
// (settings, phone numbers, tools) and the test runner.
func isAggregate(folder string) bool {
	return strings.HasPrefix(folder, "domain/") && !within(folder, "domain/internal") && folder != "domain/setting" &&
		folder != "domain/phone" && folder != "domain/domaintest"
}

func rowOf(folder string) (string, bool) {
	for at := folder; at != "."; at = path.Dir(at) {
		if _, found := imports[at]; found {
			return at, true
		}
	}
	return "", false
}

// ownFolder reports whether one row covers both folders.
func ownFolder(from, to string) bool {
	row, _ := rowOf(from)
	other, _ := rowOf(to)
	return row == other
}

func isHelper(folder string) bool {
	return slices.ContainsFunc(forTests, func(helper string) bool { return within(folder, helper) })
}

func mayImport(row, to string) bool {
	return row != "" && slices.ContainsFunc(imports[row],
		func(allowed string) bool { return allowed == "*" || within(to, allowed) })
}

func within(folder, parent string) bool {
	return folder == parent || strings.HasPrefix(folder, parent+"/")
}

// Resolvers read through DB.For, DB.Shared and Resolver.clear, so that each user's reads count towards their part of
// the connections.
func TestResolversReadWithinTheViewersPartOfTheConnections(t *testing.T) {
	whole := regexp.MustCompile(`\bDB\.(Clear|Masked|Work|Access|Projector)\b`)
	for _, f := range sources(t, ".go") {
		if strings.HasPrefix(f.path, "graphql/") && !f.test() {
			require.Empty(t, whole.FindString(string(f.text)), f.path)
		}
	}
}
