package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// oneUsersWorst measures what everybody else notices while one agent has 48 wide searches in progress all the time. Calm
// and busy times alternate, so that whatever else the machine does affects both alike.
func oneUsersWorst(ctx context.Context, s *server, n int) error {
	const rounds = 8
	if err := s.prepareLists(ctx, n); err != nil {
		return err
	}
	spooled, err := s.spooled(ctx)
	if err != nil {
		return err
	}
	calm, worst := newOthers(), newOthers()
	var answered, refused atomic.Int64
	for round := range rounds {
		if err := s.everybodyElse(ctx, fmt.Sprint("calm", round), calm); err != nil {
			return err
		}
		end := s.searchWithoutEnd(ctx, &answered, &refused)
		time.Sleep(time.Second)
		err := s.everybodyElse(ctx, fmt.Sprint("worst", round), worst)
		end()
		if err != nil {
			return err
		}
	}
	after, err := s.spooled(ctx)
	if err != nil {
		return err
	}
	for _, of := range []struct {
		what        string
		calm, worst *hdrhistogram.Histogram
	}{{"lists", calm.lists, worst.lists}, {"deliveries", calm.deliveries, worst.deliveries}} {
		s.report.row("others' "+of.what+" while one user runs 48 searches",
			figure{"usual p50", ms(of.calm, 50), "ms", ""}, figure{"usual p99", ms(of.calm, 99), "ms", ""},
			figure{"p50", ms(of.worst, 50), "ms", ""}, figure{"p99", ms(of.worst, 99), "ms", ""},
			figure{"p99 times", ms(of.worst, 99) / ms(of.calm, 99), "", "<= 2"})
	}
	s.report.row("the same time", figure{"searches answered", float64(answered.Load()), "", ""},
		figure{"refused", float64(refused.Load()), "", ""},
		figure{"deliveries that went to the local queue", float64(after - spooled), "", "<= 0"})
	return nil
}

// searchWithoutEnd starts 48 clients of one agent that search again and again, until end is called.
func (s *server) searchWithoutEnd(ctx context.Context, answered, refused *atomic.Int64) (end func()) {
	searching, stop := context.WithCancel(ctx)
	var group sync.WaitGroup
	for i := range 48 {
		group.Go(func() {
			words := []string{"order", "tenth", "thousandth", "customer 1"}
			filter := map[string]any{"filter": map[string]any{"search": words[i%len(words)]}}
			for searching.Err() == nil {
				var page struct{}
				if s.query(searching, s.token("agent"), listQuery, filter, &page) == nil {
					answered.Add(1)
					continue
				}
				refused.Add(1)
				select { // as a client does that heeds "retryable"
				case <-time.After(100 * time.Millisecond):
				case <-searching.Done():
				}
			}
		})
	}
	return func() { stop(); group.Wait() }
}

// others are the latencies of people and providers who do what they always do.
type others struct{ lists, deliveries *hdrhistogram.Histogram }

func newOthers() others {
	return others{hdrhistogram.New(1, 60_000_000, 3), hdrhistogram.New(1, 60_000_000, 3)}
}

// everybodyElse opens the list ten times and delivers ten messages a second, for five seconds.
func (s *server) everybodyElse(ctx context.Context, run string, o others) error {
	const perSecond, lasts = 10, 5
	var mu sync.Mutex
	var failed error
	timed := func(h *hdrhistogram.Histogram, do func() error) {
		start := time.Now()
		err := do()
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			failed = err
		}
		_ = h.RecordValue(time.Since(start).Microseconds())
	}
	var group sync.WaitGroup
	start := time.Now()
	for i := range perSecond * lasts {
		time.Sleep(time.Until(start.Add(time.Duration(i) * time.Second / perSecond)))
		group.Go(func() {
			timed(o.lists, func() error {
				var page struct{}
				return s.query(ctx, s.token("admin"), listQuery, nil, &page)
			})
		})
		group.Go(func() {
			timed(o.deliveries, func() error {
				return s.deliver(ctx, phoneOf(9_000_000, i%20), "wamid."+run+strconv.Itoa(i), "hello")
			})
		})
	}
	group.Wait()
	return failed
}

// spooled returns how many deliveries went to the local queue so far.
func (s *server) spooled(ctx context.Context) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.dev.URL+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	res, err := s.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		var n int
		name, value, _ := strings.Cut(lines.Text(), " ")
		if name == `parley_webhook_deliveries_total{outcome="spooled"}` {
			_, err := fmt.Sscan(value, &n)
			return n, err
		}
	}
	return 0, lines.Err()
}
