package graphql

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/access"
	"parley/domain"
	"parley/domain/audit"
	"parley/domain/contact"
	"parley/eventstore"
	"parley/graphql/model"
	"parley/projections/contacts"
)

func presentContact(c contacts.Row) *model.Contact {
	shown := &model.Contact{
		ID: globalID(kindContact, c.ID), FirstName: c.FirstName, LastName: c.LastName, DisplayName: c.DisplayName(),
		Phones: orEmpty(c.Phones), Mails: orEmpty(c.Mails), Tags: orEmpty(c.Tags), CreatedAt: c.CreatedAt, ChangedAt: c.ChangedAt,
		UUID: c.ID, ListID: c.ListID, Row: c,
	}
	if c.Erased {
		shown.DisplayName = erasedText
	}
	return shown
}

// theContact is a contact within the viewer's lists, nil when there is none.
func (r *Resolver) theContact(ctx context.Context, id string) (*model.Contact, error) {
	v, err := r.Viewer(ctx)
	if err != nil || id == "" || !v.May(access.ViewContacts) {
		return nil, err
	}
	row, err := r.loadersOf(ctx).contacts.Load(ctx, id)
	if err != nil || row.ID == "" {
		return nil, err
	}
	shown := presentContact(row)
	shown.Masked = v.Masked
	return shown, nil
}

func (r *Resolver) contactFields(ctx context.Context, c *model.Contact) ([]model.ContactFieldValue, error) {
	l, err := r.loadersOf(ctx).lists.Load(ctx, c.ListID)
	if err != nil {
		return nil, err
	}
	all := []model.ContactFieldValue{}
	for _, f := range l.Settings.Fields {
		all = append(all, model.ContactFieldValue{Key: f.Key, Label: f.Label, Value: c.Row.Fields[f.Key]})
	}
	return all, nil
}

func (r *Resolver) listContacts(ctx context.Context, first *int32, after *string, f *model.ContactFilter) (*model.ContactConnection, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	n, err := pageSize(first, longestPage)
	if err != nil {
		return nil, err
	}
	from, err := r.place("contacts", after)
	if err != nil {
		return nil, err
	}
	var filter contacts.Filter
	if f != nil {
		if filter.ListID, err = optionalID(kindList, value(f.ListID)); err != nil {
			return nil, err
		}
		filter.Tags, filter.Search = f.Tags.Value(), text(value(f.Search))
	}
	if err := r.admitSearch(ctx, v, filter.Search); err != nil {
		return nil, err
	}
	var cursor *contacts.Cursor
	if from != nil {
		cursor = &contacts.Cursor{Name: from.Name, ID: from.ID}
	}
	page, err := contacts.List(ctx, r.DB.For(v), v, filter, cursor, n)
	if err != nil {
		return nil, err
	}
	c := &model.ContactConnection{Edges: make([]model.ContactEdge, len(page.Rows)), PageInfo: &model.PageInfo{HasNextPage: page.HasNext, HasPreviousPage: from != nil}}
	for i, row := range page.Rows {
		at := contacts.CursorOf(row)
		shown := presentContact(row)
		shown.Masked = v.Masked
		c.Edges[i] = model.ContactEdge{Cursor: r.cursor(place{List: "contacts", Name: at.Name, ID: at.ID}), Node: shown}
	}
	if n := len(c.Edges); n > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[n-1].Cursor
	}
	return c, nil
}

const longestSearch = 200 // characters; each word more costs the database more than the one before

// ErrSearchTooLong says that nobody types that much to find something.
var ErrSearchTooLong = &domain.Refusal{Kind: domain.Invalid, Code: "SEARCH_TOO_LONG", Message: "This is too long to search for. Type a name, a number or a few words."}

// ErrSearchLimit says that a masked viewer tries out too many values.
var ErrSearchLimit = &domain.Refusal{Kind: domain.Unavailable, Code: "RATE_LIMITED", Message: "Too many searches in a short time. Please wait a minute."}

// admitSearch refuses what is too long, and counts and records a masked viewer's search: it may confirm a whole value he typed
// (A16).
func (r *Resolver) admitSearch(ctx context.Context, v access.Viewer, search string) error {
	if n := utf8.RuneCountInString(search); n > longestSearch {
		return ErrSearchTooLong.With("max", longestSearch).With("length", n)
	}
	if !v.Masked || search == "" {
		return nil
	}
	if !r.Searches.Allow(string(v.User)) {
		return ErrSearchLimit
	}
	return r.Commands.RecordRevealed(ctx, audit.Revealed{By: v.User, Field: "search", Kind: "contact", Reason: "WHOLE_VALUE_SEARCH"})
}

// ErrList says that a list is not one of the viewer's (R26).
var ErrList = &domain.Refusal{Kind: domain.Forbidden, Code: "LIST_NOT_GRANTED", Message: "You may not use this contact list."}

