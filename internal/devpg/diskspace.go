package devpg

import (
	"errors"
	"fmt"
	"syscall"
)

// minFreeSpace is the size of one WAL file. With less space the server cannot continue writing.
const minFreeSpace = 16 << 20

// Explain returns err, extended by the cause if the server's disk is full.
func (s *Server) Explain(err error) error {
	var disk syscall.Statfs_t
	if err == nil || syscall.Statfs(s.data, &disk) != nil {
		return err
	}
	return explainFreeSpace(s.data, uint64(disk.Bavail)*uint64(disk.Bsize), err)
}

func explainFreeSpace(dir string, room uint64, err error) error {
	if room >= minFreeSpace || errors.Is(err, errFull) {
		return err
	}
	return fmt.Errorf("%w (%w)", fullError(dir), err)
}

var errFull = errors.New("is full")

func fullError(dir string) error {
	return fmt.Errorf("the disk that holds %s %w; make room, or choose another folder with PARLEY_DATA_DIR",
		dir, errFull)
}
