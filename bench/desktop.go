package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"
)

const liveQuery = `subscription { live { position resync interactions { id unread preview { text } customer { phone } } } }`

// desktop is an open live subscription like that of an agent's browser.
type desktop struct {
	conn *websocket.Conn
	wake chan struct{}

	mu     sync.Mutex
	rows   map[string]seenRow
	prefix string               // of the texts to record in seen
	seen   map[string]time.Time // when each text was shown first
	err    error
}

type seenRow struct {
	unread int
	phone  string
}

func (s *server) openDesktop(ctx context.Context, token string) (*desktop, error) {
	conn, _, err := websocket.Dial(ctx, s.dev.WebSocket, &websocket.DialOptions{
		Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"Authorization": {"Bearer " + token}},
	})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(16 << 20)
	d := &desktop{
		conn: conn, wake: make(chan struct{}, 1), rows: make(map[string]seenRow), seen: make(map[string]time.Time),
	}
	subscribe := fmt.Sprintf(`{"id":"1","type":"subscribe","payload":{"query":%q}}`, liveQuery)
	for _, frame := range []string{`{"type":"connection_init"}`, subscribe} {
		if err := conn.Write(ctx, websocket.MessageText, []byte(frame)); err != nil {
			return nil, err
		}
	}
	started := make(chan struct{})
	go d.read(context.WithoutCancel(ctx), sync.OnceFunc(func() { close(started) }))
	select {
	case <-started:
		return d, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(30 * time.Second):
		return nil, fmt.Errorf("a subscription did not start within 30 s")
	}
}

func (d *desktop) close() { _ = d.conn.CloseNow() }

func (d *desktop) read(ctx context.Context, started func()) {
	for {
		_, data, err := d.conn.Read(ctx)
		if err != nil {
			d.fail(err)
			return
		}
		at := time.Now()
		var f struct {
			Type    string
			Payload struct {
				Data struct {
					Live struct {
						Resync       bool
						Interactions []struct {
							ID       string
							Preview  struct{ Text string }
							Unread   int
							Customer struct{ Phone string }
						}
					}
				}
				Errors []struct{ Message string }
			}
		}
		if json.Unmarshal(data, &f) != nil {
			continue
		}
		switch f.Type {
		case "ping":
			_ = d.conn.Write(ctx, websocket.MessageText, []byte(`{"type":"pong"}`))
		case "error", "complete":
			d.fail(fmt.Errorf("the subscription ended: %s", data))
			return
		case "next":
			started()
			d.mu.Lock()
			if len(f.Payload.Errors) > 0 {
				d.err = fmt.Errorf("%s", f.Payload.Errors[0].Message)
			}
			for _, i := range f.Payload.Data.Live.Interactions {
				d.rows[i.ID] = seenRow{i.Unread, i.Customer.Phone}
				if d.prefix != "" && strings.HasPrefix(i.Preview.Text, d.prefix) {
					if _, known := d.seen[i.Preview.Text]; !known {
						d.seen[i.Preview.Text] = at
					}
				}
			}
			d.mu.Unlock()
			select {
			case d.wake <- struct{}{}:
			default:
			}
		}
	}
}