func (r *Resolver) createContact(ctx context.Context, input model.CreateContactInput) (*model.ContactPayload, error) {
	v, m, err := r.asking(ctx, input.CommandID, input)
	if err != nil {
		return nil, err
	}
	listID, err := localID(kindList, input.ListID)
	if err != nil {
		return nil, err
	}
	if !v.SeesList(domain.ListID(listID)) {
		return nil, ErrList
	}
	phones, err := r.typedPhones(ctx, listID, input.Phones.Value(), nil)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	id, at, err := r.Commands.CreateContact(limited, domain.ListID(listID), contact.Details{
		FirstName: text(value(input.FirstName)), LastName: text(value(input.LastName)), Phones: phones, Mails: input.Mails.Value(),
		Fields: fieldsOf(input.Fields.Value()),
	}, input.Tags.Value(), v.User, m)
	if err != nil {
		return nil, err
	}
	return r.contactPayload(ctx, v, string(id), at)
}

func (r *Resolver) updateContact(ctx context.Context, input model.UpdateContactInput) (*model.ContactPayload, error) {
	v, m, err := r.asking(ctx, input.CommandID, input)
	if err != nil {
		return nil, err
	}
	id, err := localID(kindContact, input.ContactID)
	if err != nil {
		return nil, err
	}
	before, ok, err := contacts.ByID(ctx, r.DB.For(v), v, id)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, ErrNotFound
	}
	limited, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	change := contact.Change{
		FirstName: value(input.FirstName), LastName: value(input.LastName), Phones: input.Phones.Value(), Mails: input.Mails.Value(),
		Tags: input.Tags.Value(), Fields: fieldsOf(input.Fields.Value()), By: v.User,
	}
	stored := before
	if v.Masked {
		if change, stored, err = r.withoutMasks(ctx, change, before); err != nil {
			return nil, err
		}
	}
	if change.Phones, err = r.typedPhones(ctx, before.ListID, change.Phones, stored.Phones); err != nil {
		return nil, err
	}
	at, err := r.Commands.ChangeContact(limited, domain.ContactID(before.ID), change, m)
	if err != nil {
		return nil, err
	}
	return r.contactPayload(ctx, v, before.ID, at)
}

// typedPhones brings numbers as people write them to digits with the country code, their list's unless they name another.
// Those that are stored already stay as they are.
func (r *Resolver) typedPhones(ctx context.Context, listID string, typed, stored []string) ([]string, error) {
	if len(typed) == 0 {
		return typed, nil
	}
	l, err := r.loadersOf(ctx).lists.Load(ctx, listID)
	if err != nil {
		return nil, err
	}
	phones := make([]string, len(typed))
	for i, number := range typed {
		if slices.Contains(stored, number) {
			phones[i] = number
			continue
		}
		if strings.Contains(number, "•") {
			return nil, contact.ErrMasked
		}
		digits, ok := r.Phone(number, l.Settings.DialPrefix)
		if !ok {
			return nil, contact.ErrPhone
		}
		phones[i] = digits
	}
	return phones, nil
}

// ErrAlike says that a masked viewer took away some of several values that look the same to him.
var ErrAlike = &domain.Refusal{Kind: domain.Conflict, Code: "MASKED_ALIKE", Message: "Several of these look alike to you, so nobody can say which one you mean. Keep all of them, or none."}

// withoutMasks leaves as stored what a form only gives back as it was shown masked (A16), and says how numbers and mail
// addresses are stored.
func (r *Resolver) withoutMasks(ctx context.Context, c contact.Change, before contacts.Row) (contact.Change, contacts.Row, error) {
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
	shown, stored, err := contacts.BehindMasks(ctx, r.DB.Clear, before.ID)
	if err != nil {
		return c, stored, err
	}
	if c.Phones, err = putBack(c.Phones, shown.Phones, stored.Phones); err != nil {
		return c, stored, err
	}
	c.Mails, err = putBack(c.Mails, shown.Mails, stored.Mails)
	return c, stored, err
}

// putBack replaces each value that was shown by the one stored in its place. Of values that look alike all must come back, or
// none.
func putBack(given, shown, stored []string) ([]string, error) {
	behind := make(map[string][]string, len(shown))
	for i, mask := range shown {
		behind[mask] = append(behind[mask], stored[i])
	}
	clear, back := slices.Clone(given), make(map[string]int, len(given))
	for i, mask := range given {
		if n := back[mask]; n < len(behind[mask]) {
			clear[i], back[mask] = behind[mask][n], n+1
		}
	}
	for mask, n := range back {
		if n < len(behind[mask]) {
			return nil, ErrAlike
		}
	}
	return clear, nil
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

func (r *Resolver) contactPayload(ctx context.Context, v access.Viewer, id string, at eventstore.Position) (*model.ContactPayload, error) {
	r.caughtUp(ctx, at, contacts.Name)
	row, ok, err := contacts.ByID(ctx, r.DB.For(v), v, id)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, ErrUnavailableRow
	}
	shown := presentContact(row)
	shown.Masked = v.Masked
	return &model.ContactPayload{Contact: shown}, nil
}

func (r *Resolver) linkContact(ctx context.Context, v access.Viewer, id domain.InteractionID, global string, m eventstore.Metadata) (eventstore.Position, error) {
	contactID, err := localID(kindContact, global)
	if err != nil {
		return eventstore.Position{}, err
	}
	_, ok, err := contacts.ByID(ctx, r.DB.For(v), v, contactID)
	switch {
	case err != nil:
		return eventstore.Position{}, err
	case !ok:
		return eventstore.Position{}, ErrNotFound
	}
	return r.Commands.LinkContact(ctx, id, domain.ContactID(contactID), v.User, m)
}
