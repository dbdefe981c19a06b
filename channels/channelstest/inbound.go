// Package channelstest holds the two tables that every provider runs: what its webhooks say, and how it is spoken to.
package channelstest

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/channels"
)

// Inbound parses every <name>.json below dir and compares what it says with <name>.golden.
// With the flag "golden" set it writes the golden files instead; read the difference before keeping it.
func Inbound(t *testing.T, p channels.Provider, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(strings.ReplaceAll(name, "_", " "), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			require.NoError(t, err)
			items, err := p.Parse(raw)
			require.NoError(t, err)
			got, err := json.MarshalIndent(items, "", "  ")
			require.NoError(t, err)
			got = append(got, '\n')

			golden := filepath.Join(dir, name+".golden")
			if rewrite() {
				require.NoError(t, os.WriteFile(golden, got, 0o644))
				return
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))
		})
	}
}

// rewrite looks the flag up at run time, so that the package needs no state of its own.
func rewrite() bool {
	f := flag.Lookup("golden")
	return f != nil && f.Value.String() == "true"
}
