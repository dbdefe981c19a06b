package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

const senders = 64 // connections that deliver at once

// deliver posts one signed delivery with one message, as Meta would.
func (s *server) deliver(ctx context.Context, phone, id, text string) error {
	a := s.dev.Accounts[0]
	body := fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"390612345678","phone_number_id":%q},"contacts":[{"profile":{"name":"Bench %s"},"wa_id":%q}],"messages":[{"from":%q,"id":%q,"timestamp":"%d","type":"text","text":{"body":%q}}]}}]}]}`,
		a.PhoneNumberID, phone[len(phone)-4:], phone, phone, id, time.Now().Unix(), text)
	mac := hmac.New(sha256.New, []byte(a.AppSecret))
	mac.Write([]byte(body))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.dev.URL+a.WebhookPath, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	res, err := s.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("delivery was answered %d", res.StatusCode)
	}
	return nil
}

// pour delivers n messages over all connections; phone and text say whose each is and what it says.
func (s *server) pour(ctx context.Context, run string, n int, phone func(int) string, text func(int) string) error {
	var next atomic.Int64
	var group sync.WaitGroup
	var failed atomic.Pointer[error]
	for range senders {
		group.Go(func() {
			for i := int(next.Add(1) - 1); i < n && failed.Load() == nil; i = int(next.Add(1) - 1) {
				if err := s.deliver(ctx, phone(i), "wamid."+run+strconv.Itoa(i), text(i)); err != nil {
					failed.Store(&err)
				}
			}
		})
	}
	group.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

func phoneOf(base, i int) string { return strconv.Itoa(393300000000 + base + i) }

// inbound measures messages into open conversations, from the webhook until all are on a desktop's live subscription.
func inbound(ctx context.Context, s *server, n int) error {
	const conversations = 500
	d, err := s.openDesktop(ctx, s.token("admin"))
	if err != nil {
		return err
	}
	defer d.close()
	who := func(i int) string { return phoneOf(1_000_000, i%conversations) }
	if err := s.pour(ctx, "open", conversations, who, func(int) string { return "hello" }); err != nil {
		return err
	}
	if err := d.until(ctx, func() bool { return d.unread() >= conversations }); err != nil {
		return err
	}
	before, used, start := d.unread(), s.cpu(), time.Now()
	err = s.profiled(ctx, func() error {
		return s.pour(ctx, "in", n, who, func(i int) string { return "message " + strconv.Itoa(i) })
	})
	if err != nil {
		return err
	}
	taken := time.Since(start)
	if err := d.until(ctx, func() bool { return d.unread() >= before+n }); err != nil {
		return fmt.Errorf("%d of %d messages were seen: %w", d.unread()-before, n, err)
	}
	row("inbound, open interactions: webhook → live subscription | %.0f messages/s until all %d were seen (answered at %.0f/s)",
		float64(n)/time.Since(start).Seconds(), n, float64(n)/taken.Seconds())
	row("… what a message costs | %s", s.cpu().per(used, n))
	return nil
}

// firstContacts measures customers nobody knew.
func firstContacts(ctx context.Context, s *server, n int) error {
	d, err := s.openDesktop(ctx, s.token("admin"))
	if err != nil {
		return err
	}
	defer d.close()
	used, start := s.cpu(), time.Now()
	err = s.profiled(ctx, func() error {
		return s.pour(ctx, "first", n, func(i int) string { return phoneOf(5_000_000, i) }, func(int) string { return "good morning" })
	})
	if err != nil {
		return err
	}
	taken := time.Since(start)
	if err := d.until(ctx, func() bool { return d.known(phoneOf(5_000_000, 0)[:6]) >= n }); err != nil {
		return err
	}
	row("inbound, first contacts | %.0f messages/s until all %d were seen (answered at %.0f/s)", float64(n)/time.Since(start).Seconds(), n, float64(n)/taken.Seconds())
	row("… what a first contact costs | %s", s.cpu().per(used, n))
	return nil
}

// latency measures single messages at a fixed rate, from when each was due until its row is on a desktop.
func latency(ctx context.Context, s *server, when string, perSecond int, lasts time.Duration) error {
	d, err := s.openDesktop(ctx, s.token("admin"))
	if err != nil {
		return err
	}
	defer d.close()
	const conversations = 200
	who := func(i int) string { return phoneOf(2_000_000, i%conversations) }
	if err := s.pour(ctx, "warm"+when, conversations, who, func(int) string { return "hello" }); err != nil {
		return err
	}
	if err := d.until(ctx, func() bool { return d.unread() >= conversations }); err != nil {
		return err
	}
	n := int(lasts.Seconds()) * perSecond
	due := make([]time.Time, n)
	start := time.Now().Add(200 * time.Millisecond)
	d.watch("due ")
	var group sync.WaitGroup
	for i := range n {
		due[i] = start.Add(time.Duration(i) * time.Second / time.Duration(perSecond))
		time.Sleep(time.Until(due[i]))
		group.Go(func() { _ = s.deliver(ctx, who(i), "wamid.due"+when+strconv.Itoa(i), "due "+strconv.Itoa(i)) })
	}
	group.Wait()
	if err := d.until(ctx, func() bool { return d.seenCount() >= n }); err != nil {
		return fmt.Errorf("%d of %d were seen: %w", d.seenCount(), n, err)
	}
	h := hdrhistogram.New(1, 60_000_000, 3)
	d.each(func(text string, at time.Time) {
		if i, err := strconv.Atoi(strings.TrimPrefix(text, "due ")); err == nil {
			_ = h.RecordValue(at.Sub(due[i]).Microseconds())
		}
	})
	row("latency at %d/s%s, from when each was due | p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max %.1f ms", perSecond, when,
		ms(h, 50), ms(h, 90), ms(h, 99), float64(h.Max())/1000)
	return nil
}

func ms(h *hdrhistogram.Histogram, q float64) float64 { return float64(h.ValueAtQuantile(q)) / 1000 }
