package process

import (
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

const minLimit = 1 << 30

// TuneMemory lets the garbage collector run less often, within a memory limit. GOGC and GOMEMLIMIT take precedence.
func TuneMemory(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if getenv("GOMEMLIMIT") != "" {
		return
	}
	meminfo, _ := os.ReadFile("/proc/meminfo") // if both are missing, the minimum applies
	group, _ := os.ReadFile("/sys/fs/cgroup/memory.max")
	debug.SetMemoryLimit(memoryLimit(string(meminfo), string(group)))
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
