package spool_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/channels/spool"
	"parley/internal/testwait"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("SPOOL_UNTIL_KILLED"); dir != "" {
		appendUntilKilled(dir)
	}
	goleak.VerifyTestMain(m)
}

// flip stands for sealing: the bytes on disk differ from those given.
func flip(b []byte) ([]byte, error) {
	out := bytes.Clone(b)
	for i := range out {
		out[i] ^= 0x5a
	}
	return out, nil
}

func open(t *testing.T, dir string, maxBytes int64) *spool.Spool {
	t.Helper()
	s, err := spool.Open(dir, spool.Options{Seal: flip, Open: flip, MaxBytes: maxBytes, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	return s
}

// sink accepts deliveries unless fails returns an error.
type sink struct {
	mu    sync.Mutex
	got   map[string][]string
	fails func(raw string) error
}

func (k *sink) deliver(_ context.Context, account string, raws [][]byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, raw := range raws {
		if k.fails != nil {
			if err := k.fails(string(raw)); err != nil {
				return err
			}
		}
	}
	if k.got == nil {
		k.got = make(map[string][]string)
	}
	for _, raw := range raws {
		k.got[account] = append(k.got[account], string(raw))
	}
	return nil
}

func (k *sink) of(account string) []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return append([]string(nil), k.got[account]...)
}

func run(t *testing.T, s *spool.Spool, deliver spool.Deliver) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, deliver) }()
	return sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-done)
	})
}

// A failed append, for example on a full disk, can leave its file behind.
func TestAFileLeftByAFailedAppendDoesNotBlockTheQueue(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 0)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "acc"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "acc", "000000000001.seg"), nil, 0o600))
	require.Error(t, s.Append("acc", []byte("one")), "the provider must repeat it")
	require.NoError(t, s.Append("acc", []byte("one")))
	require.NoError(t, s.Append("acc", []byte("two")))
	k := &sink{}
	stop := run(t, s, k.deliver)
	require.Eventually(t, func() bool { return !s.Pending("acc") }, testwait.Limit, time.Millisecond)
	stop()
	require.Equal(t, []string{"one", "two"}, k.of("acc"))
	require.NoError(t, s.Close())
}

func numbered(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("delivery %d %s", i, strings.Repeat("x", 2000)))
	}
	return out
}

func TestDeliveriesKeepTheirOrderOverARestart(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 0)
	want := numbered(1500) // several files
	for _, raw := range want {
		require.NoError(t, s.Append("account-a", []byte(raw)))
	}
	require.NoError(t, s.Append("account-b", []byte("other")))
	require.True(t, s.Pending("account-a"))
	require.NoError(t, s.Close())

	s = open(t, dir, 0)
	require.Equal(t, 1501, s.Stats().Deliveries)
	require.False(t, s.Stats().Oldest.IsZero())
	k := &sink{}
	stop := run(t, s, k.deliver)
	require.Eventually(t, func() bool { return s.Stats().Deliveries == 0 }, testwait.Limit, time.Millisecond)
	stop()
	require.Equal(t, want, k.of("account-a"))
	require.Equal(t, []string{"other"}, k.of("account-b"))
	require.False(t, s.Pending("account-a"))
	require.Zero(t, s.Stats().Bytes)
	require.NoError(t, s.Close())
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.seg"))
	require.NoError(t, err)
	require.Empty(t, files, "delivered files are gone")
}

func TestABodyIsUnreadableOnDisk(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 0)
	require.NoError(t, s.Append("a", []byte("what a customer wrote")))
	require.NoError(t, s.Close())
	raw, err := os.ReadFile(filepath.Join(dir, "a", "000000000001.seg"))
	require.NoError(t, err)
	require.NotContains(t, string(raw), "customer")
}

func TestDeliveriesKeepTheirOrderWhileTheStoreIsAway(t *testing.T) {
	s := open(t, t.TempDir(), 0)
	var mu sync.Mutex
	away, tries := true, 0
	k := &sink{fails: func(string) error {
		mu.Lock()
		defer mu.Unlock()
		tries++
		if away {
			return errors.New("store is away")
		}
		return nil
	}}
	stop := run(t, s, k.deliver)
	for i := range 10 {
		require.NoError(t, s.Append("a", fmt.Append(nil, i)))
	}
	require.Eventually(t, func() bool { mu.Lock(); defer mu.Unlock(); return tries > 2 }, testwait.Limit, time.Millisecond)
	require.Empty(t, k.of("a"))
	mu.Lock()
	away = false
	mu.Unlock()
	require.Eventually(t, func() bool { return !s.Pending("a") }, testwait.Limit, time.Millisecond)
	stop()
	require.Equal(t, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, k.of("a"))
	require.NoError(t, s.Close())
}

