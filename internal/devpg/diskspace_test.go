package devpg

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnErrorOnAFullDiskNamesTheFullDisk(t *testing.T) {
	fault := errors.New("the event log is not available")
	err := explainFreeSpace("/data/postgres-15", minFreeSpace-1, fault)
	require.ErrorIs(t, err, fault)
	require.ErrorContains(t, err,
		"the disk that holds /data/postgres-15 is full; make room, or choose another folder with PARLEY_DATA_DIR")
	require.Equal(t, fault, explainFreeSpace("/data/postgres-15", minFreeSpace, fault))
	require.Equal(t, err, explainFreeSpace("/data", 0, err), "the cause is added once")
	require.NoError(t, (&Server{data: t.TempDir()}).Explain(nil))
	require.Equal(t, fault, (&Server{data: t.TempDir()}).Explain(fault))
}