func (d *desktop) fail(err error) {
	d.mu.Lock()
	d.err = err
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// until waits until done returns true, for two minutes at most. It asks again whenever the desktop has received
// something.
func (d *desktop) until(ctx context.Context, done func() bool) error {
	limit := time.After(2 * time.Minute)
	for !done() {
		d.mu.Lock()
		err := d.err
		d.mu.Unlock()
		if err != nil {
			return err
		}
		select {
		case <-d.wake:
		case <-limit:
			return errors.New("the desktop did not show everything within two minutes")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (d *desktop) unread() (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.rows {
		n += r.unread
	}
	return n
}

// customers counts the shown customers whose numbers begin with prefix.
func (d *desktop) customers(prefix string) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.rows {
		if strings.HasPrefix(r.phone, prefix) {
			n++
		}
	}
	return n
}

// watch starts to record when messages whose texts begin with prefix are shown.
func (d *desktop) watch(prefix string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.prefix, d.seen = prefix, make(map[string]time.Time)
}

func (d *desktop) seenCount() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.seen)
}

// eachSeen calls f with every text recorded since watch, and when it was shown.
func (d *desktop) eachSeen(f func(text string, at time.Time)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for text, at := range d.seen {
		f(text, at)
	}
}

// openDesktops measures the cost of many open subscriptions, and how fast one message reaches all of them.
func openDesktops(ctx context.Context, s *server, n int) error {
	before, start := s.memory(), time.Now()
	all, err := s.openMany(ctx, s.token("admin"), n)
	defer closeAll(all)
	if err != nil {
		return err
	}
	s.report.row("live subscriptions",
		figure{"memory of each", float64(s.memory()-before) / float64(len(all)) / 1000, "kB", "<= 100"},
		figure{"all open within", time.Since(start).Seconds(), "s", ""}, figure{"count", float64(len(all)), "", ""})
	h := hdrhistogram.New(1, 120_000_000, 3)
	const rounds = 10
	warmup := hdrhistogram.New(1, 120_000_000, 3)
	if err := s.deliverToEach(ctx, all, 0, warmup); err != nil { // opens the interaction
		return err
	}
	used := s.cpu()
	err = s.profiled(ctx, func() error {
		for i := range rounds {
			if err := s.deliverToEach(ctx, all, i+1, h); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.report.row("one event to all desktops",
		figure{"p50", ms(h, 50), "ms", ""}, figure{"p99", ms(h, 99), "ms", "<= 600"})
	s.report.row("CPU time per event and desktop", s.cpu().per(used, rounds*len(all), "")...)
	return nil
}

// oneOfMany measures how fast a message reaches the only desktop that may show it, while many desktops of an
// agent without access are open.
func oneOfMany(ctx context.Context, s *server, n int) error {
	others, err := s.openMany(ctx, s.tokenOf("hugo"), n)
	defer closeAll(others)
	if err != nil {
		return err
	}
	d, err := s.openDesktop(ctx, s.token("admin"))
	if err != nil {
		return err
	}
	defer d.close()
	h := hdrhistogram.New(1, 120_000_000, 3)
	if err := s.deliverToEach(ctx, []*desktop{d}, 1000, hdrhistogram.New(1, 120_000_000, 3)); err != nil {
		return err
	}
	for i := range 200 {
		if err := s.deliverToEach(ctx, []*desktop{d}, 1001+i, h); err != nil {
			return err
		}
	}
	for _, other := range others {
		if other.seenAnything() {
			return fmt.Errorf("a desktop of another queue received the message")
		}
	}
	s.report.row("one event to one desktop of many",
		figure{"p50", ms(h, 50), "ms", ""}, figure{"p99", ms(h, 99), "ms", "<= 50"})
	return nil
}

func (s *server) openMany(ctx context.Context, token string, n int) (all []*desktop, err error) {
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(32)
	for range n {
		group.Go(func() error {
			d, err := s.openDesktop(ctx, token)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, d)
			return nil
		})
	}
	return all, group.Wait()
}

func closeAll(all []*desktop) {
	for _, d := range all {
		d.close()
	}
}

func (d *desktop) seenAnything() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.rows) > 0
}

// deliverToEach delivers one message and records how long each desktop takes to show it.
func (s *server) deliverToEach(ctx context.Context, all []*desktop, i int, h *hdrhistogram.Histogram) error {
	prefix := fmt.Sprintf("to all %d.", i)
	for _, d := range all {
		d.watch(prefix)
	}
	sent := time.Now()
	if err := s.deliver(ctx, phoneOf(9_000_000, 1), fmt.Sprintf("wamid.toall%d", i), prefix); err != nil {
		return err
	}
	for _, d := range all {
		if err := d.until(ctx, func() bool { return d.seenCount() > 0 }); err != nil {
			return err
		}
		d.eachSeen(func(_ string, at time.Time) { _ = h.RecordValue(at.Sub(sent).Microseconds()) })
	}
	return nil
}
