package anchor_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/anchor"
)

func TestAPlaceIsAcceptedOnlyByItsOwnDeployment(t *testing.T) {
	place := anchor.Folder{Dir: t.TempDir()}
	check := func(fingerprint string, occupied bool) string {
		err := anchor.Check(t.Context(), fingerprint, place, func() (bool, error) { return occupied, nil })
		if err == nil {
			return ""
		}
		var m *anchor.Mismatch
		require.ErrorAs(t, err, &m)
		return m.Code
	}
	require.Empty(t, check("", false), "both are new")
	require.Equal(t, anchor.CodeUnknownDeployment, check("", true))
	require.Empty(t, check("ab12", true), "a known database takes a folder that has no identity yet")

	require.NoError(t, anchor.Mark(t.Context(), "ab12", place))
	require.Empty(t, check("ab12", true))
	require.Equal(t, anchor.CodeOtherDeployment, check("cd34", false))
	require.Equal(t, anchor.CodeOtherDeployment, check("", false), "a new database is another deployment")

	require.NoError(t, anchor.Mark(t.Context(), "cd34", place))
	require.Empty(t, check("cd34", true), "a place that is marked again belongs to the new deployment")
}

func TestADamagedIdentityIsReported(t *testing.T) {
	place := anchor.Folder{Dir: t.TempDir()}
	require.NoError(t, os.WriteFile(filepath.Join(place.Dir, "deployment.json"), []byte("{"), 0o600))
	err := anchor.Check(t.Context(), "ab12", place, func() (bool, error) { return false, nil })
	require.ErrorContains(t, err, "deployment.json cannot be read")
}
