package reactions

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/channels"
	"parley/domain"
	"parley/projections/settings"
)

const (
	readWithin   = time.Hour // older messages get no read receipt
	readTries    = 3
	readAtOnce   = 200
	readTryAgain = 5 * time.Second
)

// readMarks sends read receipts to customers where the account allows it. They are a courtesy, so what was
// sent is kept only in memory. Sending one twice changes nothing.
type readMarks struct {
	Config
	contents *contents
	pacerOf  func(domain.AccountID) *pacer
	marked   map[string]mark // by interaction
}

type mark struct {
	message string
	tries   int
	again   time.Time // next attempt; zero when done
	at      time.Time
}

func newReadMarks(c Config, contents *contents, pacerOf func(domain.AccountID) *pacer) *readMarks {
	return &readMarks{Config: c, contents: contents, pacerOf: pacerOf, marked: make(map[string]mark)}
}

func (r *readMarks) loop() loop {
	return loop{name: "read marks", sweep: r.sweep, gap: 250 * time.Millisecond, idle: 5 * time.Second,
		watches: []string{"interactions", "open_interactions", "accounts"}}
}

type seen struct{ InteractionID, AccountID, MessageID string }

func (r *readMarks) sweep(ctx context.Context) (time.Duration, error) {
	if held, err := r.Hold(ctx); held || err != nil {
		return 0, err
	}
	accounts, err := settings.AllAccounts(ctx, r.Pool)
	if err != nil {
		return 0, err
	}
	var marking []string
	for _, a := range accounts {
		if a.Active() && a.Settings.MarkAsRead && r.receipts(a) {
			marking = append(marking, a.ID)
		}
	}
	if len(marking) == 0 {
		return 0, nil
	}
	now := r.Now()
	for id, m := range r.marked {
		if now.Sub(m.at) > 2*readWithin {
			delete(r.marked, id)
		}
	}
	rows, err := r.Pool.Query(ctx, `
		SELECT o.interaction_id, o.account_id, i.last_customer_message_id
		FROM open_interactions o JOIN interactions i ON i.id = o.interaction_id
		WHERE o.account_id = ANY($1) AND o.owner_id <> '' AND i.unread = 0 AND i.inbound > 0
			AND i.last_customer_message_id <> '' AND i.last_inbound_at > $2`, marking, now.Add(-readWithin))
	if err != nil {
		return 0, fmt.Errorf("read what was seen: %w", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[seen])
	if err != nil {
		return 0, fmt.Errorf("read what was seen: %w", err)
	}
	wait, done := time.Duration(0), 0
	for _, s := range all {
		m := r.marked[s.InteractionID]
		if m.message != s.MessageID {
			m = mark{message: s.MessageID, again: now}
		}
		m.at = now
		if !m.again.IsZero() && !m.again.After(now) && done < readAtOnce {
			done++
			m = r.mark(ctx, s, m)
		}
		r.marked[s.InteractionID] = m
		if d := m.again.Sub(now); !m.again.IsZero() && (wait == 0 || d < wait) {
			wait = max(d, time.Millisecond)
		}
	}
	return wait, nil
}

// receipts reports whether the account's provider can tell customers that a message was read.
func (r *readMarks) receipts(a settings.Account) bool {
	p, ok := r.Providers.Named(a.Settings.Provider)
	return ok && p.Declaration().Capabilities.ReadReceipts
}

// mark makes one attempt to send a receipt.
func (r *readMarks) mark(ctx context.Context, s seen, m mark) mark {
	m.tries++
	err := r.sendReceipt(ctx, s)
	var e *channels.SendError
	switch {
	case err == nil:
		r.Count("read mark")
		m.again = time.Time{}
	case m.tries >= readTries, errors.As(err, &e) && e.Outcome == channels.Failed:
		r.Log.Warn("a read receipt could not be sent", "interaction", s.InteractionID,
			"error", describe(err))
		m.again = time.Time{}
	default:
		m.again = r.Now().Add(readTryAgain)
	}
	return m
}

// sendReceipt tells the customer that we have read their messages.
func (r *readMarks) sendReceipt(ctx context.Context, s seen) error {
	account, err := r.Account(ctx, domain.AccountID(s.AccountID))
	if err != nil {
		return err
	}
	provider, err := r.provider(account)
	if err != nil {
		return err
	}
	id, err := r.contents.providerID(ctx, domain.InteractionID(s.InteractionID), domain.MessageID(s.MessageID))
	if err != nil || id == "" {
		return err
	}
	p := r.pacerOf(domain.AccountID(s.AccountID))
	if open, _ := p.open(r.Now()); !open {
		return errors.New("the account is paused")
	}
	if err := p.limiter.Wait(ctx); err != nil {
		return err
	}
	return provider.MarkRead(ctx, account.Channel, id)
}
