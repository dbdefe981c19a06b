package commands

import (
	"cmp"
	"context"

	"parley/domain"
	"parley/domain/unplaced"
)

// keepUnplaced keeps what belongs to no conversation, where an auditor finds it: answered for is durable, whoever it was.
func (c *Commands) keepUnplaced(ctx context.Context, account domain.AccountID, a Arrival) error {
	at := c.now()
	id := c.inboundID(account, cmp.Or(a.ProviderMessageID, a.Unplaced.Part))
	_, err := c.unplaced.handle(ctx, string(account), Ours("webhook", DerivedID("unplaced", string(id))), unplaced.Keep{Kept: unplaced.Kept{
		ItemID: id, AccountID: account, Kind: a.Unplaced.Kind, Part: a.Unplaced.Part, SentAt: past(a.SentAt, at), At: at,
	}})
	if err == nil {
		c.log.Warn("something belongs to no conversation; it was kept", "account", account, "item", id, "kind", a.Unplaced.Kind)
	}
	return err
}

// UnplacedStream is where what belongs to no conversation of an account is kept.
func UnplacedStream(account domain.AccountID) string { return unplaced.Decider.Stream(string(account)) }
