package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestProgressThatIsNotOnATerminalTakesALineForEachStep(t *testing.T) {
	var out bytes.Buffer
	b := newBar(&out)
	for n := range 50_000 {
		b.show("copying the log", n+1, float64(n+1)/50_000)
	}
	b.show("switching", 0, 0.5)
	b.end()
	b.end()
	require.Equal(t, "copying the log: 100%, 50000 events\nswitching: 50%, 0 events\n", out.String())
}
