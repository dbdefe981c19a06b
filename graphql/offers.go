package graphql

import (
	"context"

	"parley/domain"
	"parley/graphql/model"
	"parley/projections/offers"
)

func presentOffer(o offers.AgentOffer) *model.Offer {
	return &model.Offer{
		ID: globalID(kindOffer, o.ID), State: model.OfferState(o.State), OfferedAt: o.OfferedAt, ExpiresAt: o.ExpiresAt,
		WaitingSince: o.WaitingSince, FirstMessage: presentPreview(o.FirstMessage),
		InteractionID: o.InteractionID, QueueID: o.QueueID, TakenByID: o.TakenBy,
	}
}

// offerToViewer returns an offer made to the viewer, and its interaction. Any other offer is ErrNotFound.
func (r *Resolver) offerToViewer(ctx context.Context, global string) (domain.InteractionID, domain.OfferID, error) {
	id, err := localID(kindOffer, global)
	if err != nil {
		return "", "", err
	}
	v, err := r.Viewer(ctx)
	if err != nil {
		return "", "", err
	}
	rows, err := offers.ByIDs(ctx, r.DB.For(v), v, []string{id})
	if err != nil {
		return "", "", err
	}
	if len(rows) == 0 {
		return "", "", ErrNotFound
	}
	return domain.InteractionID(rows[0].InteractionID), domain.OfferID(id), nil
}
