package process

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheMemoryLimitIsAQuarterOfTheMemoryButAtLeastOneGiB(t *testing.T) {
	for _, c := range []struct {
		meminfo, group string
		limit          int64
	}{
		{"MemTotal:       16777216 kB\nMemFree:         8388608 kB\n", "max\n", 4 << 30},
		{"MemTotal:       16777216 kB\n", "8589934592\n", 2 << 30},
		{"MemTotal:        2097152 kB\n", "", 1 << 30},
		{"", "", 1 << 30},
	} {
		require.Equal(t, c.limit, memoryLimit(c.meminfo, c.group), c)
	}
}
