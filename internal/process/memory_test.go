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

func TestTheGarbageLimitFollowsHeapSizeAndAllocationRate(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		live, perSecond uint64
		percent         int
	}{
		{10 * mib, 0, 400},          // a small heap is collected rarely
		{48 * mib, 10 * mib, 200},   // a usual one has 96 MiB of garbage at most
		{192 * mib, 10 * mib, 50},   // a large one half of its size
		{1000 * mib, 10 * mib, 50},  // and a very large one too
		{100 * mib, 300 * mib, 300}, // a busy program collects once a second
		{100 * mib, 900 * mib, 400}, // but not more rarely than at four times its heap
		{0, 0, 400},
	} {
		require.Equal(t, c.percent, gcPercent(c.live, c.perSecond), c)
	}
}
