package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// rebuild measures rebuilding all read models from the log beside the live ones.
func rebuild(ctx context.Context, s *server) error {
	cmd := exec.CommandContext(ctx, s.binary, "projections", "rebuild")
	cmd.Env = append(os.Environ(), "DATABASE_URL="+s.dev.DatabaseURL, "PARLEY_DATA_DIR="+filepath.Join(s.dir, "data"), "PARLEY_LOG_LEVEL=warn")
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	fmt.Printf("\n```\n%s```\n\n", out)
	row("rebuild of all read models | %.1f s", time.Since(start).Seconds())
	return nil
}
