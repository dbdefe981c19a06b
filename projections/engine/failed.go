package engine

import (
	"errors"
	"fmt"
	"runtime"

	"parley/eventstore"
)

// panicError reports that a read model's function panicked on an event.
type panicError struct {
	index int // of the event in the batch, or -1 before the first
	cause any
}

// Error names only the type of the panic: its text could contain customers' data.
func (e *panicError) Error() string {
	if err, ok := e.cause.(runtime.Error); ok {
		return "panic: " + err.Error()
	}
	return fmt.Sprintf("panic with %T", e.cause)
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
			err = &panicError{index: *event, cause: cause}
		}
	}()
	do()
	return nil
}
