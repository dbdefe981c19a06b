//go:build !faults

// Package fault marks the points at which tests inject faults. Without the build tag "faults" it does
// nothing.
package fault

// Hit marks a point. The caller treats the returned error as that of the operation it has just performed.
func Hit(string) error { return nil }
