package commands

import (
	"context"
	"slices"

	"parley/domain"
	"parley/domain/contact"
	"parley/eventstore"
)

// MergeContacts merges other into survivor, which remains. The author needs access to both lists.
//
// The stream of the merged contact decides: first that contact becomes a pointer to the survivor, then the
// survivor takes over its values. So a contact is never merged twice. FinishMerge completes what a crash
// leaves half done.
func (c *Commands) MergeContacts(
	ctx context.Context, survivor, other domain.ContactID, take contact.Choice, by domain.UserID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	if survivor == other {
		return eventstore.Position{}, contact.ErrMergeSelf
	}
	kept, err := c.grantedContact(ctx, survivor, by)
	if err != nil {
		return eventstore.Position{}, err
	}
	if _, err := c.grantedContact(ctx, other, by); err != nil {
		return eventstore.Position{}, err
	}
	switch kept.Status {
	case contact.StatusErased:
		return eventstore.Position{}, contact.ErrErased
	case contact.StatusMerged:
		return eventstore.Position{}, contact.ErrMerged.With("survivor", string(kept.Survivor))
	}
	r, err := c.contacts.handle(ctx, string(other), meta,
		contact.MergeInto{Survivor: survivor, Take: take, By: by, At: c.now()})
	if err != nil {
		return eventstore.Position{}, err
	}
	at, err := c.followMerge(ctx, survivor, other)
	if err != nil {
		return later(r.Position, at), err
	}
	now, err := c.contact(ctx, survivor)
	if err == nil && now.Status == contact.StatusMerged && now.Through(other) == "" { // the opposite merge won
		err = contact.ErrMerged.With("survivor", string(now.Survivor))
	}
	return later(r.Position, at), err
}

// UnmergeContact undoes a merge. Both contacts get back what they had; later changes stay with the survivor.
// This works even if the survivor has itself been merged since.
func (c *Commands) UnmergeContact(
	ctx context.Context, survivor, other domain.ContactID, by domain.UserID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	if _, err := c.grantedContact(ctx, survivor, by); err != nil {
		return eventstore.Position{}, err
	}
	if _, err := c.grantedContact(ctx, other, by); err != nil {
		return eventstore.Position{}, err
	}
	return c.unmerge(ctx, survivor, other, by, meta)
}

func (c *Commands) unmerge(
	ctx context.Context, survivor, other domain.ContactID, by domain.UserID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	r, err := c.contacts.handle(ctx, string(other), meta, contact.Restore{From: survivor, By: by, At: c.now()})
	if err != nil {
		return eventstore.Position{}, err
	}
	at, err := c.followMerge(ctx, survivor, other)
	return later(r.Position, at), err
}

// DeclineMerge removes a suggested merge. It is never suggested again.
func (c *Commands) DeclineMerge(
	ctx context.Context, id, other domain.ContactID, by domain.UserID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	if _, err := c.grantedContact(ctx, id, by); err != nil {
		return eventstore.Position{}, err
	}
	r, err := c.contacts.handle(ctx, string(id), meta, contact.DeclineMerge{Other: other, By: by, At: c.now()})
	return r.Position, err
}

// FinishMerge completes a merge or an undo that was interrupted. survivor is the contact that other points
// to, or one that still holds values of other.
func (c *Commands) FinishMerge(ctx context.Context, survivor, other domain.ContactID) error {
	for {
		s, err := c.contact(ctx, survivor)
		if err != nil {
			return err
		}
		through := s.Through(other)
		if through == "" || through == other {
			_, err := c.followMerge(ctx, survivor, other)
			return ignoreRefusal(err)
		}
		if t, err := c.contact(ctx, through); err != nil || t.Through(other) == "" {
			if err == nil {
				_, err = c.followMerge(ctx, survivor, through)
			}
			return ignoreRefusal(err)
		}
		survivor = through
	}
}

// followMerge brings the survivor in line with the pointer of other: the survivor takes over the values of
// other if other points to it, and gives them back otherwise. Every contact that the survivor has been merged
// into does the same. If the survivor cannot take the values, other is restored.
func (c *Commands) followMerge(ctx context.Context, survivor, other domain.ContactID) (eventstore.Position, error) {
	var last eventstore.Position
	for range maxAttempts {
		o, err := c.contact(ctx, other)
		if err != nil {
			return last, err
		}
		points := o.Status == contact.StatusMerged && o.Survivor == survivor
		var cmd contact.Command = contact.Unmerge{Other: other, By: o.RestoredBy(), At: c.now()}
		if points {
			cmd = contact.Merge{Other: o, At: c.now()}
		}
		r, err := c.contacts.handle(ctx, string(survivor), SystemMetadata(actor(cmd, o), NewID()), cmd)
		last = later(last, r.Position)
		switch {
		case err == nil:
		case !isRefusal(err):
			return last, err
		case !points: // the survivor was erased, so it has nothing to give back
			return last, nil
		default:
			again, restoreErr := c.refusedMerge(ctx, survivor, other)
			if restoreErr != nil {
				return last, restoreErr
			}
			if !again {
				return last, err
			}
			continue
		}
		if now, err := c.contact(ctx, other); err != nil || !sameMerge(o, now) {
			if err != nil {
				return last, err
			}
			continue // other has changed since it was read
		}
		s, err := c.contact(ctx, survivor)
		if err != nil || s.Status != contact.StatusMerged {
			return last, err
		}
		at, err := c.followMerge(ctx, s.Survivor, survivor)
		return later(last, at), err
	}
	return last, ErrBusy
}

