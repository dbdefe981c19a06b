package main

import (
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

const leastLimit = 1 << 30

// tuneMemory trades memory for less work of the collector, within a limit; GOGC and GOMEMLIMIT overrule it.
func tuneMemory(getenv func(string) string) {
	if getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if getenv("GOMEMLIMIT") != "" {
		return
	}
	meminfo, _ := os.ReadFile("/proc/meminfo") // without them: the least
	group, _ := os.ReadFile("/sys/fs/cgroup/memory.max")
	debug.SetMemoryLimit(memoryLimit(string(meminfo), string(group)))
}

// memoryLimit is a quarter of the memory there is, in bytes, and 1 GiB at least: near its limit the collector does little else. What
// there is says the machine, or the control group of a container.
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
	return max(total/4, leastLimit)
}
