package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"
)

// rebuild measures how fast all read models are rebuilt from the log while the current ones stay in use.
func rebuild(ctx context.Context, s *server) error {
	events, err := s.events(ctx)
	if err != nil {
		return err
	}
	start := time.Now()
	out, err := s.rebuildAll(ctx)
	if err != nil {
		return err
	}
	taken := time.Since(start).Seconds()
	fmt.Fprintf(os.Stderr, "%s", out)
	s.report.row("rebuild of all read models", figure{"speed", float64(events) / taken, "events/s", ">= 30000"},
		figure{"time", taken, "s", ""}, figure{"events", float64(events), "", ""})
	return nil
}

// latencyWhileRebuilding measures the latency of messages while all read models are rebuilt over and over.
func latencyWhileRebuilding(ctx context.Context, s *server) error {
	building, stop := context.WithCancel(ctx)
	defer stop()
	var rebuilds int
	var group errgroup.Group
	group.Go(func() error {
		for building.Err() == nil {
			if _, err := s.rebuildAll(ctx); err != nil {
				return err
			}
			rebuilds++
		}
		return nil
	})
	err := latency(ctx, s, " while rebuilding")
	stop()
	if failed := group.Wait(); err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	s.report.row("rebuilds in that time", figure{"count", float64(rebuilds), "", ""})
	return nil
}

func (s *server) rebuildAll(ctx context.Context) ([]byte, error) {
	cmd := exec.CommandContext(ctx, s.binary, "projections", "rebuild")
	cmd.Env = append(os.Environ(), "DATABASE_URL="+s.dev.DatabaseURL,
		"PARLEY_DATA_DIR="+filepath.Join(s.dir, "data"), "PARLEY_LOG_LEVEL=warn")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return out, nil
}
