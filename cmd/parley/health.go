package main

import (
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"time"

	"parley/projections"
)

// readiness answers /readyz: whether this process can do its work now, and what is in its way.
type readiness struct {
	program  *program
	stopping atomic.Bool
}

func (r *readiness) stop() { r.stopping.Store(true) }

// lagLimit is how many positions a read model may be behind before the process counts as not ready.
const lagLimit = 10_000

type check struct {
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

// ServeHTTP answers 200, or 503 with what is in the way. It holds no personal data.
func (r *readiness) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	ctx, cancel := context.WithTimeout(req.Context(), 2*time.Second)
	defer cancel()
	checks := r.checks(ctx)
	status := http.StatusOK
	for _, c := range checks {
		if !c.OK {
			status = http.StatusServiceUnavailable
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(checks) // the client has left; nobody to tell
}

func (r *readiness) checks(ctx context.Context) map[string]check {
	p := r.program
	checks := map[string]check{"running": {OK: !r.stopping.Load()}}
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
