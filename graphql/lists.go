package graphql

import (
	"context"

	"parley/domain/list"
	"parley/graphql/model"
	"parley/projections/settings"
)

func presentList(l settings.List) *model.ContactList {
	s := l.Settings
	fields := make([]model.ContactField, len(s.Fields))
	for i, f := range s.Fields {
		fields[i] = model.ContactField{
			Key: f.Key, Label: f.Label, Type: f.Type, Required: f.Required, Options: orEmpty(f.Options),
		}
	}
	return &model.ContactList{
		ID: globalID(kindList, l.ID), Name: s.Name, Description: optional(s.Description),
		DialPrefix: optional(s.DialPrefix), Fields: fields, Archived: l.Archived,
	}
}

func listSettings(input model.SaveListInput) list.Settings {
	s := list.Settings{
		Name: input.Name, Description: text(value(input.Description)), DialPrefix: text(value(input.DialPrefix)),
	}
	for _, f := range input.Fields {
		s.Fields = append(s.Fields, list.Field{
			Key: f.Key, Label: f.Label, Type: f.Type, Required: f.Required, Options: f.Options,
		})
	}
	return s
}

// listByID returns a contact list, nil if the id is empty or unknown.
func (r *Resolver) listByID(ctx context.Context, id string) (*model.ContactList, error) {
	if id == "" {
		return nil, nil
	}
	l, err := r.loadersOf(ctx).lists.Load(ctx, id)
	if err != nil || l.ID == "" {
		return nil, err
	}
	return presentList(l), nil
}
