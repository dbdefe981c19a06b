package monitoring

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"parley/eventstore"
	"parley/projections/engine"
)

const (
	// readyFor is how long an answer is cached, because anyone may ask and every check costs queries.
	readyFor = time.Second
	// handover is how long no process may lead the read models: another one takes over within seconds.
	handover = 10 * time.Second
)

// Readiness answers whether this process can work now, and if not, why. It serves three paths, because they have
// different readers: a proxy must not take every server away from agents who could still read, or from providers
// whose deliveries the local queue would keep.
type Readiness struct {
	observed Observed
	detailed func(*http.Request) bool // who is told the reasons
	stopping atomic.Bool
	led      time.Time // when some process was last seen to lead; guarded by work.mu

	deliveries, desk, work group
}

// NewReadiness returns the readiness of one process. Only requests that detailed accepts are told the reasons.
func NewReadiness(o Observed, detailed func(*http.Request) bool) *Readiness {
	r := &Readiness{observed: o, detailed: detailed}
	r.deliveries.check, r.desk.check, r.work.check = r.checkDeliveries, r.checkDesk, r.checkWork
	return r
}

// Stopping marks the process as not ready, permanently.
func (r *Readiness) Stopping() { r.stopping.Store(true) }

// ServeHTTP answers 200 if everything is as it should be and 503 otherwise. It is for those who operate Parley.
func (r *Readiness) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	r.answer(w, req, &r.deliveries, &r.desk, &r.work)
}

// Desk answers whether agents can use this process: whether it can read, and record what they do.
func (r *Readiness) Desk() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.answer(w, req, &r.desk) })
}

// Webhooks answers whether this process can verify and keep what providers deliver. Once it knows the accounts, it
// needs neither Postgres nor the event store for that.
func (r *Readiness) Webhooks() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { r.answer(w, req, &r.deliveries) })
}

type check struct {
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

// answer runs some of the checks. The answer holds no personal data.
func (r *Readiness) answer(w http.ResponseWriter, req *http.Request, groups ...*group) {
	checks := map[string]check{"running": {OK: !r.stopping.Load()}}
	for _, g := range groups {
		maps.Copy(checks, g.recent(r.observed.Now()))
	}
	status := http.StatusOK
	for _, c := range checks {
		if !c.OK {
			status = http.StatusServiceUnavailable
		}
	}
	if !r.detailed(req) {
		checks = map[string]check{"ready": {OK: status == http.StatusOK}}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(checks) // fails only if the client is gone
}

// group is checks that are made together. A group that has to wait for its server does not hold up the others.
type group struct {
	check func(context.Context) map[string]check

	mu    sync.Mutex
	known map[string]check
	asOf  time.Time
}

// recent returns checks that are no older than readyFor.
func (g *group) recent(now time.Time) map[string]check {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.known == nil || now.Sub(g.asOf) >= readyFor {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		g.known, g.asOf = g.check(ctx), now
	}
	return g.known
}

func (r *Readiness) checkDeliveries(context.Context) map[string]check {
	if r.observed.Queue == nil {
		return map[string]check{}
	}
	checks := map[string]check{
		"deliveries": result(r.observed.Queue.Check(), "not durable: the local queue cannot be written"),
		"accounts":   {OK: true},
	}
	if _, read := r.observed.Accounts(); !read {
		checks["accounts"] = check{Detail: "not read yet, so no delivery can be verified"}
	}
	return checks
}

func (r *Readiness) checkDesk(ctx context.Context) map[string]check {
	return map[string]check{
		"postgres":   result(r.observed.Pool.Ping(ctx), "does not answer"),
		"eventstore": r.checkEventStore(),
	}
}

// checkEventStore checks whether events can be read and appended. A node of a cluster without a leader answers reads.
func (r *Readiness) checkEventStore() check {
	var refused *eventstore.Refused
	switch err := r.observed.Store.LastError(); {
	case errors.As(err, &refused):
		return check{Detail: refused.Error()}
	case err != nil:
		return check{Detail: "does not answer"}
	}
	return result(r.observed.Store.Writable(), "answers reads but takes no events")
}

// checkWork checks whether what happens is shown.
func (r *Readiness) checkWork(ctx context.Context) map[string]check {
	checks := map[string]check{"outbound": r.checkOutbound(ctx), "log": {OK: true}}
	// An error that concerns the event store is reported above; then the ages are unknown.
	view, _ := engine.Look(ctx, r.observed.Pool, r.observed.Store)
	if view.Models == nil {
		checks["projections"] = check{Detail: "state unknown"}
		return checks
	}
	if view.LogReplaced() {
		checks["log"] = check{Detail: "lacks events that the read models show: it was restored from an older copy; " +
			"run: parley projections rebuild"}
	}
	now := r.observed.Now()
	if view.Projecting || r.led.IsZero() {
		r.led = now
	}
	checks["projector"] = check{OK: true}
	if now.Sub(r.led) > handover {
		checks["projector"] = check{Detail: "no process with the role projector is at work"}
	}
	for _, s := range view.Models {
		checks["projection "+s.Name] = checkModel(now, s)
	}
	return checks
}

// checkOutbound says whether sending is on hold. A hold is a decision, not a fault, so the check passes.
func (r *Readiness) checkOutbound(ctx context.Context) check {
	hold, err := r.observed.Outbound(ctx)
	if err != nil || !hold.Held() {
		return check{OK: true} // an event store that is away is reported above
	}
	return check{OK: true, Detail: fmt.Sprintf("on hold since %s: %s", hold.Since.UTC().Format(time.RFC3339), hold.Reason)}
}

func checkModel(now time.Time, s engine.Status) check {
	behind := age(now, s.OldestUnseen).Round(time.Second)
	switch {
	case s.Stuck() && s.ProblemPosition != 0:
		return check{Detail: fmt.Sprintf("stopped at %d, %s behind: %s", s.ProblemPosition, behind, s.Problem)}
	case s.Stuck():
		return check{Detail: fmt.Sprintf("stopped at %s: %s", s.Position, s.Problem)}
	case behind > staleAfter:
		return check{Detail: fmt.Sprintf("%s behind", behind)}
	}
	return check{OK: true}
}

func result(err error, detail string) check {
	if err != nil {
		return check{Detail: detail}
	}
	return check{OK: true}
}
