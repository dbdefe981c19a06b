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

// rebuild measures rebuilding all read models from the log beside the live ones.
func rebuild(ctx context.Context, s *server) error {
	start := time.Now()
	out, err := s.rebuildAll(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("\n```\n%s```\n\n", out)
	row("rebuild of all read models | %.1f s", time.Since(start).Seconds())
	return nil
}

// meanwhile measures the latency of messages while all read models are rebuilt again and again.
func meanwhile(ctx context.Context, s *server) error {
	building, stop := context.WithCancel(ctx)
	defer stop()
	var times int
	var group errgroup.Group
	group.Go(func() error {
		for building.Err() == nil {
			if _, err := s.rebuildAll(ctx); err != nil {
				return err
			}
			times++
		}
		return nil
	})
	err := latency(ctx, s, " while rebuilding", 100, 20*time.Second)
	stop()
	if failed := group.Wait(); err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	row("… rebuilt meanwhile | %d times", times)
	return nil
}

func (s *server) rebuildAll(ctx context.Context) ([]byte, error) {
	cmd := exec.CommandContext(ctx, s.binary, "projections", "rebuild")
	cmd.Env = append(os.Environ(), "DATABASE_URL="+s.dev.DatabaseURL, "PARLEY_DATA_DIR="+filepath.Join(s.dir, "data"), "PARLEY_LOG_LEVEL=warn")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return out, nil
}
