package graphql

import (
	"context"
	"time"

	"parley/domain"
	"parley/domain/contact"
	"parley/eventstore"
	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/contacts"
	"parley/projections/interactions"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *contactResolver) List(ctx context.Context, obj *model.Contact) (*model.ContactList, error) {
	return r.listByID(ctx, obj.ListID)
}

func (r *contactResolver) Fields(ctx context.Context, obj *model.Contact) ([]model.ContactFieldValue, error) {
	l, err := r.loadersOf(ctx).lists.Load(ctx, obj.ListID)
	if err != nil {
		return nil, err
	}
	all := []model.ContactFieldValue{}
	for _, f := range l.Settings.Fields {
		all = append(all, model.ContactFieldValue{Key: f.Key, Label: f.Label, Value: obj.Row.Fields[f.Key]})
	}
	return all, nil
}

func (r *contactResolver) TagsCollapsed(ctx context.Context, obj *model.Contact) (bool, error) {
	return r.tagsCollapsed(ctx, obj.Tags)
}

func (r *contactResolver) CanEdit(ctx context.Context, obj *model.Contact) (bool, error) {
	v, err := r.Viewer(ctx)
	return err == nil && v.May(access.EditContacts) && v.SeesList(domain.ListID(obj.ListID)), err
}

func (r *contactResolver) Draft(ctx context.Context, obj *model.Contact) ([]model.DraftField, error) {
	return r.contactDraft(ctx, obj.UUID)
}

func (r *contactResolver) NoMarketingSince(ctx context.Context, obj *model.Contact) (*time.Time, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	return contacts.NoMarketing(ctx, r.DB.For(v), obj.Row)
}

func (r *contactResolver) MergedContacts(ctx context.Context, obj *model.Contact) ([]model.MergedContact, error) {
	all := []model.MergedContact{}
	if len(obj.Row.Family) == 0 {
		return all, nil
	}
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := contacts.MergedInto(ctx, r.DB.For(v), v, obj.UUID)
	for _, m := range rows {
		all = append(all, model.MergedContact{ID: globalID(kindContact, m.ID), DisplayName: m.DisplayName(), ListID: m.ListID})
	}
	return all, err
}

func (r *contactResolver) SuggestedMerges(ctx context.Context, obj *model.Contact) ([]model.Contact, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := r.loadersOf(ctx).contacts.LoadAll(ctx, obj.Row.Suggested)
	if err != nil {
		return nil, err
	}
	all := []model.Contact{}
	for _, row := range rows { // merged meanwhile, or in a list that is not granted
		if row.ID != "" && row.ID != obj.UUID && !row.Erased {
			all = append(all, *presentContact(v)(row))
		}
	}
	return all, nil
}

func (r *contactResolver) Journey(
	ctx context.Context, obj *model.Contact, first *int32, after *string,
) (*model.InteractionConnection, error) {
	return r.journey(ctx, append([]string{obj.UUID}, obj.Row.Family...), "", "", first, after)
}

func (r *mergedContactResolver) List(ctx context.Context, obj *model.MergedContact) (*model.ContactList, error) {
	return r.listByID(ctx, obj.ListID)
}

func (r *mutationResolver) CreateContact(
	ctx context.Context, input model.CreateContactInput,
) (*model.ContactPayload, error) {
	listID, err := r.listInScope(ctx, input.ListID)
	if err != nil {
		return nil, err
	}
	details := contact.Details{
		FirstName: text(value(input.FirstName)), LastName: text(value(input.LastName)),
		Phones: input.Phones.Value(), Emails: input.Emails.Value(), Fields: fieldsOf(input.Fields.Value()),
	}
	var id domain.ContactID
	err = r.run(ctx, input.CommandID, input, waitFor{contacts.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
			id, at, err = r.Commands.CreateContact(ctx, listID, details, input.Tags.Value(), v.User, m)
			return at, err
		})
	if err != nil {
		return nil, err
	}
	return r.contactPayload(ctx, string(id))
}

func (r *mutationResolver) UpdateContact(
	ctx context.Context, input model.UpdateContactInput,
) (*model.ContactPayload, error) {
	before, err := r.contactItself(ctx, input.ContactID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{contacts.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			change, err := r.contactChange(ctx, v, input, before)
			if err != nil {
				return eventstore.Position{}, err
			}
			return r.Commands.ChangeContact(ctx, domain.ContactID(before.ID), change, m)
		})
	if err != nil {
		return nil, err
	}
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.saveContactDraft(ctx, v, before.ID, nil); err != nil {
		r.Log.Warn("a saved draft was not removed", "contact", before.ID, "error", err)
	}
	return r.contactPayload(ctx, before.ID)
}

