// Command bench measures Parley as its users run it: the real binary, a real Postgres that syncs its commits, signed webhooks
// over HTTP and desktops over WebSocket, all on this machine. It prints a table for docs/benchmarks.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Minute)
	defer cancel()
	only := flag.String("only", "", "some of idle, latency, desktops, one, inbound, first, rebuild, meanwhile, restart and lists, with commas between; all by default")
	messages := flag.Int("messages", 30_000, "messages of the throughput runs")
	desktops := flag.Int("desktops", 10_000, "open subscriptions")
	interactions := flag.Int("interactions", 1_000_000, "interactions behind the lists")
	profile := flag.String("profile", "", "file for a CPU profile of the program, taken while the throughput is measured")
	flag.Parse()
	if err := run(ctx, *only, *profile, *messages, *desktops, *interactions); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, only, profile string, messages, desktops, interactions int) error {
	fmt.Printf("# %s/%s, %d cores, %s\n\n| what | figure |\n| --- | --- |\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	s, err := startServer(ctx)
	if err != nil {
		return err
	}
	defer s.stop()
	s.profile = profile
	for _, m := range []struct {
		name string
		run  func(context.Context, *server) error
	}{
		{"idle", idle},
		{"latency", func(ctx context.Context, s *server) error { return latency(ctx, s, "", 100, 20*time.Second) }},
		{"desktops", func(ctx context.Context, s *server) error { return openDesktops(ctx, s, desktops) }},
		{"one", func(ctx context.Context, s *server) error { return oneOfMany(ctx, s, desktops) }},
		{"inbound", func(ctx context.Context, s *server) error { return inbound(ctx, s, messages) }},
		{"first", func(ctx context.Context, s *server) error { return firstContacts(ctx, s, messages/3) }},
		{"rebuild", rebuild},
		{"meanwhile", meanwhile},
		{"restart", restart},
		{"lists", func(ctx context.Context, s *server) error { return lists(ctx, s, interactions) }},
	} {
		if only != "" && !slices.Contains(strings.Split(only, ","), m.name) {
			continue
		}
		if err := m.run(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}

// idle measures what a server holds that has nothing to do.
func idle(ctx context.Context, s *server) error {
	select {
	case <-time.After(5 * time.Second):
	case <-ctx.Done():
	}
	row("idle server | %.0f MB resident, without its Postgres", float64(s.memory())/1e6)
	return nil
}

// restart measures how long a stopped program takes until it is ready, its Postgres included, with the log that is there.
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
	row("ready after a restart with %d events in the log | %.2f s", events, time.Since(start).Seconds())
	return nil
}

func row(format string, args ...any) { fmt.Printf("| "+format+" |\n", args...) }
