package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// killPoint is a point in the program's code and the faults that bring it down there.
type killPoint struct {
	row, point string
	fault      string // FAULT
}

// killPoints are those that any moment of work leads through.
var killPoints = []killPoint{
	{"offers", "router.offering", "router.offering:kill@2"},
	{"offers", "router.offered", "router.offered:kill"},
	{"K1", "webhook.read", "webhook.read:kill@5"},
	{"K2", "webhook.verified", "webhook.verified:kill@5"},
	{"K3", "spool.durable", "append.before:error,spool.durable:kill@3"},
	{"K3", "spool.drained", "inbound.after_append:unknown,spool.drained:kill@3"},
	{"K4", "inbound.after_append", "inbound.after_append:kill@5"},
	{"K4", "append.before", "append.before:kill@20"},
	{"K4", "append.after", "append.after:kill@20"},
	{"K5", "webhook.answered", "webhook.answered:kill=10ms@5"},
	{"K6", "inbound.between_messages", "inbound.between_messages:kill@4"},
	{"K7", "media.before_download", "media.before_download:kill"},
	{"K8", "media.half_written", "media.half_written:kill"},
	{"K9", "media.kept", "media.kept:kill"},
	// A batch is written in one round trip. Only where its events are tried one by one is there a moment between rows and commit.
	{"K10", "projector.received", "projector.received:kill@10"},
	{"K11", "projector.rows_written", "projector.received:error@5,projector.rows_written:kill"},
	{"K12", "projector.checkpoint_written", "projector.received:error@5,projector.checkpoint_written:kill"},
	{"K13", "projector.committed", "projector.committed:kill@10"},
	{"K14", "outbox.queued", "outbox.queued:kill@2"},
	{"K15", "outbox.claimed", "outbox.claimed:kill@2"},
	{"K16", "provider.posted", "provider.posted:kill@2"},
	{"K17", "outbox.answered", "outbox.answered:kill@2"},
	{"K18", "outbox.recorded", "outbox.recorded:kill@2"},
	{"transfers", "transfer.started", "transfer.started:kill"},
	{"transfers", "transfer.accepted", "transfer.accepted:kill"},
	{"transfers", "transfer.owner_changed", "transfer.owner_changed:kill"},
}

// timerPoints are those that only lead through the end of an offer or a transfer.
var timerPoints = []killPoint{
	{"K19", "deadline.due", "deadline.due:kill"},
	{"K20", "transfer.ended", "transfer.ended:kill"},
	{"K20", "deadline.acted", "deadline.acted:kill"},
}

func TestEveryFaultPointInTheSourceIsKilledAt(t *testing.T) {
	tested := make(map[string]bool)
	for _, p := range slices.Concat(killPoints, timerPoints) {
		require.Contains(t, p.fault, p.point+":kill")
		require.False(t, tested[p.point], "%s is there twice", p.point)
		tested[p.point] = true
	}
	require.ElementsMatch(t, faultPoints(t), slices.Collect(maps.Keys(tested)))
}

// faultPoints are the names that fault.Hit is called with.
func faultPoints(t *testing.T) []string {
	t.Helper()
	var points []string
	root := filepath.Join("..", "..")
	require.NoError(t, filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && file != root || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && isHit(call) {
				name, ok := call.Args[0].(*ast.BasicLit)
				require.True(t, ok, "%s: the name of a point is to be found in the source", file)
				point, err := strconv.Unquote(name.Value)
				require.NoError(t, err)
				points = append(points, point)
			}
			return true
		})
		return nil
	}))
	return points
}

func isHit(call *ast.CallExpr) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || f.Sel.Name != "Hit" || len(call.Args) != 1 {
		return false
	}
	pkg, ok := f.X.(*ast.Ident)
	return ok && pkg.Name == "fault"
}
