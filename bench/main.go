// Command bench measures Parley under real conditions: the real binary, a Postgres that syncs its commits,
// signed webhooks over HTTP and desktops over WebSocket, all on one machine. It prints a table for
// docs/benchmarks.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"time"
)

// options say what to measure and how much of it.
type options struct {
	only         string
	profile      string
	json         string
	messages     int
	desktops     int
	interactions int
	minutes      int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 60*time.Minute)
	defer cancel()
	var o options
	flag.StringVar(&o.only, "only", "",
		"measure only these, separated by commas: "+strings.Join(names(measurements(o)), ", "))
	flag.StringVar(&o.profile, "profile", "",
		"write a CPU profile of the program, taken while throughput is measured, to `FILE`")
	flag.StringVar(&o.json, "json", "", "write all figures as a JSON array to `FILE`")
	flag.IntVar(&o.messages, "messages", 30_000, "messages of the throughput runs")
	flag.IntVar(&o.desktops, "desktops", 10_000, "open subscriptions")
	flag.IntVar(&o.interactions, "interactions", 1_000_000, "interactions in the lists")
	flag.IntVar(&o.minutes, "minutes", 20, "length of the run that measures memory under load")
	flag.Parse()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// measurement is one thing to measure, under the name that -only takes.
type measurement struct {
	name string
	run  func(context.Context, *server) error
}

func measurements(o options) []measurement {
	return []measurement{
		{"idle", idle},
		{"latency", func(ctx context.Context, s *server) error { return latency(ctx, s, "") }},
		{"desktops", func(ctx context.Context, s *server) error { return openDesktops(ctx, s, o.desktops) }},
		{"one", func(ctx context.Context, s *server) error { return oneOfMany(ctx, s, o.desktops) }},
		{"inbound", func(ctx context.Context, s *server) error { return inbound(ctx, s, o.messages) }},
		{"first", func(ctx context.Context, s *server) error { return firstContacts(ctx, s, o.messages/3) }},
		{"rebuild", rebuild},
		{"rebuilding", latencyWhileRebuilding},
		{"restart", restart},
		{"memory", func(ctx context.Context, s *server) error {
			return memoryUnderLoad(ctx, s, time.Duration(o.minutes)*time.Minute)
		}},
		{"lists", func(ctx context.Context, s *server) error { return lists(ctx, s, o.interactions) }},
		{"worst", func(ctx context.Context, s *server) error { return oneUsersWorst(ctx, s, o.interactions) }},
	}
}

func names(all []measurement) []string {
	list := make([]string, len(all))
	for i, m := range all {
		list[i] = m.name
	}
	return list
}

func run(ctx context.Context, o options) error {
	var only []string
	if o.only != "" {
		only = strings.Split(o.only, ",")
	}
	all := measurements(o)
	for _, name := range only {
		if !slices.Contains(names(all), name) {
			return fmt.Errorf("unknown measurement %q", name)
		}
	}
	r := newReport(os.Stdout, fmt.Sprintf("%s/%s, %d cores, %s", runtime.GOOS, runtime.GOARCH,
		runtime.NumCPU(), runtime.Version()))
	return finish(r, o.json, measure(ctx, r, o.profile, only, all))
}

func measure(ctx context.Context, r *report, profile string, only []string, all []measurement) error {
	s, err := startServer(ctx)
	if err != nil {
		return err
	}
	defer s.stop()
	s.report, s.profile = r, profile
	for _, m := range all {
		if len(only) > 0 && !slices.Contains(only, m.name) {
			continue
		}
		if err := m.run(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}

// finish writes the figures to a file, if one is named, and joins a failure to do so to the run's error.
func finish(r *report, file string, failed error) error {
	if file == "" {
		return failed
	}
	return errors.Join(failed, r.write(file))
}

// idle measures the memory of a server that has nothing to do.
func idle(ctx context.Context, s *server) error {
	select {
	case <-time.After(5 * time.Second):
	case <-ctx.Done():
	}
	s.report.row("idle server, without its Postgres", figure{"resident", float64(s.memory()) / 1e6, "MB", "<= 60"})
	return nil
}

// restart measures how long a stopped program takes to become ready again, including its Postgres.
func restart(ctx context.Context, s *server) error {
	events, err := s.events(ctx)
	if err != nil {
		return err
	}
	s.halt()
	start := time.Now()
	if err := s.start(); err != nil {
		return err
	}
	s.report.row("ready after a restart",
		figure{"time", time.Since(start).Seconds(), "s", "<= 1"}, figure{"events in the log", float64(events), "", ""})
	return nil
}
