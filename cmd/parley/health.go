package main

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"parley/projections"
)

// readiness answers /readyz: whether this process can do its work now, and what is in its way.
type readiness struct {
	program  *program
	stopping atomic.Bool

	mu    sync.Mutex
	known map[string]check
	asOf  time.Time
}

func (r *readiness) stop() { r.stopping.Store(true) }

// lagLimit is how many positions a read model may be behind before the process counts as not ready.
const lagLimit = 10_000

// readyFor is how long an answer is remembered: anybody may ask, and each look costs queries.
const readyFor = time.Second

type check struct {
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

// ServeHTTP answers 200 or 503, on this machine with what is in the way. It holds no personal data.
func (r *readiness) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	checks := maps.Clone(r.lately())
	checks["running"] = check{OK: !r.stopping.Load()}
	status := http.StatusOK
	for _, c := range checks {
		if !c.OK {
			status = http.StatusServiceUnavailable
		}
	}
	if !thisMachine(req) {
		checks = map[string]check{"ready": {OK: status == http.StatusOK}}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(checks) // the client has left; nobody to tell
}

// lately is what was found within the last second.
func (r *readiness) lately() map[string]check {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.program.now(); r.known == nil || now.Sub(r.asOf) >= readyFor {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		r.known, r.asOf = r.checks(ctx), now
	}
	return r.known
}

func (r *readiness) checks(ctx context.Context) map[string]check {
	p := r.program
	checks := make(map[string]check)
	checks["postgres"] = result(p.db.Clear.Ping(ctx), "does not answer")
	checks["eventstore"] = result(p.store.LastError(), "does not answer")
	models, err := projections.List(ctx, p.db.Clear)
	if err != nil {
		checks["projections"] = check{Detail: "state unknown"}
		return checks
	}
	end, err := p.store.Last(ctx)
	for _, m := range models {
		c := check{OK: m.State != projections.Stopped}
		switch {
		case m.State == projections.Stopped:
			c.Detail = "stopped at " + m.Position.String() + ": " + m.Problem
		case err == nil && end.Commit > m.Position.Commit+lagLimit:
			c = check{Detail: "behind"}
		}
		checks["projection "+m.Name] = c
	}
	return checks
}

func result(err error, detail string) check {
	if err != nil {
		return check{Detail: detail}
	}
	return check{OK: true}
}
