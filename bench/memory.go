package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// memoryUnderLoad measures how much memory the program takes while it receives 50 messages a second for some time. Every
// fifth comes from an unknown customer, so whatever the program remembers of customers grows.
func memoryUnderLoad(ctx context.Context, s *server, lasts time.Duration) error {
	const perSecond = 50
	d, err := s.openDesktop(ctx, s.token("admin"))
	if err != nil {
		return err
	}
	defer d.close()
	n := int(lasts.Seconds()) * perSecond
	before, highest := s.memory(), int64(0)
	var failed atomic.Int64
	var group sync.WaitGroup
	used, start := s.cpu(), time.Now()
	for i := range n {
		time.Sleep(time.Until(start.Add(time.Duration(i) * time.Second / perSecond)))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		group.Go(func() {
			phone := phoneOf(20_000_000, i/5)
			if s.deliver(ctx, phone, "wamid.memory"+strconv.Itoa(i), "message "+strconv.Itoa(i)) != nil {
				failed.Add(1)
			}
		})
		if i%perSecond == 0 {
			highest = max(highest, s.memory())
		}
	}
	group.Wait()
	took := time.Since(start)
	if failed.Load() > 0 {
		return fmt.Errorf("%d of %d messages were refused", failed.Load(), n)
	}
	s.report.row("memory at 50 messages/s",
		figure{"before", float64(before) / 1e6, "MB", ""}, figure{"highest", float64(highest) / 1e6, "MB", "<= 300"},
		figure{"at the end", float64(s.memory()) / 1e6, "MB", ""},
		figure{"delivered", float64(n) / took.Seconds(), "messages/s", ""}, figure{"minutes", took.Minutes(), "", ""})
	s.report.row("CPU time per message while memory was measured", s.cpu().per(used, n, "")...)
	return nil
}
