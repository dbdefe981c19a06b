//go:build faults

// Package fault injects faults at named points of the program, as the environment asks for. FAULT=name:what,
// several separated by commas:
//
//	name:kill        SIGKILL of the whole process; kill=50ms: that long after the point
//	name:error       the point returns an error
//	name:unknown     the point returns a timeout although the operation was performed
//	name:delay=2s    the point takes that long
//
// With @3 appended, a fault happens at the third hit only, otherwise at every hit.
package fault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// ErrInjected is the error of a point told to fail.
var ErrInjected = errors.New("injected fault")

// fault says what happens at a point.
type fault struct {
	what string
	wait time.Duration
	at   int64 // the hit at which it happens; 0 means every hit
	hits atomic.Int64
}

var planned = sync.OnceValue(func() map[string]*fault {
	plan, err := parse(os.Getenv("FAULT"))
	if err != nil {
		panic(err) // a test that asks for a fault and gets none would prove nothing
	}
	return plan
})

func parse(text string) (map[string]*fault, error) {
	plan := make(map[string]*fault)
	if text == "" {
		return plan, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		name, what, ok := strings.Cut(part, ":")
		if !ok {
			return nil, fmt.Errorf("FAULT: %q is not name:what", part)
		}
		f := &fault{}
		what, hit, counted := strings.Cut(what, "@")
		var wait string
		var timed bool
		f.what, wait, timed = strings.Cut(what, "=")
		var err error
		if timed {
			f.wait, err = time.ParseDuration(wait)
		}
		if counted && err == nil {
			f.at, err = strconv.ParseInt(hit, 10, 64)
		}
		switch f.what {
		case "kill", "error", "unknown", "delay":
		default:
			err = fmt.Errorf("%q is not kill, error, unknown or delay", f.what)
		}
		if err != nil {
			return nil, fmt.Errorf("FAULT: %s: %w", part, err)
		}
		plan[name] = f
	}
	return plan, nil
}

// Hit marks a point. The caller treats the returned error as that of the operation it has just performed.
func Hit(name string) error {
	f := planned()[name]
	if f == nil {
		return nil
	}
	if n := f.hits.Add(1); f.at != 0 && n != f.at {
		return nil
	}
	switch f.what {
	case "error":
		return fmt.Errorf("%s: %w", name, ErrInjected)
	case "unknown":
		return fmt.Errorf("%s: %w", name, context.DeadlineExceeded)
	case "delay":
		time.Sleep(f.wait)
	case "kill":
		if f.wait > 0 {
			time.AfterFunc(f.wait, kill)
			return nil
		}
		kill()
	}
	return nil
}

func kill() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // until the signal arrives
}
