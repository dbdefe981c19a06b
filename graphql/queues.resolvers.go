package graphql

import (
	"context"
	"slices"
	"time"

	"parley/domain"
	"parley/eventstore"
	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/agents"
	"parley/projections/settings"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *mutationResolver) SaveQueue(ctx context.Context, input model.SaveQueueInput) (*model.QueuePayload, error) {
	local, err := optionalID(kindQueue, value(input.ID))
	if err != nil {
		return nil, err
	}
	s, err := queueSettings(input)
	if err != nil {
		return nil, err
	}
	id := domain.QueueID(local)
	err = r.run(ctx, input.CommandID, input, waitFor{settings.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
			id, at, err = r.Commands.SaveQueue(ctx, id, s, v.User, m)
			return at, err
		})
	if err != nil {
		return nil, err
	}
	row, err := readBack(settings.QueuesByID(ctx, r.clear(ctx), []string{string(id)}))
	if err != nil {
		return nil, err
	}
	return &model.QueuePayload{Queue: presentQueue(row)}, nil
}

func (r *queryResolver) Dashboard(ctx context.Context) (*model.Dashboard, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := settings.Dashboard(ctx, r.DB.For(v), v)
	return &model.Dashboard{Queues: presentAll(rows, presentQueue)}, err
}

func (r *queryResolver) Queues(ctx context.Context) ([]model.Queue, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := settings.Queues(ctx, r.DB.For(v), v)
	return presentAll(rows, presentQueue), err
}

func (r *queueResolver) Waiting(ctx context.Context, obj *model.Queue) (int32, error) {
	n, err := r.loadersOf(ctx).counts.Load(ctx, obj.UUID)
	return int32(n.Waiting), err
}

func (r *queueResolver) WaitingSince(ctx context.Context, obj *model.Queue) (*time.Time, error) {
	n, err := r.loadersOf(ctx).counts.Load(ctx, obj.UUID)
	return n.Since, err
}

func (r *queueResolver) InProgress(ctx context.Context, obj *model.Queue) (int32, error) {
	n, err := r.loadersOf(ctx).counts.Load(ctx, obj.UUID)
	return int32(n.InProgress), err
}

func (r *queueResolver) Available(ctx context.Context, obj *model.Queue) (int32, error) {
	n, err := r.loadersOf(ctx).available.Load(ctx, obj.UUID)
	return int32(n), err
}

func (r *queueResolver) OthersAvailable(ctx context.Context, obj *model.Queue) (int32, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return 0, err
	}
	available, err := agents.AvailableMembers(ctx, r.DB.For(v), obj.UUID)
	others := slices.DeleteFunc(available, func(id string) bool { return id == string(v.User) })
	return int32(len(others)), err
}

func (r *queueResolver) Members(ctx context.Context, obj *model.Queue) ([]model.User, error) {
	return r.usersByID(ctx, obj.MemberIDs)
}

// Queue returns generated.QueueResolver implementation.
func (r *Resolver) Queue() generated.QueueResolver { return &queueResolver{r} }

type queueResolver struct{ *Resolver }
