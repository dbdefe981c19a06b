// Package spool is the local queue. It keeps deliveries on disk while the event store is unavailable, and then
// delivers them in order.
package spool

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"regexp"
	"sync"
	"syscall"
	"time"

	"parley/internal/fault"
)

// Errors of Append. The delivery is not kept, and the provider must repeat it.
var (
	ErrFull    = errors.New("spool is full")
	ErrAccount = errors.New("not an account id")
	ErrClosed  = errors.New("spool is closed")
)

// Options configure a spool. Seal and Open are required, since bodies hold what customers wrote.
type Options struct {
	Seal     func(plain []byte) ([]byte, error)
	Open     func(sealed []byte) ([]byte, error)
	MaxBytes int64        // of all accounts together; 1 GiB when 0
	Log      *slog.Logger // slog.Default when nil
}

// Spool is a durable queue for each account. Its methods may be called concurrently.
// Only one process may use a folder.
type Spool struct {
	root *os.Root
	lock *os.File
	opts Options
	wake chan struct{} // signals that an account has something to deliver

	probing sync.Mutex // held by Check while it has its file

	mu     sync.Mutex
	queues map[string]*queue
	bytes  int64
	closed bool
}

// Stats says how much is waiting.
type Stats struct {
	Deliveries int
	Bytes      int64
	Oldest     time.Time // when the first one arrived; zero if none is waiting
}

// accountID matches ids that are safe as folder names.
var accountID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// ErrInUse reports that another process uses the folder.
var ErrInUse = errors.New("in use by another process")

// Open opens the spool in dir and recovers what an earlier run left there. It creates dir if necessary. A
// record cut short by a kill was never acknowledged, and is dropped.
func Open(dir string, opts Options) (*Spool, error) {
	if opts.Seal == nil || opts.Open == nil {
		return nil, errors.New("spool: Seal and Open are required")
	}
	if opts.MaxBytes == 0 {
		opts.MaxBytes = 1 << 30
	}
	if opts.Log == nil {
		opts.Log = slog.Default()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	lock, err := root.OpenFile(".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(fmt.Errorf("spool %s: %w", dir, ErrInUse), lock.Close(), root.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("spool %s: %w", dir, err), root.Close())
	}
	s := &Spool{root: root, lock: lock, opts: opts, wake: make(chan struct{}, 1), queues: make(map[string]*queue)}
	if err := s.restore(); err != nil {
		return nil, errors.Join(fmt.Errorf("spool: %w", err), lock.Close(), root.Close())
	}
	return s, nil
}

func (s *Spool) restore() error {
	accounts, err := fs.ReadDir(s.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if !a.IsDir() || !accountID.MatchString(a.Name()) {
			continue
		}
		q := s.queue(a.Name())
		if err := q.restore(); err != nil {
			return err
		}
		s.bytes += q.size()
	}
	s.nudge()
	return nil
}

// Append stores one body. Once it returns nil, the body survives a kill and a power failure.
func (s *Spool) Append(account string, raw []byte) error {
	if !accountID.MatchString(account) {
		return ErrAccount
	}
	sealed, err := s.opts.Seal(raw)
	if err != nil {
		return fmt.Errorf("seal delivery: %w", err)
	}
	rec := encode(record{at: time.Now(), sealed: sealed})
	q, err := s.reserve(account, int64(len(rec)))
	if err != nil {
		return err
	}
	if err := q.append(rec); err != nil {
		s.release(int64(len(rec)))
		return fmt.Errorf("spool: %w", err)
	}
	_ = fault.Hit("spool.durable")
	s.nudge()
	return nil
}

func (s *Spool) reserve(account string, n int64) (*queue, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, ErrClosed
	case s.bytes+n > s.opts.MaxBytes:
		return nil, ErrFull
	}
	s.bytes += n
	return s.queue(account), nil
}

func (s *Spool) release(n int64) {
	s.mu.Lock()
	s.bytes -= n
	s.mu.Unlock()
}

// queue returns the queue of an account. The caller holds mu, or runs alone.
func (s *Spool) queue(account string) *queue {
	q, ok := s.queues[account]
	if !ok {
		q = &queue{account: account, root: s.root, log: s.opts.Log}
		s.queues[account] = q
	}
	return q
}

// Pending reports whether deliveries of the account are waiting. A new one must then queue behind them.
func (s *Spool) Pending(account string) bool {
	s.mu.Lock()
	q := s.queues[account]
	s.mu.Unlock()
	return q != nil && q.pending.Load() > 0
}

// Stats returns how much is waiting, for health and metrics.
func (s *Spool) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := Stats{Bytes: s.bytes}
	for _, q := range s.queues {
		n := int(q.pending.Load())
		out.Deliveries += n
		if at := q.oldest(); n > 0 && (out.Oldest.IsZero() || at.Before(out.Oldest)) {
			out.Oldest = at
		}
	}
	return out
}

// probe is the file that Check writes. Its name cannot be an account id.
const probe = ".probe"

// headroom is the space that must be free, or a tenth of a smaller queue: enough for any delivery.
const headroom = 4 << 20

// Check reports why deliveries cannot be kept at the moment: the queue is full, or a small file cannot be made
// durable in its folder.
func (s *Spool) Check() error {
	s.mu.Lock()
	full, closed := s.bytes+min(headroom, s.opts.MaxBytes/10) > s.opts.MaxBytes, s.closed
	s.mu.Unlock()
	switch {
	case closed:
		return ErrClosed
	case full:
		return ErrFull
	}
	s.probing.Lock()
	defer s.probing.Unlock()
	file, err := s.root.OpenFile(probe, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	_, err = file.Write(make([]byte, 4096))
	if err := errors.Join(err, file.Sync(), file.Close(), s.root.Remove(probe)); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}

// Close closes the spool. Waiting deliveries stay on disk. Call it after Run has returned.
func (s *Spool) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	var errs []error
	for _, q := range s.queues {
		errs = append(errs, q.close())
	}
	return errors.Join(append(errs, s.lock.Close(), s.root.Close())...)
}

func (s *Spool) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