// refusedMerge restores other because its survivor cannot take it. If the two point at each other, neither
// can take the other: then it gives up only one of the two merges, and returns true if the other one should
// be tried again.
func (c *Commands) refusedMerge(ctx context.Context, survivor, other domain.ContactID) (again bool, err error) {
	s, err := c.contact(ctx, survivor)
	if err != nil {
		return false, err
	}
	if s.Status == contact.StatusActive { // it has been restored since
		return true, nil
	}
	if s.Status == contact.StatusMerged && s.Survivor == other && survivor < other {
		_, err = c.contacts.handle(ctx, string(survivor), SystemMetadata("identities", NewID()),
			contact.Restore{From: other, At: c.now()})
		return true, ignoreRefusal(err)
	}
	_, err = c.contacts.handle(ctx, string(other), SystemMetadata("identities", NewID()),
		contact.Restore{From: survivor, At: c.now()})
	return false, ignoreRefusal(err)
}

// sameMerge reports whether a contact still points where it did, with the same values.
func sameMerge(before, now contact.State) bool {
	return before.Status == now.Status && before.Survivor == now.Survivor && slices.Equal(before.Merged(), now.Merged())
}

// actor returns who made the merge, or the undo, that a step completes.
func actor(cmd contact.Command, other contact.State) string {
	by := other.MergedBy()
	if _, undo := cmd.(contact.Unmerge); undo {
		by = other.RestoredBy()
	}
	if by == "" {
		return "identities"
	}
	return string(by)
}

func ignoreRefusal(err error) error {
	if isRefusal(err) {
		return nil
	}
	return err
}

// grantedContact returns a contact, or refuses if the user has no access to its list.
func (c *Commands) grantedContact(ctx context.Context, id domain.ContactID, by domain.UserID) (contact.State, error) {
	s, err := c.contact(ctx, id)
	if err != nil {
		return s, err
	}
	if s.Status == contact.StatusNone {
		return s, contact.ErrUnknown
	}
	return s, c.mayUseList(ctx, by, s.ListID)
}

func (c *Commands) contact(ctx context.Context, id domain.ContactID) (contact.State, error) {
	return query(ctx, c.contacts, string(id), func(s contact.State) contact.State { return s })
}

// JoinContacts merges two contacts of one customer if the program created both and no person has worked on
// either. Otherwise it suggests the merge to people.
func (c *Commands) JoinContacts(ctx context.Context, survivor, other domain.ContactID) error {
	if survivor == "" || other == "" {
		return nil
	}
	kept, err := c.survivor(ctx, survivor)
	if err != nil {
		return err
	}
	gone, err := c.survivor(ctx, other)
	if err != nil || gone.ID == kept.ID || gone.ListID != kept.ListID || gone.DeclinedMerge(kept.ID) ||
		kept.DeclinedMerge(gone.ID) || kept.Status != contact.StatusActive || gone.Status != contact.StatusActive {
		return err
	}
	if !kept.MadeByProgram() || !gone.MadeByProgram() {
		if gone.SuggestedMerge(kept.ID) {
			return nil
		}
		_, err := c.contacts.handle(ctx, string(kept.ID), SystemMetadata("identities", NewID()),
			contact.SuggestMerge{Other: gone.ID, At: c.now()})
		return ignoreRefusal(err)
	}
	_, err = c.MergeContacts(ctx, kept.ID, gone.ID, contact.Choice{}, "", SystemMetadata("identities", NewID()))
	return ignoreRefusal(err)
}

// separateContacts undoes the merge of two contacts after their customers were separated, if the program made
// that merge.
func (c *Commands) separateContacts(ctx context.Context, one, other domain.ContactID, by domain.UserID) error {
	if one == "" || other == "" {
		return nil
	}
	mine, err := c.mergedAlong(ctx, one)
	if err != nil {
		return err
	}
	theirs, err := c.mergedAlong(ctx, other)
	if err != nil {
		return err
	}
	for _, chain := range [][2][]contact.State{{mine, theirs}, {theirs, mine}} {
		for _, s := range chain[0] {
			met := slices.ContainsFunc(chain[1], func(x contact.State) bool { return x.ID == s.Survivor })
			if s.Status == contact.StatusMerged && met && s.MergedBy() == "" {
				_, err := c.unmerge(ctx, s.Survivor, s.ID, by, SystemMetadata(string(by), NewID()))
				return ignoreRefusal(err)
			}
		}
	}
	return nil
}

// mergedAlong returns a contact, then the one it was merged into, and so on up to the last survivor.
func (c *Commands) mergedAlong(ctx context.Context, id domain.ContactID) ([]contact.State, error) {
	var chain []contact.State
	for {
		s, err := c.contact(ctx, id)
		if err != nil {
			return nil, err
		}
		chain = append(chain, s)
		if s.Status != contact.StatusMerged || len(chain) > maxAttempts {
			return chain, nil
		}
		id = s.Survivor
	}
}
