package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryPrintedFigureIsWrittenAsJSON(t *testing.T) {
	var printed bytes.Buffer
	r := newReport(&printed, "linux/amd64, 2 cores")
	r.row("latency at 100/s",
		figure{Name: "p50", Value: 2.9, Unit: "ms", Goal: "<= 3"}, figure{Name: "p99", Value: 12.34567, Unit: "ms"})
	r.row("rebuilds in that time", figure{Name: "count", Value: 7})
	require.Equal(t, `# linux/amd64, 2 cores

| what | figures |
| --- | --- |
| latency at 100/s | p50 2.90 ms (goal <= 3), p99 12.3 ms |
| rebuilds in that time | count 7 |
`, printed.String())

	file := filepath.Join(t.TempDir(), "figures.json")
	require.NoError(t, r.write(file))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), `"<= 3"`)
	require.JSONEq(t, `[
		{"name": "latency at 100/s: p50", "value": 2.9, "unit": "ms", "goal": "<= 3"},
		{"name": "latency at 100/s: p99", "value": 12.346, "unit": "ms", "goal": ""},
		{"name": "rebuilds in that time: count", "value": 7, "unit": "", "goal": ""}
	]`, string(text))
	p99, found := r.value("latency at 100/s: p99")
	require.True(t, found)
	require.InDelta(t, 12.346, p99, 0)
	_, found = r.value("latency at 100/s: p90")
	require.False(t, found)
}

func TestARunWithoutFiguresWritesAnEmptyArray(t *testing.T) {
	file := filepath.Join(t.TempDir(), "figures.json")
	require.NoError(t, newReport(&bytes.Buffer{}, "nothing").write(file))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.JSONEq(t, `[]`, string(text))
}

func TestAFailedRunStillWritesItsFigures(t *testing.T) {
	var printed bytes.Buffer
	r := newReport(&printed, "a run")
	r.row("idle server", figure{Name: "memory", Value: 47, Unit: "MB", Goal: "<= 60"})
	file := filepath.Join(t.TempDir(), "figures.json")
	failed := os.ErrDeadlineExceeded
	require.ErrorIs(t, finish(r, file, failed), failed)
	require.FileExists(t, file)
	require.NoError(t, finish(r, "", nil))
	require.Error(t, finish(r, filepath.Join(file, "below"), nil), "a file that cannot be written is an error")
}
