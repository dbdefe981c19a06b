package anchor

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// folder returns a data folder, with a file of some deployment in it if occupied.
func folder(t *testing.T, occupied bool) Folder {
	t.Helper()
	f := Folder{Dir: t.TempDir(), Data: []string{"files", "spool-*"}}
	require.NoError(t, os.MkdirAll(filepath.Join(f.Dir, "files", "ab"), 0o700))
	if occupied {
		require.NoError(t, os.MkdirAll(filepath.Join(f.Dir, "spool-1"), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(f.Dir, "spool-1", "1"), nil, 0o600))
	}
	return f
}

func TestAPlaceIsAcceptedOnlyByItsOwnDeployment(t *testing.T) {
	empty, used := Places{folder(t, false)}, Places{folder(t, true)}
	code := func(fingerprint string, places Places) string {
		err := places.Check(t.Context(), fingerprint, slog.Default())
		if err == nil {
			return ""
		}
		var m *Mismatch
		require.ErrorAs(t, err, &m)
		return m.Code
	}
	require.Empty(t, code("", empty), "both are new")
	require.Equal(t, CodeUnknownDeployment, code("", used))
	require.Empty(t, code("ab12", used), "a known database takes a folder that has no identity yet")

	require.NoError(t, used.Mark(t.Context(), "ab12", slog.Default()))
	require.Empty(t, code("ab12", used))
	require.Equal(t, CodeOtherDeployment, code("cd34", used))
	require.Equal(t, CodeOtherDeployment, code("", used), "a new database is another deployment")

	require.NoError(t, used.Mark(t.Context(), "cd34", slog.Default()))
	require.Empty(t, code("cd34", used), "a place that is marked again belongs to the new deployment")
}

func TestADamagedIdentityIsReported(t *testing.T) {
	place := folder(t, false)
	require.NoError(t, os.WriteFile(filepath.Join(place.Dir, "deployment.json"), []byte("{"), 0o600))
	require.ErrorContains(t, Places{place}.CheckStrictly(t.Context(), "ab12"), "deployment.json cannot be read")
}

var errAway = errors.New("no answer")

// away is a bucket that does not answer.
type away struct{ Folder }

func (away) Read(context.Context, string) ([]byte, error) { return nil, errAway }
func (away) Write(context.Context, string, []byte) error  { return errAway }
func (away) Occupied(context.Context) (bool, error)       { return false, errAway }

func TestOnlyANewDeploymentWaitsForABucketThatDoesNotAnswer(t *testing.T) {
	places := Places{folder(t, false), away{}}
	require.ErrorIs(t, places.Check(t.Context(), "", slog.Default()), errAway)
	require.NoError(t, places.Check(t.Context(), "ab12", slog.Default()))
	require.NoError(t, places.Mark(t.Context(), "ab12", slog.Default()))
	require.ErrorIs(t, places.CheckStrictly(t.Context(), "ab12"), errAway, "a restore needs every answer")
	require.ErrorIs(t, Places{away{}}.Mark(t.Context(), "ab12", slog.Default()), errAway, "the data folder has to answer")
}
