package graphql

import (
	"context"
	"slices"
	"strings"

	"parley/domain"
	"parley/domain/contact"
	"parley/domain/user"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/internal/database"
	"parley/projections/contacts"
)

func presentContact(v access.Viewer) func(contacts.Row) *model.Contact {
	return func(c contacts.Row) *model.Contact {
		return &model.Contact{
			ID: globalID(kindContact, c.ID), FirstName: c.FirstName, LastName: c.LastName, DisplayName: c.DisplayName(),
			Phones: orEmpty(c.Phones), Emails: orEmpty(c.Emails), Tags: orEmpty(c.Tags), Masked: v.Masked,
			Erased:    c.Erased,
			CreatedAt: c.CreatedAt, ChangedAt: c.ChangedAt, UUID: c.ID, ListID: c.ListID, Row: c,
		}
	}
}

func contactFilter(f *model.ContactFilter) (out contacts.Filter, err error) {
	if f == nil {
		return out, nil
	}
	out.Tags, out.Search = f.Tags.Value(), strings.TrimSpace(text(value(f.Search)))
	out.ListID, err = optionalID(kindList, value(f.ListID))
	return out, err
}

// contactByID returns a contact in the viewer's lists, nil if it is not in them.
func (r *Resolver) contactByID(ctx context.Context, id string) (*model.Contact, error) {
	v, err := r.Viewer(ctx)
	if err != nil || id == "" || !v.May(access.ViewContacts) {
		return nil, err
	}
	row, err := r.loadersOf(ctx).contacts.Load(ctx, id)
	if err != nil || row.ID == "" {
		return nil, err
	}
	return presentContact(v)(row), nil
}

// withMerged adds the contacts that were merged into these, because their interactions are found there.
func (r *Resolver) withMerged(ctx context.Context, ids []string) ([]string, error) {
	all := ids
	for _, id := range ids {
		row, err := r.loadersOf(ctx).contacts.Load(ctx, id)
		if err != nil {
			return nil, err
		}
		if row.ID != "" {
			all = append(append(slices.Clip(all), row.ID), row.Family...)
		}
	}
	return all, nil
}

// contactName returns the name of a contact, empty if it does not exist.
func (r *Resolver) contactName(ctx context.Context, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	row, err := r.loadersOf(ctx).contacts.Load(ctx, id)
	if err != nil || row.ID == "" {
		return "", err
	}
	return row.DisplayName(), nil
}

// contactInScope returns a contact in the viewer's lists, or the one it was merged into; any other is ErrNotFound.
func (r *Resolver) contactInScope(ctx context.Context, global string) (contacts.Row, error) {
	return r.contactBy(ctx, global, contacts.ByID)
}

func (r *Resolver) contactBy(
	ctx context.Context, global string,
	find func(context.Context, database.Querier, access.Viewer, string) (contacts.Row, bool, error),
) (contacts.Row, error) {
	id, err := localID(kindContact, global)
	if err != nil {
		return contacts.Row{}, err
	}
	v, err := r.Viewer(ctx)
	if err != nil {
		return contacts.Row{}, err
	}
	row, ok, err := find(ctx, r.DB.For(v), v, id)
	if err == nil && !ok {
		err = ErrNotFound
	}
	return row, err
}

// contactItself returns a contact in the viewer's lists without following a merge; any other is ErrNotFound.
func (r *Resolver) contactItself(ctx context.Context, global string) (contacts.Row, error) {
	return r.contactBy(ctx, global, contacts.Itself)
}

// twoContacts returns the ids of two contacts in the viewer's lists.
func (r *Resolver) twoContacts(ctx context.Context, one, other string) (a, b domain.ContactID, err error) {
	first, err := r.contactItself(ctx, one)
	if err != nil {
		return "", "", err
	}
	second, err := r.contactItself(ctx, other)
	return domain.ContactID(first.ID), domain.ContactID(second.ID), err
}

func choiceOf(c *model.MergeChoice) contact.Choice {
	if c == nil {
		return contact.Choice{}
	}
	chosen := func(b *bool) bool { return b != nil && *b }
	return contact.Choice{FirstName: chosen(value(c.FirstName)), LastName: chosen(value(c.LastName)), Fields: c.Fields.Value()}
}

// contactPayload answers a mutation with a contact as it is now.
func (r *Resolver) contactPayload(ctx context.Context, id string) (*model.ContactPayload, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	row, ok, err := contacts.ByID(ctx, r.DB.For(v), v, id)
	if err == nil && !ok {
		err = ErrNotReadableYet
	}
	if err != nil {
		return nil, err
	}
	return &model.ContactPayload{Contact: presentContact(v)(row)}, nil
}

// listInScope returns the id of a contact list that the viewer may see. A token may see fewer lists than its user.
func (r *Resolver) listInScope(ctx context.Context, global string) (domain.ListID, error) {
	id, err := localID(kindList, global)
	if err != nil {
		return "", err
	}
	v, err := r.Viewer(ctx)
	if err == nil && !v.SeesList(domain.ListID(id)) {
		err = user.ErrList
	}
	return domain.ListID(id), err
}

// contactChange returns what an update changes. Masked values that come back from a form stay as they are stored.
func (r *Resolver) contactChange(
	ctx context.Context, v access.Viewer, input model.UpdateContactInput, before contacts.Row,
) (contact.Change, error) {
	change := contact.Change{
		FirstName: value(input.FirstName), LastName: value(input.LastName), Phones: input.Phones.Value(),
		Emails: input.Emails.Value(), Tags: input.Tags.Value(), Fields: fieldsOf(input.Fields.Value()), By: v.User,
	}
	if !v.Masked {
		return change, nil
	}
	return r.withoutMasks(ctx, change, before)
}

func fieldsOf(inputs []model.ContactFieldInput) map[string]string {
	if len(inputs) == 0 {
		return nil
	}
	fields := make(map[string]string, len(inputs))
	for _, f := range inputs {
		fields[f.Key] = f.Value
	}
	return fields
}
