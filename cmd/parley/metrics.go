package main

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/channels/webhook"
	"parley/projections"
)

// metrics counts what the program does. Labels are codes, never ids or personal data.
type metrics struct {
	registry  *prometheus.Registry
	webhooks  *prometheus.CounterVec
	reactions *prometheus.CounterVec
	lag       *prometheus.GaugeVec
	stopped   *prometheus.GaugeVec
	spooled   prometheus.Gauge
	store     prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry:  prometheus.NewRegistry(),
		webhooks:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "parley_webhook_deliveries_total", Help: "Deliveries of providers by what became of them."}, []string{"outcome"}),
		reactions: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "parley_reactions_total", Help: "What the reactions did."}, []string{"what"}),
		lag:       prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "parley_projection_lag", Help: "Positions a read model is behind the log."}, []string{"model"}),
		stopped:   prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "parley_projection_stopped", Help: "1 when a read model stopped at an event it cannot apply."}, []string{"model"}),
		spooled:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "parley_spool_deliveries", Help: "Deliveries waiting in the local queue."}),
		store:     prometheus.NewGauge(prometheus.GaugeOpts{Name: "parley_eventstore_up", Help: "1 when the event store answers."}),
	}
	m.registry.MustRegister(m.webhooks, m.reactions, m.lag, m.stopped, m.spooled, m.store,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) webhook(h webhook.Happening) { m.webhooks.WithLabelValues(string(h)).Inc() }

func (m *metrics) reaction(what string) { m.reactions.WithLabelValues(what).Inc() }

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// watch looks every few seconds how far the read models are, until ctx ends.
func (m *metrics) watch(p *program) func(context.Context) error {
	return func(ctx context.Context) error {
		t := time.NewTicker(5 * time.Second)
		defer t.Stop()
		for {
			m.look(ctx, p)
			select {
			case <-t.C:
			case <-ctx.Done():
				return nil
			}
		}
	}
}

func (m *metrics) look(ctx context.Context, p *program) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if p.spool != nil {
		m.spooled.Set(float64(p.spool.Stats().Deliveries))
	}
	m.store.Set(0)
	if p.store.Healthy() {
		m.store.Set(1)
	}
	models, err := projections.List(ctx, p.db.Clear)
	if err != nil {
		return
	}
	end, err := p.store.Last(ctx)
	if err != nil {
		return
	}
	for _, s := range models {
		m.lag.WithLabelValues(s.Name).Set(float64(end.Commit - min(end.Commit, s.Position.Commit)))
		stopped := 0.0
		if s.State == projections.Stopped {
			stopped = 1
		}
		m.stopped.WithLabelValues(s.Name).Set(stopped)
	}
}