func TestARefusedDeliveryIsSetAsideAndTheOthersAreDelivered(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 0)
	for i := range 5 {
		require.NoError(t, s.Append("a", fmt.Append(nil, i)))
	}
	k := &sink{fails: func(raw string) error {
		if raw == "2" {
			return fmt.Errorf("poison: %w", spool.ErrPermanent)
		}
		return nil
	}}
	stop := run(t, s, k.deliver)
	require.Eventually(t, func() bool { return !s.Pending("a") }, testwait.Limit, time.Millisecond)
	stop()
	require.Equal(t, []string{"0", "1", "3", "4"}, k.of("a"))
	aside, err := filepath.Glob(filepath.Join(dir, ".dead-letters", "a-*"))
	require.NoError(t, err)
	require.Len(t, aside, 1)
	require.NoError(t, s.Close())
	require.Zero(t, open(t, dir, 0).Stats().Deliveries, "a delivery set aside is not delivered again")
}

func TestATornRecordIsDroppedAndTheRestDelivered(t *testing.T) {
	for cut := range 30 {
		dir := t.TempDir()
		s := open(t, dir, 0)
		require.NoError(t, s.Append("a", []byte("whole")))
		require.NoError(t, s.Append("a", []byte("torn apart")))
		require.NoError(t, s.Close())
		file := filepath.Join(dir, "a", "000000000001.seg")
		info, err := os.Stat(file)
		require.NoError(t, err)
		require.NoError(t, os.Truncate(file, info.Size()-int64(cut)))

		s = open(t, dir, 0)
		require.NoError(t, s.Append("a", []byte("after")))
		k := &sink{}
		stop := run(t, s, k.deliver)
		require.Eventually(t, func() bool { return !s.Pending("a") }, testwait.Limit, time.Millisecond)
		stop()
		want := []string{"whole", "after"}
		switch {
		case cut == 0:
			want = []string{"whole", "torn apart", "after"}
		case cut > len("torn apart")+16: // cuts into the record before
			want = []string{"after"}
		}
		require.Equal(t, want, k.of("a"), cut)
		require.NoError(t, s.Close())
	}
}

func TestAFullOrClosedSpoolRefusesDeliveries(t *testing.T) {
	s := open(t, t.TempDir(), 200)
	require.NoError(t, s.Append("a", make([]byte, 100)))
	require.ErrorIs(t, s.Append("a", make([]byte, 100)), spool.ErrFull)
	require.ErrorIs(t, s.Append("../escape", []byte("x")), spool.ErrAccount)
	require.NoError(t, s.Close())
	require.ErrorIs(t, s.Append("a", []byte("x")), spool.ErrClosed)
}

func TestTheQueueSaysWhenItCannotKeepDeliveries(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	s := open(t, dir, 200)
	require.NoError(t, s.Append("a", make([]byte, 100)))
	answers := make(chan error, 20)
	for range cap(answers) { // health checks come at the same time
		go func() { answers <- s.Check() }()
	}
	for range cap(answers) {
		require.NoError(t, <-answers)
	}
	require.NoError(t, os.RemoveAll(dir))
	require.Error(t, s.Check(), "its folder is gone")
	require.NoError(t, os.Mkdir(dir, 0o700))
	require.NoError(t, s.Close())
	require.ErrorIs(t, s.Check(), spool.ErrClosed)

	full := open(t, t.TempDir(), 1000)
	require.NoError(t, full.Check())
	for full.Append("a", make([]byte, 10)) == nil {
	}
	require.ErrorIs(t, full.Check(), spool.ErrFull)
	require.NoError(t, full.Close())
}

func TestASecondProcessCannotOpenTheSameFolder(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, 0)
	_, err := spool.Open(dir, spool.Options{Seal: flip, Open: flip})
	require.ErrorContains(t, err, "in use")
	require.NoError(t, s.Close())
}

func appendUntilKilled(dir string) {
	s, err := spool.Open(dir, spool.Options{Seal: flip, Open: flip})
	if err != nil {
		os.Exit(3)
	}
	for i := 0; ; i++ {
		var group sync.WaitGroup
		for j := range 4 {
			group.Go(func() {
				id := fmt.Sprintf("%d/%d", i, j)
				if s.Append("a", []byte(id)) == nil {
					fmt.Println(id) // acknowledged
				}
			})
		}
		group.Wait()
	}
}

func TestAnAcknowledgedDeliverySurvivesAKill(t *testing.T) {
	for round := range 5 {
		dir := t.TempDir()
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "SPOOL_UNTIL_KILLED="+dir)
		var acknowledged lines
		cmd.Stdout = &acknowledged
		require.NoError(t, cmd.Start())
		require.Eventually(t, func() bool { return acknowledged.count() > 20*(round+1) }, testwait.Limit, time.Millisecond)
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()

		s := open(t, dir, 0)
		k := &sink{}
		stop := run(t, s, k.deliver)
		require.Eventually(t, func() bool { return !s.Pending("a") }, testwait.Limit, time.Millisecond)
		stop()
		require.NoError(t, s.Close())
		require.Subset(t, k.of("a"), acknowledged.whole())
	}
}

// lines collects what a process prints.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) whole() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := l.buf.String()
	return strings.Fields(text[:strings.LastIndexByte(text, '\n')+1])
}

func (l *lines) count() int { return len(l.whole()) }

func BenchmarkConcurrentAppends(b *testing.B) {
	s, err := spool.Open(b.TempDir(), spool.Options{Seal: flip, Open: flip})
	require.NoError(b, err)
	raw := make([]byte, 700)
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_ = s.Append("a", raw)
		}
	})
	require.NoError(b, s.Close())
}
