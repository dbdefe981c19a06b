package commands

import (
	"cmp"
	"context"

	"parley/domain"
	"parley/domain/unplaced"
)

// keepUnplaced stores a part that has no place, for auditors.
func (c *Commands) keepUnplaced(ctx context.Context, account domain.AccountID, a Arrival) (Outcome, error) {
	at := c.now()
	id := c.inboundID(account, cmp.Or(a.ProviderMessageID, a.Unplaced.Part))
	kept, err := c.unplaced.handle(ctx, string(account),
		SystemMetadata("webhook", DerivedID("unplaced", string(id), a.Unplaced.Kind)),
		unplaced.Keep{Kept: unplaced.Kept{
			ItemID: id, AccountID: account, Kind: a.Unplaced.Kind, Part: a.Unplaced.Part,
			SentAt: pastTime(a.SentAt, at), At: at,
		}})
	switch {
	case err != nil:
		return "", err
	case len(kept.Events) == 0:
		return Duplicate, nil
	}
	c.log.Warn("stored a part of a delivery that has no place", "account", account, "item", id, "kind", a.Unplaced.Kind)
	return Unplaced, nil
}

// UnplacedStream returns the stream of an account's unplaced items.
func UnplacedStream(account domain.AccountID) string { return unplaced.Decider.Stream(string(account)) }
