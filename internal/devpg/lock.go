package devpg

import (
	"errors"
	"os"
	"syscall"
)

var errLocked = errors.New("locked by another program")

// lockFile takes a lock that ends with its process. Without wait, it returns errLocked if the lock is held.
func lockFile(path string, wait bool) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	how := syscall.LOCK_EX
	if !wait {
		how |= syscall.LOCK_NB
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errLocked
	}
	return nil, err
}

func unlock(f *os.File) {
	if f != nil {
		f.Close()
	}
}
