// Package spool keeps webhook bodies safe on disk while the event store is away, and works them off in order.
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

// Errors of Append. The delivery is not kept; the provider has to be asked for it again.
var (
	ErrFull    = errors.New("spool is full")
	ErrAccount = errors.New("not an account id")
	ErrClosed  = errors.New("spool is closed")
)

// Options say how a spool behaves. Seal and Open are required: bodies hold what customers wrote.
type Options struct {
	Seal     func(plain []byte) ([]byte, error)
	Open     func(sealed []byte) ([]byte, error)
	MaxBytes int64        // over all accounts; 1 GiB when 0
	Log      *slog.Logger // slog.Default when nil
}

// Spool is a durable queue per account. Its methods may be called concurrently; only one process may use a folder.
type Spool struct {
	root *os.Root
	lock *os.File
	opts Options
	wake chan struct{} // an account has something to deliver

	mu     sync.Mutex
	queues map[string]*queue
	bytes  int64
	closed bool
}

// Stats is how much is waiting.
type Stats struct {
	Deliveries int
	Bytes      int64
	Oldest     time.Time // when the first of them came; zero when nothing waits
}

// accountID keeps folder names plain; ids are UUIDs.
var accountID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// ErrInUse says that another process works with the folder.
var ErrInUse = errors.New("in use by another process")

// Open takes up what an earlier run left in dir, which is made when it is not there. What a kill cut short at the end of
// a file was never acknowledged and is dropped.
func Open(dir string, opts Options) (*Spool, error) {
	if opts.Seal == nil || opts.Open == nil {
		return nil, errors.New("spool: sealing is required")
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
	if err := s.takeUp(); err != nil {
		return nil, errors.Join(fmt.Errorf("spool: %w", err), lock.Close(), root.Close())
	}
	return s, nil
}

func (s *Spool) takeUp() error {
	accounts, err := fs.ReadDir(s.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if !a.IsDir() || !accountID.MatchString(a.Name()) {
			continue
		}
		q := s.queue(a.Name())
		if err := q.takeUp(); err != nil {
			return err
		}
		s.bytes += q.size()
	}
	s.nudge()
	return nil
}

// Append keeps one body. When it returns nil the body survives a kill and a power cut.
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

// queue is the account's; the caller holds mu, or is alone.
func (s *Spool) queue(account string) *queue {
	q, ok := s.queues[account]
	if !ok {
		q = &queue{account: account, root: s.root, log: s.opts.Log}
		s.queues[account] = q
	}
	return q
}

// Pending says whether deliveries of the account wait, so that a new one has to go behind them.
func (s *Spool) Pending(account string) bool {
	s.mu.Lock()
	q := s.queues[account]
	s.mu.Unlock()
	return q != nil && q.pending.Load() > 0
}

// Stats says how much waits, for health and metrics.
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

// Close ends the spool; what waits stays on disk. Call it after Run has returned.
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
