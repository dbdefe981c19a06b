package graphql

import (
	"context"

	"parley/domain"
	"parley/eventstore"
	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/settings"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *accountResolver) Settings(ctx context.Context, obj *model.Account) (*model.AccountSettings, error) {
	if v, err := r.Viewer(ctx); err != nil || !v.May(access.Administer) {
		return nil, err
	}
	a, err := r.loadersOf(ctx).accounts.Load(ctx, obj.UUID)
	if err != nil {
		return nil, err
	}
	return presentAccountSettings(a, r.WebhookPaths(a.Settings.Provider, a.ID)), nil
}

func (r *accountSettingsResolver) Queue(ctx context.Context, obj *model.AccountSettings) (*model.Queue, error) {
	return r.queueByID(ctx, obj.QueueID)
}

func (r *accountSettingsResolver) Queues(ctx context.Context, obj *model.AccountSettings) ([]model.Queue, error) {
	return r.queuesByID(ctx, obj.QueueIDs)
}

func (r *accountSettingsResolver) List(ctx context.Context, obj *model.AccountSettings) (*model.ContactList, error) {
	return r.listByID(ctx, obj.ListID)
}

func (r *accountSettingsResolver) Secrets(ctx context.Context, obj *model.AccountSettings) ([]model.SecretInfo, error) {
	a, err := r.loadersOf(ctx).accounts.Load(ctx, obj.AccountID)
	if err != nil {
		return nil, err
	}
	return presentAll(a.Secrets, presentSecret), nil
}

func (r *accountSettingsResolver) Notices(
	ctx context.Context, obj *model.AccountSettings,
) ([]model.AccountNotice, error) {
	a, err := r.loadersOf(ctx).accounts.Load(ctx, obj.AccountID)
	if err != nil {
		return nil, err
	}
	return presentAll(a.Notices, presentNotice), nil
}

func (r *mutationResolver) SaveAccount(
	ctx context.Context, input model.SaveAccountInput,
) (*model.AccountPayload, error) {
	local, err := optionalID(kindAccount, value(input.ID))
	if err != nil {
		return nil, err
	}
	s, err := accountSettings(input)
	if err != nil {
		return nil, err
	}
	id, withoutSecrets := domain.AccountID(local), input
	withoutSecrets.Secrets = model.SaveAccountInput{}.Secrets
	err = r.run(ctx, input.CommandID, withoutSecrets, waitFor{settings.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
			id, at, err = r.Commands.SaveAccount(ctx, id, s, byName(input.Secrets.Value()), v.User, m)
			return at, err
		})
	if err != nil {
		return nil, err
	}
	row, err := readBack(settings.AccountsByID(ctx, r.clear(ctx), []string{string(id)}))
	if err != nil {
		return nil, err
	}
	return &model.AccountPayload{Account: presentAccount(row)}, nil
}

func (r *queryResolver) Accounts(ctx context.Context) ([]model.Account, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := settings.Accounts(ctx, r.DB.For(v), v)
	return presentAll(rows, presentAccount), err
}

func (r *queryResolver) Providers(ctx context.Context) ([]model.Provider, error) {
	return presentAll(r.Resolver.Providers, presentProvider), nil
}

// Account returns generated.AccountResolver implementation.
func (r *Resolver) Account() generated.AccountResolver { return &accountResolver{r} }

// AccountSettings returns generated.AccountSettingsResolver implementation.
func (r *Resolver) AccountSettings() generated.AccountSettingsResolver {
	return &accountSettingsResolver{r}
}

type (
	accountResolver         struct{ *Resolver }
	accountSettingsResolver struct{ *Resolver }
)
