package devpg

import (
	"errors"
	"fmt"
	"syscall"
)

// leastRoom is one file of Postgres' log: with less room the server cannot go on writing.
const leastRoom = 16 << 20

// Explain is err, which came up while the server started or ran, or that the disk it writes to is full when that is the reason.
func (s *Server) Explain(err error) error {
	var disk syscall.Statfs_t
	if err == nil || syscall.Statfs(s.data, &disk) != nil {
		return err
	}
	return explainRoom(s.data, uint64(disk.Bavail)*uint64(disk.Bsize), err)
}

func explainRoom(dir string, room uint64, err error) error {
	if room >= leastRoom || errors.Is(err, errFull) {
		return err
	}
	return fmt.Errorf("%w (%w)", fullError(dir), err)
}

var errFull = errors.New("is full")

func fullError(dir string) error {
	return fmt.Errorf("the disk that holds %s %w; make room, or choose another folder with PARLEY_DATA_DIR", dir, errFull)
}
