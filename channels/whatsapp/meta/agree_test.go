package meta

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBothWaysOfParsingABodyAgree(t *testing.T) {
	files, err := filepath.Glob("testdata/inbound/*.json")
	require.NoError(t, err)
	inOneGo := 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		whole, ok := parseWhole(raw)
		if !ok {
			continue
		}
		inOneGo++
		pieces, err := parseParts(raw)
		require.NoError(t, err)
		require.Equal(t, pieces, whole, file)
	}
	require.Greater(t, inOneGo, len(files)/2)
}
