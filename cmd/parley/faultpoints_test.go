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

// killPoint is a fault point and the faults that bring the program down there.
type killPoint struct {
	point string
	fault string // value of FAULT
}

// killPoints lists the fault points that ordinary work passes.
var killPoints = []killPoint{
	{"router.offering", "router.offering:kill@2"},
	{"router.offered", "router.offered:kill"},
	{"webhook.read", "webhook.read:kill@5"},
	{"webhook.verified", "webhook.verified:kill@5"},
	{"spool.durable", "append.before:error,spool.durable:kill@3"},
	{"spool.drained", "inbound.after_append:unknown,spool.drained:kill@3"},
	{"inbound.after_append", "inbound.after_append:kill@5"},
	{"append.before", "append.before:kill@20"},
	{"append.after", "append.after:kill@20"},
	{"webhook.answered", "webhook.answered:kill=10ms@5"},
	{"inbound.between_messages", "inbound.between_messages:kill@4"},
	{"media.before_download", "media.before_download:kill"},
	{"media.half_written", "media.half_written:kill"},
	{"media.kept", "media.kept:kill"},
	// A batch is written in one round trip. Only when its events are tried one by one is there a moment
	// between rows and commit.
	{"projector.received", "projector.received:kill@10"},
	{"projector.rows_written", "projector.received:error@5,projector.rows_written:kill"},
	{"projector.checkpoint_written", "projector.received:error@5,projector.checkpoint_written:kill"},
	{"projector.committed", "projector.committed:kill@10"},
	{"outbox.queued", "outbox.queued:kill@2"},
	{"outbox.claimed", "outbox.claimed:kill@2"},
	{"provider.posted", "provider.posted:kill@2"},
	{"outbox.answered", "outbox.answered:kill@2"},
	{"outbox.recorded", "outbox.recorded:kill@2"},
	{"transfer.started", "transfer.started:kill"},
	{"transfer.accepted", "transfer.accepted:kill"},
	{"transfer.owner_changed", "transfer.owner_changed:kill"},
}

// timerPoints lists the fault points passed only when an offer or a transfer expires.
var timerPoints = []killPoint{
	{"deadline.due", "deadline.due:kill"},
	{"transfer.ended", "transfer.ended:kill"},
	{"deadline.acted", "deadline.acted:kill"},
}

func TestEveryFaultPointInTheSourceHasAKillTest(t *testing.T) {
	tested := make(map[string]bool)
	for _, p := range slices.Concat(killPoints, timerPoints) {
		require.Contains(t, p.fault, p.point+":kill")
		require.False(t, tested[p.point], "%s is listed twice", p.point)
		tested[p.point] = true
	}
	require.ElementsMatch(t, faultPoints(t), slices.Collect(maps.Keys(tested)))
}

// faultPoints returns the names passed to fault.Hit in the source.
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
				require.True(t, ok, "%s: the name of a fault point must be a literal", file)
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
