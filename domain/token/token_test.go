package token_test

import (
	"testing"
	"time"

	"parley/domain/domaintest"
	"parley/domain/setting"
	. "parley/domain/token"
)

func TestTheRulesOfTokens(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	report := Created{UserID: "u1", Name: "Report", Permissions: []string{"VIEW_CONTACTS"}, ExpiresAt: noon.Add(time.Hour),
		By: "root", At: noon}
	with := func(change func(*Created)) Create { c := report; change(&c); return Create{c} }
	revoked := Revoked{Reason: ByHand, By: "root", At: noon}
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a token is made with its name, permissions and end", When: Create{report}, Then: []Event{report}},
		{Name: "making the same token again is a no-op", Given: []Event{report}, When: Create{report}},
		{Name: "another token cannot have the same id", Given: []Event{report},
			When: with(func(c *Created) { c.UserID = "u2" }), Err: ErrExists},
		{Name: "a token without a name is refused", When: with(func(c *Created) { c.Name = " " }), Err: setting.ErrName},
		{Name: "a token that may do nothing is refused", When: with(func(c *Created) { c.Permissions = nil }),
			Err: ErrNoPermission},
		{Name: "a token that has already expired is refused", When: with(func(c *Created) { c.ExpiresAt = noon }),
			Err: ErrExpiry},
		{Name: "a token for longer than a year is refused",
			When: with(func(c *Created) { c.ExpiresAt = noon.Add(MaxLife + time.Second) }), Err: ErrExpiry},
		{Name: "a token is revoked", Given: []Event{report}, When: Revoke{revoked}, Then: []Event{revoked}},
		{Name: "revoking a token twice is a no-op", Given: []Event{report, revoked}, When: Revoke{revoked}},
		{Name: "a token that does not exist cannot be revoked", When: Revoke{revoked}, Err: ErrUnknown},
	})
}
