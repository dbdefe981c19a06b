// Package channelstest holds the tests that every provider runs: the contract, a table of recorded deliveries,
// and a table of calls to the provider.
package channelstest

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels"
)

// contentTypes maps the extension of a recorded delivery to its content type. A .query file holds a query string.
var contentTypes = map[string]string{".json": "application/json", ".form": "application/x-www-form-urlencoded", ".query": ""}

// receivedAt is the arrival time of every recorded delivery.
var receivedAt = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// files returns the recorded deliveries in a folder.
func files(t *testing.T, folder string) []string {
	t.Helper()
	var found []string
	for extension := range contentTypes {
		some, err := filepath.Glob(filepath.Join(folder, "*"+extension))
		require.NoError(t, err)
		found = append(found, some...)
	}
	require.NotEmpty(t, found, "no deliveries in %q", folder)
	return found
}

// read returns one recorded delivery, as sent to the route with this path.
func read(t *testing.T, file, path string) channels.Delivery {
	t.Helper()
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	d := channels.Delivery{Path: path, ContentType: contentTypes[filepath.Ext(file)], At: receivedAt, Body: raw}
	if filepath.Ext(file) == ".query" {
		d.Query, d.Body = strings.TrimSpace(string(raw)), nil
	}
	return d
}

// recorded returns the deliveries in a folder, as sent to the route with this path.
func recorded(t *testing.T, folder, path string) []channels.Delivery {
	t.Helper()
	var all []channels.Delivery
	for _, file := range files(t, folder) {
		all = append(all, read(t, file, path))
	}
	return all
}

// Inbound parses every delivery <name>.json, .form or .query in a folder, as sent to
// the route with this path, and compares the result with <name>.golden. If the flag
// "golden" is set, it writes the golden files instead; review the difference.
func Inbound(t *testing.T, p channels.Provider, folder, path string) {
	t.Helper()
	for _, file := range files(t, folder) {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		t.Run(strings.ReplaceAll(name, "_", " "), func(t *testing.T) {
			items, err := p.Parse(read(t, file, path))
			require.NoError(t, err)
			got, err := json.MarshalIndent(items, "", "  ")
			require.NoError(t, err)
			got = append(got, '\n')

			golden := filepath.Join(folder, name+".golden")
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

// rewrite reports whether the flag "golden" is set. Looking it up by name avoids a package variable.
func rewrite() bool {
	f := flag.Lookup("golden")
	return f != nil && f.Value.String() == "true"
}
