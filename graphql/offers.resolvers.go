package graphql

import (
	"context"

	"parley/eventstore"
	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/interactions"
	"parley/projections/offers"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *mutationResolver) AcceptOffer(ctx context.Context, input model.OfferInput) (*model.InteractionPayload, error) {
	interactionID, offerID, err := r.offerToViewer(ctx, input.OfferID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{interactions.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.AcceptOffer(ctx, interactionID, offerID, v.User, m)
		})
	if err != nil {
		return nil, err
	}
	return r.interactionPayload(ctx, interactionID)
}

func (r *mutationResolver) RejectOffer(ctx context.Context, input model.OfferInput) (*model.OfferPayload, error) {
	interactionID, offerID, err := r.offerToViewer(ctx, input.OfferID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{offers.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.RejectOffer(ctx, interactionID, offerID, v.User, m)
		})
	if err != nil {
		return nil, err
	}
	return &model.OfferPayload{OfferID: input.OfferID}, nil
}

func (r *offerResolver) Interaction(ctx context.Context, obj *model.Offer) (*model.Interaction, error) {
	return r.interactionByID(ctx, obj.InteractionID)
}

func (r *offerResolver) Queue(ctx context.Context, obj *model.Offer) (*model.Queue, error) {
	return r.queueByID(ctx, obj.QueueID)
}

func (r *offerResolver) TakenBy(ctx context.Context, obj *model.Offer) (*model.User, error) {
	return r.userByID(ctx, obj.TakenByID)
}

func (r *queryResolver) Offers(ctx context.Context) ([]model.Offer, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := offers.Of(ctx, r.DB.For(v), string(v.User))
	return presentAll(rows, presentOffer), err
}

// Offer returns generated.OfferResolver implementation.
func (r *Resolver) Offer() generated.OfferResolver { return &offerResolver{r} }

type offerResolver struct{ *Resolver }
