package graphql

import (
	"context"

	"parley/domain"
	"parley/domain/user"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/agents"
	"parley/projections/settings"
)

func presentUser(u settings.User) *model.User {
	return &model.User{
		ID: globalID(kindUser, u.ID), Name: u.Profile.Name, Alias: optional(u.Profile.Alias),
		Role: model.Role(u.Settings.Role), Disabled: u.Disabled(), UUID: u.ID,
	}
}

func presentUserSettings(u settings.User) *model.UserSettings {
	return &model.UserSettings{
		Login: u.Login, Email: optional(u.Profile.Email), Permissions: presentPermissions(u.Settings.Permissions),
		Masked: u.Settings.Masked, Capacity: int32(u.Settings.Capacity),
		ListIDs: texts(u.Settings.Lists), QueueIDs: texts(u.Settings.Queues),
	}
}

func presentPermissions[P ~string](permissions []P) []model.Permission {
	all := make([]model.Permission, len(permissions))
	for i, p := range permissions {
		all[i] = model.Permission(p)
	}
	return all
}

func presentViewer(v access.Viewer, u settings.User, a agents.Row) *model.Viewer {
	shown := &model.Viewer{
		User: presentUser(u), Role: model.Role(v.Role), Permissions: presentPermissions(v.Permissions), Masked: v.Masked,
	}
	if v.May(access.HandleInteractions) {
		if shown.Presence = presentPresence(a); shown.Presence == nil {
			shown.Presence = &model.Presence{State: model.PresenceStateSignedOut}
		}
	}
	return shown
}

func userSettings(input model.SaveUserInput) (user.Profile, user.Settings, error) {
	queues, err := localIDs(kindQueue, input.QueueIds)
	p := user.Profile{
		Login: input.Login, Name: input.Name, Alias: text(value(input.Alias)), Email: text(value(input.Email)),
	}
	s := user.Settings{
		Role: user.Role(input.Role), Permissions: texts(input.Permissions), Queues: idsOf[domain.QueueID](queues),
		Masked: input.Masked, Disabled: input.Disabled, Capacity: int(input.Capacity),
	}
	return p, s, err
}

// userPayload answers a mutation with a user as they are now.
func (r *Resolver) userPayload(ctx context.Context, id string) (*model.UserPayload, error) {
	row, err := readBack(settings.UsersByID(ctx, r.clear(ctx), []string{id}))
	if err != nil {
		return nil, err
	}
	return &model.UserPayload{User: presentUser(row)}, nil
}

// userByID returns a user, nil if the id is empty. An unknown user is shown as disabled and without a name.
func (r *Resolver) userByID(ctx context.Context, id string) (*model.User, error) {
	if id == "" {
		return nil, nil
	}
	u, err := r.loadersOf(ctx).users.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	if u.ID == "" {
		return &model.User{ID: globalID(kindUser, id), Name: "—", Role: model.RoleAgent, Disabled: true, UUID: id}, nil
	}
	return presentUser(u), nil
}

func (r *Resolver) usersByID(ctx context.Context, ids []string) ([]model.User, error) {
	rows, err := r.loadersOf(ctx).users.LoadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := []model.User{}
	for _, u := range rows {
		if u.ID != "" {
			all = append(all, *presentUser(u))
		}
	}
	return all, nil
}
