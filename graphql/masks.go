package graphql

import (
	"context"
	"slices"

	"parley/domain"
	"parley/domain/contact"
	"parley/projections/contacts"
)

// ErrAlike says that a masked viewer removed some of several values that look the same to them.
var ErrAlike = &domain.Refusal{
	Kind: domain.Conflict, Code: "MASKED_ALIKE",
	Message: "Some masked values look identical. Keep all of them or remove all of them.",
}

// withoutMasks restores what a form sent back masked: a value that still looks as it was shown is not a change.
func (r *Resolver) withoutMasks(ctx context.Context, c contact.Change, before contacts.Row) (contact.Change, error) {
	if c.FirstName != nil && *c.FirstName == before.FirstName {
		c.FirstName = nil
	}
	if c.LastName != nil && *c.LastName == before.LastName {
		c.LastName = nil
	}
	for key, v := range c.Fields {
		if v == before.Fields[key] {
			delete(c.Fields, key)
		}
	}
	shown, stored, err := contacts.BehindMasks(ctx, r.clear(ctx), before.ID)
	if err != nil {
		return c, err
	}
	if c.Phones, err = unmask(c.Phones, shown.Phones, stored.Phones); err != nil {
		return c, err
	}
	c.Emails, err = unmask(c.Emails, shown.Emails, stored.Emails)
	return c, err
}

// unmask replaces each value that is still as it was shown with the stored value behind it. If several stored
// values look alike, the form must send back all of them or none.
func unmask(given, shown, stored []string) ([]string, error) {
	behind := make(map[string][]string, len(shown))
	for i, mask := range shown {
		behind[mask] = append(behind[mask], stored[i])
	}
	clear, kept := slices.Clone(given), make(map[string]int, len(given))
	for i, mask := range given {
		if n := kept[mask]; n < len(behind[mask]) {
			clear[i], kept[mask] = behind[mask][n], n+1
		}
	}
	for mask, n := range kept {
		if n < len(behind[mask]) {
			return nil, ErrAlike
		}
	}
	return clear, nil
}
