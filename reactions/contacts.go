package reactions

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"parley/channels/phone"
	"parley/domain"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/projections/contacts"
)

const (
	lookedBack   = 24 * time.Hour   // how far all sessions without a contact are looked for
	lookedAgain  = 5 * time.Minute  // from one such look to the next
	outOfOrder   = 30 * time.Second // how much later a session mostly shows up than one that began after it: twice what an append may take, and some
	linkedAtOnce = 500
)

// linker says who a customer is: the contact that has his number or id, or a new one where the account wants that.
type linker struct {
	Config
	letters *letters
	aside   *aside
	through time.Time            // sessions that began before were mostly looked at
	whole   time.Time            // when those of all of lookedBack were
	looked  map[string]time.Time // by session, when it began
}

// stranger is a session without a contact.
type stranger struct {
	InteractionID string
	AccountID     string
	AddressID     string
	Phone         string
	StartedAt     time.Time
}

func newLinker(c Config, l *letters) *linker {
	return &linker{Config: c, letters: l, aside: newAside(c, "contacts"), looked: make(map[string]time.Time)}
}

func (l *linker) loop() loop {
	return loop{name: "contacts", sweep: l.sweep, gap: 50 * time.Millisecond, idle: 5 * time.Second, of: []string{"interaction_customers"}}
}

// sweep looks at every session that began since the last time, once. When a session begins is said before it is in the log, by
// one of several clocks, so no time is surely past: now and then it looks for those that showed up later still.
func (l *linker) sweep(ctx context.Context) (time.Duration, error) {
	now := l.Now()
	from := stranger{StartedAt: l.through.Add(-outOfOrder)}
	if l.through.After(now) {
		from.StartedAt = now.Add(-outOfOrder) // another process's clock is ahead
	}
	whole := now.Sub(l.whole) >= lookedAgain
	if whole {
		from.StartedAt = now.Add(-lookedBack)
		for id, began := range l.looked {
			if began.Before(from.StartedAt) {
				delete(l.looked, id)
			}
		}
	}
	for {
		rows, err := l.next(ctx, from)
		if err != nil {
			return 0, err
		}
		if len(rows) == 0 {
			if whole {
				l.whole = now
			}
			return 0, nil
		}
		g, linking := errgroup.WithContext(ctx)
		g.SetLimit(8)
		for _, s := range rows {
			if _, known := l.looked[s.InteractionID]; known || l.aside.holds(s.InteractionID) {
				continue
			}
			g.Go(func() error { return l.aside.tried(s.InteractionID, l.link(linking, s)) })
		}
		if err := g.Wait(); err != nil {
			return 0, err // those that worked are linked by now, the others are looked at again
		}
		for _, s := range rows {
			if !l.aside.holds(s.InteractionID) {
				l.looked[s.InteractionID] = s.StartedAt
			}
		}
		from = rows[len(rows)-1]
		if from.StartedAt.After(l.through) {
			l.through = from.StartedAt
		}
	}
}

func (l *linker) next(ctx context.Context, after stranger) ([]stranger, error) {
	rows, err := l.Pool.Query(ctx, `
		SELECT interaction_id, account_id, address_id, phone, started_at FROM interaction_customers
		WHERE (started_at, interaction_id) > ($1, $2) AND contact_id = '' ORDER BY started_at, interaction_id LIMIT $3`,
		after.StartedAt, after.InteractionID, linkedAtOnce)
	if err != nil {
		return nil, fmt.Errorf("read sessions without a contact: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[stranger])
}

// link finds or makes the contact of one session. What a rule refuses stays without one.
func (l *linker) link(ctx context.Context, s stranger) error {
	account, err := l.Account(ctx, domain.AccountID(s.AccountID))
	if err != nil {
		return fmt.Errorf("account: %w", err)
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
		l.Log.Warn("a customer could not be linked to a contact", "interaction", s.InteractionID, "error", describe(err))
		return nil
	}
	return err
}

func (l *linker) customer(ctx context.Context, id domain.InteractionID) (interaction.Customer, error) {
	d, err := l.letters.open(ctx, id)
	if err != nil {
		return interaction.Customer{}, err
	}
	defer d.mu.Unlock()
	return d.customer, nil
}

// known is the oldest contact with the customer's number or id, one of the account's own list before those of others (R20).
func (l *linker) known(ctx context.Context, s stranger, c interaction.Customer, list domain.ListID) (domain.ContactID, error) {
	k := contacts.Known{AddressID: s.AddressID, UserID: c.UserID}
	for _, spelling := range []string{c.Phone, phone.Canonical(c.Phone), s.Phone} {
		if spelling != "" && !slices.Contains(k.Phones, spelling) {
			k.Phones = append(k.Phones, spelling)
		}
	}
	found, err := contacts.Find(ctx, l.Pool, k)
	if err != nil || len(found) == 0 {
		return "", err
	}
	own := max(0, slices.IndexFunc(found, func(r contacts.Row) bool { return r.ListID == string(list) }))
	return domain.ContactID(found[own].ID), nil
}

// create makes a contact of what the channel says about the customer. A name our rules do not take is left out.
func (l *linker) create(ctx context.Context, list domain.ListID, address domain.AddressID, c interaction.Customer) (domain.ContactID, error) {
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
