package spool

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// maxShared is how many processes may spool into one data folder.
const maxShared = 16

// OpenShared opens spools in a data folder that several processes share. It returns the first spool that no other
// process uses, and the abandoned ones of processes that have ended. Run those too: they may hold deliveries.
func OpenShared(dataDir string, opts Options) (own *Spool, abandoned []*Spool, err error) {
	defer func() {
		if err != nil {
			for _, s := range append(abandoned, own) {
				if s != nil {
					err = errors.Join(err, s.Close())
				}
			}
			own, abandoned = nil, nil
		}
	}()
	for i := range maxShared {
		dir := filepath.Join(dataDir, fmt.Sprintf("spool-%d", i+1))
		if _, err := os.Stat(dir); err != nil && own != nil {
			continue
		}
		s, err := Open(dir, opts)
		switch {
		case errors.Is(err, ErrInUse):
		case err != nil:
			return own, abandoned, fmt.Errorf("local queue: %w", err)
		case own == nil:
			own = s
		default:
			abandoned = append(abandoned, s)
		}
	}
	if own == nil {
		return nil, nil, fmt.Errorf(
			"local queue: %d processes already use %s; give this one a folder of its own with PARLEY_DATA_DIR", maxShared, dataDir)
	}
	return own, abandoned, nil
}
