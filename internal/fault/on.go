//go:build faults

// Package fault does at named points of the program what the environment says: FAULT=name:what, several of them with commas.
//
//	name:kill        SIGKILL of the whole process; kill=50ms: so long after the point
//	name:error       the point reports an error
//	name:unknown     the point reports a timeout, though what it stands behind was done
//	name:delay=2s    the point takes so long
//
// With @3 at its end a fault happens at the third hit alone, else at every one.
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

// ErrInjected is what a point reports that is to fail.
var ErrInjected = errors.New("injected fault")

// fault is what happens at one point.
type fault struct {
	what string
	wait time.Duration
	at   int64 // the hit it happens at; 0: every one
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
			err = fmt.Errorf("%q is none of kill, error, unknown, delay", f.what)
		}
		if err != nil {
			return nil, fmt.Errorf("FAULT: %s: %w", part, err)
		}
		plan[name] = f
	}
	return plan, nil
}

// Hit marks a point. What it returns is for the caller to treat as the error of what it has just done.
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
	select {} // until it has arrived
}
