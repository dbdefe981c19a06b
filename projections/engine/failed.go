package engine

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"parley/eventstore"
)

// panicError reports that a read model's function panicked on an event.
type panicError struct {
	index int // of the event in the batch, or -1 before the first
	cause any
	where string // the line that panicked
}

// Error names the type of the panic and where it happened: its text could contain customers' data.
func (e *panicError) Error() string {
	if err, ok := e.cause.(runtime.Error); ok {
		return "panic at " + e.where + ": " + err.Error()
	}
	return fmt.Sprintf("panic at %s with %T", e.where, e.cause)
}

// panicked returns the line that panicked. A deferred function calls it.
func panicked() string {
	var callers [32]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers[:])])
	for panics := false; ; {
		f, more := frames.Next()
		if panics && !strings.HasPrefix(f.Function, "runtime.") {
			return filepath.Base(filepath.Dir(f.File)) + "/" + filepath.Base(f.File) + ":" + strconv.Itoa(f.Line)
		}
		panics = panics || f.Function == "runtime.gopanic"
		if !more {
			return "an unknown place"
		}
	}
}

// unreadableError reports an event that a read model folds and this program cannot read.
type unreadableError struct {
	index  int // of the event in the batch
	event  string
	reason string
}

func (e *unreadableError) Error() string { return "UNKNOWN_EVENT " + e.event + ": " + e.reason }

// failedIndex returns the index of the event that an error is about, or -1.
func failedIndex(err error) int {
	var panicked *panicError
	var unreadable *unreadableError
	switch {
	case errors.As(err, &panicked):
		return panicked.index
	case errors.As(err, &unreadable):
		return unreadable.index
	}
	return -1
}

// eventError reports the event at which a read model cannot continue.
type eventError struct {
	model string
	at    eventstore.Position
	event string // stored name
	cause error
}

func (e *eventError) Error() string {
	return fmt.Sprintf("%s stops at event %d: %s", e.model, e.at.Commit, e.problem())
}

func (e *eventError) Unwrap() error { return e.cause }

// problem describes the event and what is wrong with it, without personal data.
func (e *eventError) problem() string {
	var unreadable *unreadableError
	if errors.As(e.cause, &unreadable) {
		return unreadable.Error()
	}
	return e.event + ": " + describe(e.cause)
}

// catchPanic runs do and converts a panic into a panicError for the event at *event.
func catchPanic(event *int, do func()) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &panicError{index: *event, cause: cause, where: panicked()}
		}
	}()
	do()
	return nil
}
