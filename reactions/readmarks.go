package reactions

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/channels"
	"parley/domain"
	"parley/projections/settings"
)

const (
	readWithin   = time.Hour // older messages are not worth a mark
	readTries    = 3
	readAtOnce   = 200
	readTryAgain = 5 * time.Second
)

// readMarks shows customers that their messages were read, where the account says so. It is a courtesy: what was marked is
// remembered in memory only, and marking twice changes nothing.
type readMarks struct {
	Config
	letters *letters
	pace    func(domain.AccountID) *lane
	marked  map[string]mark // by interaction
}

type mark struct {
	message string
	tries   int
	again   time.Time // zero when it is done
	at      time.Time
}

func newReadMarks(c Config, l *letters, pace func(domain.AccountID) *lane) *readMarks {
	return &readMarks{Config: c, letters: l, pace: pace, marked: make(map[string]mark)}
}

func (r *readMarks) loop() loop {
	return loop{name: "read marks", sweep: r.sweep, gap: 250 * time.Millisecond, idle: 5 * time.Second, of: []string{"interactions", "open_interactions", "accounts"}}
}

type seen struct{ InteractionID, AccountID, MessageID string }

func (r *readMarks) sweep(ctx context.Context) (time.Duration, error) {
	accounts, err := settings.AllAccounts(ctx, r.Pool)
	if err != nil {
		return 0, err
	}
	var marking []string
	for _, a := range accounts {
		if a.Active() && a.Settings.MarkAsRead {
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

// mark makes one try.
func (r *readMarks) mark(ctx context.Context, s seen, m mark) mark {
	m.tries++
	err := r.tell(ctx, s)
	var e *channels.SendError
	switch {
	case err == nil:
		r.Count("read mark")
		m.again = time.Time{}
	case m.tries >= readTries, errors.As(err, &e) && e.Outcome == channels.Refused:
		r.Log.Warn("a customer does not learn that a message was read", "interaction", s.InteractionID, "error", describe(err))
		m.again = time.Time{}
	default:
		m.again = r.Now().Add(readTryAgain)
	}
	return m
}

func (r *readMarks) tell(ctx context.Context, s seen) error {
	account, err := r.Account(ctx, domain.AccountID(s.AccountID))
	if err != nil {
		return err
	}
	provider := r.Providers[strings.ToLower(account.Settings.Provider)]
	if provider == nil {
		return errors.New("no such provider")
	}
	id, err := r.letters.providerID(ctx, domain.InteractionID(s.InteractionID), domain.MessageID(s.MessageID))
	if err != nil || id == "" {
		return err
	}
	l := r.pace(domain.AccountID(s.AccountID))
	if open, _ := l.open(r.Now()); !open {
		return errors.New("the account is paused")
	}
	if err := l.limiter.Wait(ctx); err != nil {
		return err
	}
	return provider.MarkRead(ctx, account.Credentials, id)
}
