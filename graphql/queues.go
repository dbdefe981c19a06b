package graphql

import (
	"context"

	"parley/domain"
	"parley/domain/queue"
	"parley/graphql/model"
	"parley/projections/settings"
)

func presentQueue(q settings.Queue) *model.Queue {
	s := q.Settings
	return &model.Queue{
		ID: globalID(kindQueue, q.ID), Name: s.Name, Description: optional(s.Description),
		Strategy: model.QueueStrategy(s.Strategy), OfferTimeout: int32(s.OfferTimeout), Weight: int32(s.Weight),
		Take: s.Take, Sticky: s.Sticky, SilentOwner: int32(s.SilentOwner), Archived: q.Archived,
		UUID: q.ID, MemberIDs: q.Members,
	}
}

func queueSettings(input model.SaveQueueInput) (queue.Settings, error) {
	members, err := localIDs(kindUser, input.MemberIds)
	return queue.Settings{
		Name: input.Name, Description: text(value(input.Description)), Strategy: queue.Strategy(input.Strategy),
		OfferTimeout: int(input.OfferTimeout), Weight: int(input.Weight), Take: input.Take, Sticky: input.Sticky,
		SilentOwner: int(input.SilentOwner), Members: idsOf[domain.AgentID](members),
	}, err
}

// queueByID returns a queue, nil if the id is empty or unknown.
func (r *Resolver) queueByID(ctx context.Context, id string) (*model.Queue, error) {
	if id == "" {
		return nil, nil
	}
	q, err := r.loadersOf(ctx).queues.Load(ctx, id)
	if err != nil || q.ID == "" {
		return nil, err
	}
	return presentQueue(q), nil
}

func (r *Resolver) queuesByID(ctx context.Context, ids []string) ([]model.Queue, error) {
	rows, err := r.loadersOf(ctx).queues.LoadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := []model.Queue{}
	for _, q := range rows {
		if q.ID != "" {
			all = append(all, *presentQueue(q))
		}
	}
	return all, nil
}
