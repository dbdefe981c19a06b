package devpg

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAFaultOnAFullDiskSaysThatTheDiskIsFull(t *testing.T) {
	fault := errors.New("the event log is not available")
	err := explainRoom("/data/postgres-15", leastRoom-1, fault)
	require.ErrorIs(t, err, fault)
	require.ErrorContains(t, err, "the disk that holds /data/postgres-15 is full; make room, or choose another folder with PARLEY_DATA_DIR")
	require.Equal(t, fault, explainRoom("/data/postgres-15", leastRoom, fault))
	require.Equal(t, err, explainRoom("/data", 0, err), "once is enough")
	require.NoError(t, (&Server{data: t.TempDir()}).Explain(nil))
	require.Equal(t, fault, (&Server{data: t.TempDir()}).Explain(fault))
}