func (r *mutationResolver) SaveContactDraft(
	ctx context.Context, input model.ContactDraftInput,
) (*model.ContactPayload, error) {
	c, err := r.contactItself(ctx, input.ContactID)
	if err != nil {
		return nil, err
	}
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.saveContactDraft(ctx, v, c.ID, input.Fields); err != nil {
		return nil, err
	}
	return r.contactPayload(ctx, c.ID)
}

func (r *mutationResolver) MergeContacts(
	ctx context.Context, input model.MergeContactsInput,
) (*model.ContactPayload, error) {
	survivor, other, err := r.twoContacts(ctx, input.ContactID, input.OtherID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{contacts.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.MergeContacts(ctx, survivor, other, choiceOf(input.Take.Value()), v.User, m)
		})
	if err != nil {
		return nil, err
	}
	return r.contactPayload(ctx, string(survivor))
}

func (r *mutationResolver) UnmergeContact(
	ctx context.Context, input model.UnmergeContactInput,
) (*model.UnmergePayload, error) {
	survivor, other, err := r.twoContacts(ctx, input.ContactID, input.OtherID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{contacts.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.UnmergeContact(ctx, survivor, other, v.User, m)
		})
	if err != nil {
		return nil, err
	}
	kept, err := r.contactPayload(ctx, string(survivor))
	if err != nil {
		return nil, err
	}
	restored, err := r.contactPayload(ctx, string(other))
	if err != nil {
		return nil, err
	}
	return &model.UnmergePayload{Contact: kept.Contact, Restored: restored.Contact}, nil
}

func (r *mutationResolver) DeclineMerge(
	ctx context.Context, input model.DeclineMergeInput,
) (*model.ContactPayload, error) {
	id, other, err := r.twoContacts(ctx, input.ContactID, input.OtherID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{contacts.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.DeclineMerge(ctx, id, other, v.User, m)
		})
	if err != nil {
		return nil, err
	}
	return r.contactPayload(ctx, string(id))
}

func (r *mutationResolver) LinkContact(
	ctx context.Context, input model.LinkContactInput,
) (*model.InteractionPayload, error) {
	id, err := r.interactionInScope(ctx, input.InteractionID)
	if err != nil {
		return nil, err
	}
	c, err := r.contactInScope(ctx, input.ContactID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{interactions.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.LinkContact(ctx, id, domain.ContactID(c.ID), v.User, m)
		})
	if err != nil {
		return nil, err
	}
	return r.interactionPayload(ctx, id)
}

func (r *queryResolver) Contacts(
	ctx context.Context, first *int32, after *string, filter *model.ContactFilter,
) (*model.ContactConnection, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	n, err := pageSize(first, maxPage)
	if err != nil {
		return nil, err
	}
	from, err := r.place("contacts", after)
	if err != nil {
		return nil, err
	}
	f, err := contactFilter(filter)
	if err != nil {
		return nil, err
	}
	done, err := r.admitSearch(ctx, v, f.Search)
	if err != nil {
		return nil, err
	}
	defer done()
	var cursor *contacts.Cursor
	if from != nil {
		cursor = &contacts.Cursor{Name: from.Name, ID: from.ID}
	}
	page, err := contacts.List(ctx, r.DB.For(v), v, f, cursor, n)
	if err != nil {
		return nil, err
	}
	return r.contactPage(v, page, from), nil
}

func (r *queryResolver) Contact(ctx context.Context, id string) (*model.Contact, error) {
	local, err := localID(kindContact, id)
	if err != nil {
		return nil, err
	}
	return r.contactByID(ctx, local)
}

// Contact returns generated.ContactResolver implementation.
func (r *Resolver) Contact() generated.ContactResolver { return &contactResolver{r} }

// MergedContact returns generated.MergedContactResolver implementation.
func (r *Resolver) MergedContact() generated.MergedContactResolver { return &mergedContactResolver{r} }

type (
	contactResolver       struct{ *Resolver }
	mergedContactResolver struct{ *Resolver }
)
