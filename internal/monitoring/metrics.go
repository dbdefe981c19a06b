// Package monitoring answers /metrics and /readyz, and knows how old what the screens show is.
package monitoring

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/channels/spool"
	"parley/channels/webhook"
	"parley/commands"
	"parley/projections/engine"
)

// Metrics counts what a process does. Labels are codes, never ids or personal data.
type Metrics struct {
	registry   *prometheus.Registry
	webhooks   *prometheus.CounterVec
	arrivals   *prometheus.CounterVec
	reactions  *prometheus.CounterVec
	lag        *prometheus.GaugeVec
	stopped    *prometheus.GaugeVec
	projecting prometheus.Gauge
	spooled    prometheus.Gauge
	spoolAge   prometheus.Gauge
	durable    prometheus.Gauge
	accounts   prometheus.Gauge
	store      prometheus.Gauge
	writable   prometheus.Gauge
	late       prometheus.Gauge
	replaced   prometheus.Gauge
	held       prometheus.Gauge

	mu    sync.Mutex
	kinds map[string]bool // of arrivals; providers name some of them
}

// NewMetrics returns the metrics of one process.
func NewMetrics() *Metrics {
	counter := func(name, help, label string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
	}
	gauges := func(name, help string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, []string{"model"})
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		webhooks: counter("parley_webhook_deliveries_total", "Webhook deliveries by outcome.", "outcome"),
		arrivals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parley_inbound_parts_total", Help: "Parts of deliveries by kind and what became of them.",
		}, []string{"kind", "outcome"}),
		kinds:      make(map[string]bool),
		reactions:  counter("parley_reactions_total", "Reactions by what they did.", "what"),
		lag:        gauges("parley_projection_lag_seconds", "Age of the oldest event a read model does not show."),
		stopped:    gauges("parley_projection_stopped", "1 if a read model stopped at an event it cannot apply."),
		projecting: gauge("parley_projector_working", "1 if some process keeps the read models current."),
		spooled:    gauge("parley_spool_deliveries", "Deliveries waiting in the local queue."),
		spoolAge:   gauge("parley_spool_oldest_seconds", "Age of the oldest delivery in the local queue."),
		durable:    gauge("parley_spool_durable", "1 if the local queue can store deliveries."),
		accounts:   gauge("parley_accounts_known", "Accounts whose deliveries this process can verify."),
		store:      gauge("parley_eventstore_up", "1 if the event store answers."),
		writable:   gauge("parley_eventstore_writable", "1 if the event store takes events."),
		late:       gauge("parley_eventstore_late_events", "Events that came behind a checkpoint since the start."),
		replaced:   gauge("parley_log_replaced", "1 if the log lacks events that the read models show."),
		held:       gauge("parley_outbound_held", "1 while nothing is sent to customers."),
	}
	m.registry.MustRegister(m.webhooks, m.arrivals, m.reactions, m.lag, m.stopped, m.projecting, m.spooled, m.spoolAge,
		m.durable, m.accounts, m.store, m.writable, m.late, m.replaced, m.held,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Webhook counts a delivery by its outcome.
func (m *Metrics) Webhook(o webhook.Outcome) { m.webhooks.WithLabelValues(string(o)).Inc() }

// maxKinds limits the kinds of arrival that are counted separately.
const maxKinds = 100

// Arrival counts what became of a part of a delivery.
func (m *Metrics) Arrival(kind string, o commands.Outcome) {
	m.mu.Lock()
	if !m.kinds[kind] && len(m.kinds) >= maxKinds {
		kind = "other"
	}
	m.kinds[kind] = true
	m.mu.Unlock()
	m.arrivals.WithLabelValues(kind, string(o)).Inc()
}

// Reaction counts something a reaction did.
func (m *Metrics) Reaction(what string) { m.reactions.WithLabelValues(what).Inc() }

// Handler serves the metrics to Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Watch looks every few seconds, and updates the gauges and what screens are told of their age, until ctx ends.
func (m *Metrics) Watch(ctx context.Context, o Observed, f *Freshness) error {
	t := time.NewTicker(watchEvery)
	defer t.Stop()
	for {
		m.Once(ctx, o, f)
		select {
		case <-t.C:
		case <-ctx.Done():
			return nil
		}
	}
}

const watchEvery = 5 * time.Second

// Once looks once, and updates the gauges and what screens are told.
func (m *Metrics) Once(ctx context.Context, o Observed, f *Freshness) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	now := o.Now()
	var waiting spool.Stats
	if o.Queue != nil {
		waiting = o.Queue.Stats()
		m.spooled.Set(float64(waiting.Deliveries))
		m.spoolAge.Set(age(now, waiting.Oldest).Seconds())
		m.durable.Set(flag(o.Queue.Check() == nil))
		known, _ := o.Accounts()
		m.accounts.Set(float64(known))
	}
	m.store.Set(flag(o.Store.Healthy()))
	m.writable.Set(flag(o.Store.Writable() == nil))
	m.late.Set(float64(o.Store.Late()))
	if hold, err := o.Outbound(ctx); err == nil {
		m.held.Set(flag(hold.Held()))
	}
	view, err := engine.Look(ctx, o.Pool, o.Store)
	if view.Models == nil {
		return
	}
	m.projecting.Set(flag(view.Projecting))
	m.replaced.Set(flag(view.LogReplaced()))
	m.lag.Reset()
	m.stopped.Reset()
	for _, s := range view.Models {
		m.stopped.WithLabelValues(s.Name).Set(flag(s.Stuck()))
		if err == nil {
			m.lag.WithLabelValues(s.Name).Set(age(now, s.OldestUnseen).Seconds())
		}
	}
	if err == nil {
		f.observe(now, view, waiting.Oldest)
	}
}

func flag(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// age returns how long ago something was, or 0 if it never was.
func age(now, at time.Time) time.Duration {
	if at.IsZero() {
		return 0
	}
	return max(0, now.Sub(at))
}
