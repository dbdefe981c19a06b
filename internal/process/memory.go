package process

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"
)

const minLimit = 1 << 30

// TuneMemory lets the garbage collector run no more often than it must, within a memory limit. GOGC and GOMEMLIMIT take
// precedence.
func TuneMemory(ctx context.Context, getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(maxPercent)
		go followHeap(ctx)
	}
	if getenv("GOMEMLIMIT") != "" {
		return
	}
	meminfo, _ := os.ReadFile("/proc/meminfo") // if both are missing, the minimum applies
	group, _ := os.ReadFile("/sys/fs/cgroup/memory.max")
	debug.SetMemoryLimit(memoryLimit(string(meminfo), string(group)))
}

const (
	maxPercent   = 400
	usualGarbage = 96 << 20
)

// followHeap adapts once a second how much garbage may pile up, until ctx ends.
func followHeap(ctx context.Context) {
	every := time.NewTicker(time.Second)
	defer every.Stop()
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(samples)
	before, percent := samples[1].Value.Uint64(), maxPercent
	for {
		select {
		case <-every.C:
		case <-ctx.Done():
			return
		}
		metrics.Read(samples)
		live, allocated := samples[0].Value.Uint64(), samples[1].Value.Uint64()
		wanted := gcPercent(live, allocated-before)
		before = allocated
		if wanted*10 < percent*9 || wanted*10 > percent*11 { // changing it stops the program for a moment
			percent = wanted
			debug.SetGCPercent(percent)
		}
	}
}

// gcPercent returns how much garbage may pile up until the next collection, in percent of the live heap: four times the
// heap while it is small, then a fixed amount, and half of the heap when it is large. A program that allocates faster
// than that may pile up a second's worth, since collecting more often would cost throughput.
func gcPercent(live, perSecond uint64) int {
	live = max(live, 1<<20)
	garbage := min(4*live, max(usualGarbage, live/2, perSecond))
	return int(garbage * 100 / live)
}

// memoryLimit returns a quarter of the memory of the machine or container in bytes, but at least 1 GiB: close to its
// limit, a program does little but collect garbage.
func memoryLimit(meminfo, group string) int64 {
	total := int64(0)
	for line := range strings.Lines(meminfo) {
		if fields := strings.Fields(line); len(fields) >= 2 && fields[0] == "MemTotal:" {
			kilobytes, _ := strconv.ParseInt(fields[1], 10, 64)
			total = kilobytes << 10
		}
	}
	if allowed, err := strconv.ParseInt(strings.TrimSpace(group), 10, 64); err == nil {
		total = min(total, allowed)
	}
	return max(total/4, minLimit)
}
