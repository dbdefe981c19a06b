package reactions

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"parley/domain"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/projections/contacts"
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
	Phone         string
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
		SELECT interaction_id, account_id, address_id, phone, started_at FROM interaction_customers
		WHERE (started_at, interaction_id) > ($1, $2) AND contact_id = '' ORDER BY started_at, interaction_id LIMIT $3`,
		after.StartedAt, after.InteractionID, linkedAtOnce)
	if err != nil {
		return nil, fmt.Errorf("read interactions without a contact: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[unlinked])
}

// link finds or creates the contact of one interaction. If a rule refuses it, the interaction stays without one.
func (l *linker) link(ctx context.Context, s unlinked) error {
	account, err := l.Account(ctx, domain.AccountID(s.AccountID))
	if err != nil {
		return fmt.Errorf("read the account: %w", err)
	}
	customer, err := l.customer(ctx, domain.InteractionID(s.InteractionID))
	if err != nil {
		return err
	}
	list := account.Settings.ListID
	id, err := l.known(ctx, s, customer, list)
	if err == nil && id == "" && account.Settings.CreateContacts && list != "" && customer != (interaction.Customer{}) {
		id, err = l.create(ctx, list, domain.AddressID(s.AddressID), customer)
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

// known returns the oldest contact with the customer's number or user id, preferring the account's own list.
func (l *linker) known(
	ctx context.Context, s unlinked, c interaction.Customer, list domain.ListID,
) (domain.ContactID, error) {
	number := cmp.Or(c.Phone, s.Phone)
	who, err := l.Commands.IdentityOf(ctx, domain.AddressID(s.AddressID), number)
	if err != nil {
		return "", err
	}
	k := contacts.Known{AddressIDs: who.Addresses, Strangers: who.Strangers, Phone: number, UserID: c.UserID}
	id, _, err := contacts.Of(ctx, l.Pool, string(list), k)
	return id, err
}

// create creates a contact from what the channel says about the customer. It leaves
// out a name that our rules refuse.
func (l *linker) create(
	ctx context.Context, list domain.ListID, address domain.AddressID, c interaction.Customer,
) (domain.ContactID, error) {
	details := contact.Details{FirstName: c.Name}
	if c.Phone != "" {
		details.Phones = []string{c.Phone}
	}
	if c.UserID != "" {
		details.UserIDs = []string{c.UserID}
	}
	id, _, err := l.Commands.ContactOfCustomer(ctx, list, address, details)
	if refused(err) && details.FirstName != "" {
		details.FirstName = ""
		id, _, err = l.Commands.ContactOfCustomer(ctx, list, address, details)
	}
	if err == nil {
		l.Count("contact")
	}
	return id, err
}
