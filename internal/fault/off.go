//go:build !faults

// Package fault names the points at which tests stop the program. Without the build tag "faults" nothing of it is compiled in.
package fault

// Hit marks a point. What it returns is for the caller to treat as the error of what it has just done.
func Hit(string) error { return nil }
