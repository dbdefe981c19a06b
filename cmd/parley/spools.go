package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"parley/channels/spool"
)

const (
	spoolSubject = "webhook-spool" // whose key seals deliveries that wait: their senders are not known yet
	mostSpools   = 16              // processes with the role web on one data folder
)

// openSpools takes the first local queue that no other process has, and those that gone processes left something in.
func (p *program) openSpools(ctx context.Context) error {
	key, err := p.keyring.Hold(ctx, spoolSubject)
	if err != nil {
		return err
	}
	opts := spool.Options{Seal: key.Seal, Open: key.Open, Log: p.log}
	for i := range mostSpools {
		dir := filepath.Join(p.cfg.DataDir, fmt.Sprintf("spool-%d", i+1))
		if _, err := os.Stat(dir); err != nil && p.spool != nil {
			continue
		}
		s, err := spool.Open(dir, opts)
		switch {
		case errors.Is(err, spool.ErrInUse):
		case err != nil:
			return fmt.Errorf("local queue: %w", err)
		case p.spool == nil:
			p.spool = s
		default:
			p.leftovers = append(p.leftovers, s)
		}
	}
	if p.spool == nil {
		return fmt.Errorf("local queue: %d processes use %s already; give this one a folder of its own with PARLEY_DATA_DIR", mostSpools, p.cfg.DataDir)
	}
	return nil
}
