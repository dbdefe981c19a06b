//go:build !linux

package process

import "time"

var started = time.Now()

// passed returns the time since the program was started, without suspended time.
func passed() time.Duration { return time.Since(started) }
