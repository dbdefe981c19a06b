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

// deliveryJSON is the body of a delivery with the account's number, the customer's name and number, and a
// message.
const deliveryJSON = `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{` +
	`"messaging_product":"whatsapp","metadata":{"display_phone_number":"390612345678","phone_number_id":%q},` +
	`"contacts":[{"profile":{"name":"Bench %s"},"wa_id":%q}],` +
	`"messages":[{"from":%q,"id":%q,"timestamp":"%d","type":"text","text":{"body":%q}}]}}]}]}`

const senders = 64 // connections that deliver at the same time

// deliver posts one signed webhook call with one message, like Meta.
func (s *server) deliver(ctx context.Context, phone, id, text string) error {
	a := s.dev.Accounts[0]
	body := fmt.Sprintf(deliveryJSON, a.PhoneNumberID, phone[len(phone)-4:], phone, phone, id, time.Now().Unix(), text)
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
		return fmt.Errorf("the webhook answered %d", res.StatusCode)
	}
	return nil
}

// deliverAll delivers n messages over all connections. phone(i) and text(i) return the sender and the text of
// message i.
func (s *server) deliverAll(ctx context.Context, run string, n int, phone, text func(int) string) error {
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

// inbound measures the throughput of messages in open interactions, from the webhook until a desktop's live
// subscription has received all of them.
func inbound(ctx context.Context, s *server, n int) error {
	const conversations = 500
	d, err := s.openDesktop(ctx, s.token("admin"))
	if err != nil {
		return err
	}
	defer d.close()
	phone := func(i int) string { return phoneOf(1_000_000, i%conversations) }
	if err := s.deliverAll(ctx, "open", conversations, phone, func(int) string { return "hello" }); err != nil {
		return err
	}
	if err := d.until(ctx, func() bool { return d.unread() >= conversations }); err != nil {
		return err
	}
	before, used, start := d.unread(), s.cpu(), time.Now()
	err = s.profiled(ctx, func() error {
		return s.deliverAll(ctx, "in", n, phone, func(i int) string { return "message " + strconv.Itoa(i) })
	})
	if err != nil {
		return err
	}
	answered := time.Since(start)
	if err := d.until(ctx, func() bool { return d.unread() >= before+n }); err != nil {
		return fmt.Errorf("a desktop shows %d of %d messages: %w", d.unread()-before, n, err)
	}
	s.report.row("inbound, open interactions",
		figure{"shown on a desktop", float64(n) / time.Since(start).Seconds(), "messages/s", ">= 3000"},
		figure{"answered", float64(n) / answered.Seconds(), "messages/s", ""}, figure{"messages", float64(n), "", ""})
	s.report.row("CPU time per message", s.cpu().per(used, n, "<= 600")...)
	return nil
}

// firstContacts measures the throughput of messages from unknown customers.
func firstContacts(ctx context.Context, s *server, n int) error {
	d, err := s.openDesktop(ctx, s.token("admin"))
	if err != nil {
		return err
	}
	defer d.close()
	used, start := s.cpu(), time.Now()
	err = s.profiled(ctx, func() error {
		return s.deliverAll(ctx, "first", n, func(i int) string { return phoneOf(5_000_000, i) },
			func(int) string { return "good morning" })
	})
	if err != nil {
		return err
	}
	answered := time.Since(start)
	if err := d.until(ctx, func() bool { return d.customers(phoneOf(5_000_000, 0)[:6]) >= n }); err != nil {
		return err
	}
	s.report.row("inbound, first contacts",
		figure{"shown on a desktop", float64(n) / time.Since(start).Seconds(), "messages/s", ">= 1000"},
		figure{"answered", float64(n) / answered.Seconds(), "messages/s", ""}, figure{"messages", float64(n), "", ""})
	s.report.row("CPU time per first contact", s.cpu().per(used, n, "")...)
	return nil
}

// latency delivers 100 messages a second and measures for each how long after its due time a desktop has its
// row. when is added to the name of the figures and says what else is going on, such as " while rebuilding".
func latency(ctx context.Context, s *server, when string) error {
	const perSecond, lasts = 100, 20 * time.Second
	d, err := s.openDesktop(ctx, s.token("admin"))
	if err != nil {
		return err
	}
	defer d.close()
	const conversations = 200
	phone := func(i int) string { return phoneOf(2_000_000, i%conversations) }
	if err := s.deliverAll(ctx, "warm"+when, conversations, phone, func(int) string { return "hello" }); err != nil {
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
		group.Go(func() { _ = s.deliver(ctx, phone(i), "wamid.due"+when+strconv.Itoa(i), "due "+strconv.Itoa(i)) })
	}
	group.Wait()
	if err := d.until(ctx, func() bool { return d.seenCount() >= n }); err != nil {
		return fmt.Errorf("a desktop shows %d of %d messages: %w", d.seenCount(), n, err)
	}
	h := hdrhistogram.New(1, 60_000_000, 3)
	d.eachSeen(func(text string, at time.Time) {
		if i, err := strconv.Atoi(strings.TrimPrefix(text, "due ")); err == nil {
			_ = h.RecordValue(at.Sub(due[i]).Microseconds())
		}
	})
	goal50, goal99 := "<= 3", "<= 15"
	if when != "" {
		goal50, goal99 = "", ""
		if usual, found := s.report.value(latencyRow + ": p99"); found {
			goal99 = fmt.Sprintf("<= %.1f", 2*usual)
		}
	}
	s.report.row(latencyRow+when,
		figure{"p50", ms(h, 50), "ms", goal50}, figure{"p90", ms(h, 90), "ms", ""},
		figure{"p99", ms(h, 99), "ms", goal99}, figure{"max", float64(h.Max()) / 1000, "ms", ""})
	return nil
}

const latencyRow = "latency at 100/s"

func ms(h *hdrhistogram.Histogram, q float64) float64 { return float64(h.ValueAtQuantile(q)) / 1000 }
