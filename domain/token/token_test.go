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
	allowed := []string{"VIEW_CONTACTS", "EDIT_CONTACTS"}
	with := func(change func(*Created)) Create {
		c := report
		change(&c)
		return Create{Created: c, Allowed: allowed}
	}
	same := func(*Created) {}
	whole := report
	whole.Permissions, whole.ExpiresAt = allowed, noon.Add(DefaultLife)
	revoked := Revoked{Reason: ByHand, By: "root", At: noon}
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a token is made with its name, permissions and end", When: with(same), Then: []Event{report}},
		{Name: "making the same token again is a no-op", Given: []Event{report}, When: with(same)},
		{Name: "without a scope and an end, a token may do all that its user may, for 90 days",
			When: with(func(c *Created) { c.Permissions, c.ExpiresAt = nil, time.Time{} }), Then: []Event{whole}},
		{Name: "a token may do no more than its user",
			When: with(func(c *Created) { c.Permissions = []string{"ADMINISTER"} }), Err: ErrNoPermission},
		{Name: "another token cannot have the same id", Given: []Event{report},
			When: with(func(c *Created) { c.UserID = "u2" }), Err: ErrExists},
		{Name: "a token without a name is refused", When: with(func(c *Created) { c.Name = " " }), Err: setting.ErrName},
		{Name: "a token that may do nothing is refused", When: Create{Created: Created{Name: "Report", At: noon}},
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
