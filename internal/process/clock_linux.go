package process

import (
	"time"

	"golang.org/x/sys/unix"
)

// passed returns the time since the machine was started, including suspended time.
func passed() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		panic(err) // every supported kernel has this clock
	}
	return time.Duration(t.Nano())
}
