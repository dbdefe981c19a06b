package process

import "time"

// Clock returns the program's one clock. It adds the time that has passed to the wall time at the start, so that it
// never jumps. Time during which the machine was suspended counts where the system can tell.
func Clock() func() time.Time { return clock(time.Now(), passed) }

func clock(start time.Time, passed func() time.Duration) func() time.Time {
	start, from := start.Round(0), passed()
	return func() time.Time { return start.Add(passed() - from).UTC() }
}
