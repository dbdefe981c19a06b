package reactions

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"parley/domain"
	"parley/domain/interaction"
)

const (
	lookBack      = 24 * time.Hour // how far back a full scan looks
	fullScanEvery = 5 * time.Minute
	clockSlack    = 30 * time.Second // how far out of order interactions may appear: twice an append's limit, and a margin
	linkedAtOnce  = 500
)

// linker gives each customer a contact: the one with their number or user id or, if the account creates
// contacts, a new one.
type linker struct {
	Config
	contents *contents
	retries  *retries
	through  time.Time            // start time up to which interactions were scanned
	scanned  time.Time            // when the last full scan ran
	handled  map[string]time.Time // start times of the interactions already handled
}

// unlinked is an interaction without a contact.
type unlinked struct {
	InteractionID string
	AccountID     string
	AddressID     string
	StartedAt     time.Time
}

func newLinker(c Config, contents *contents) *linker {
	return &linker{Config: c, contents: contents, retries: newRetries(c, "contacts"), handled: make(map[string]time.Time)}
}

func (l *linker) loop() loop {
	return loop{name: "contacts", sweep: l.sweep, gap: 50 * time.Millisecond, idle: 5 * time.Second,
		watches: []string{"interaction_customers"}}
}

// sweep handles every interaction that began since the last sweep, once. An interaction's start time is set before
// it reaches the log, by one of several clocks, so some appear late. A full scan finds those every few minutes.
func (l *linker) sweep(ctx context.Context) (time.Duration, error) {
	now := l.Now()
	from := unlinked{StartedAt: l.through.Add(-clockSlack)}
	if l.through.After(now) {
		from.StartedAt = now.Add(-clockSlack) // another process's clock is ahead
	}
	fullScan := now.Sub(l.scanned) >= fullScanEvery
	if fullScan {
		from.StartedAt = now.Add(-lookBack)
		for id, began := range l.handled {
			if began.Before(from.StartedAt) {
				delete(l.handled, id)
			}
		}
	}
	for {
		rows, err := l.next(ctx, from)
		if err != nil {
			return 0, err
		}
		if len(rows) == 0 {
			if fullScan {
				l.scanned = now
			}
			return 0, nil
		}
		g, linking := errgroup.WithContext(ctx)
		g.SetLimit(8)
		for _, s := range rows {
			if _, known := l.handled[s.InteractionID]; known || l.retries.delayed(s.InteractionID) {
				continue
			}
			g.Go(func() error { return l.retries.record(s.InteractionID, l.link(linking, s)) })
		}
		if err := g.Wait(); err != nil {
			return 0, err // the linked ones stay linked; the others are retried
		}
		for _, s := range rows {
			if !l.retries.delayed(s.InteractionID) {
				l.handled[s.InteractionID] = s.StartedAt
			}
		}
		from = rows[len(rows)-1]
		if from.StartedAt.After(l.through) {
			l.through = from.StartedAt
		}
	}
}

func (l *linker) next(ctx context.Context, after unlinked) ([]unlinked, error) {
	rows, err := l.Pool.Query(ctx, `
		SELECT interaction_id, account_id, address_id, started_at FROM interaction_customers
		WHERE (started_at, interaction_id) > ($1, $2) AND contact_id = '' ORDER BY started_at, interaction_id LIMIT $3`,
		after.StartedAt, after.InteractionID, linkedAtOnce)
	if err != nil {
		return nil, fmt.Errorf("read interactions without a contact: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[unlinked])
}

// link finds or creates the contact of one interaction. If a rule refuses it, the interaction stays without one.
func (l *linker) link(ctx context.Context, s unlinked) error {
	customer, err := l.customer(ctx, domain.InteractionID(s.InteractionID))
	if err != nil {
		return err
	}
	id, created, err := l.Commands.FindOrCreateContact(ctx, domain.AccountID(s.AccountID), domain.AddressID(s.AddressID), customer)
	if created {
		l.Count("contact")
	}
	if err == nil && id != "" {
		_, err = l.Commands.LinkFirstContact(ctx, domain.InteractionID(s.InteractionID), id)
	}
	if refused(err) {
		l.Log.Warn("a customer could not be linked to a contact", "interaction", s.InteractionID, "error",
			describe(err))
		return nil
	}
	return err
}

func (l *linker) customer(ctx context.Context, id domain.InteractionID) (interaction.Customer, error) {
	d, err := l.contents.open(ctx, id)
	if err != nil {
		return interaction.Customer{}, err
	}
	defer d.mu.Unlock()
	return d.customer, nil
}
