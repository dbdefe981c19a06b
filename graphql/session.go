package graphql

import (
	"context"
	"errors"
	"slices"

	"parley/access"
	"parley/commands"
	"parley/domain"
	"parley/eventstore"
	"parley/graphql/model"
	"parley/projections/agents"
	"parley/projections/messages"
	"parley/projections/offers"
	"parley/projections/settings"
)

// me is who asks, with his presence when he takes interactions.
func (r *Resolver) me(ctx context.Context) (*model.Viewer, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	l := r.loadersOf(ctx)
	u, err := l.users.Load(ctx, string(v.User))
	if err != nil {
		return nil, err
	}
	a, err := l.presences.Load(ctx, string(v.User))
	return presentViewer(v, u, a), err
}

// onPresence gives a command to the viewer as an agent and answers with his presence afterwards.
func (r *Resolver) onPresence(ctx context.Context, commandID string, input any,
	do func(context.Context, access.Viewer, eventstore.Metadata) (eventstore.Position, error),
) (*model.PresencePayload, error) {
	v, m, err := r.asking(ctx, commandID, input)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	at, err := do(limited, v, m)
	if err != nil {
		return nil, err
	}
	r.caughtUp(ctx, at, agents.Name)
	rows, err := agents.ByIDs(ctx, r.DB.For(v), []string{string(v.User)})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, ErrUnavailableRow
	}
	return &model.PresencePayload{Presence: presentPresence(rows[0])}, nil
}

// ErrUnavailableRow says that what was done is not readable yet.
var ErrUnavailableRow = &domain.Refusal{Kind: domain.Unavailable, Code: "NOT_READABLE_YET", Message: "This was done, but the screen is behind. It will follow by itself."}

// ErrPauseReason says a pause needs a reason of the policy.
var ErrPauseReason = &domain.Refusal{Kind: domain.Invalid, Code: "PAUSE_REASON_UNKNOWN", Message: "Choose one of the reasons for a pause."}

func (r *Resolver) pause(ctx context.Context, v access.Viewer, reason string, m eventstore.Metadata) (eventstore.Position, error) {
	p, err := r.policy(ctx)
	if err != nil {
		return eventstore.Position{}, err
	}
	if !slices.Contains(p.PauseReasons, reason) {
		return eventstore.Position{}, ErrPauseReason.With("reasons", p.PauseReasons)
	}
	return r.Commands.Pause(ctx, v.User, reason, v.User, m)
}

func presentOffer(o offers.Offer) *model.Offer {
	return &model.Offer{
		ID: globalID(kindOffer, o.ID), State: model.OfferState(o.State), OfferedAt: o.OfferedAt, ExpiresAt: o.ExpiresAt,
		WaitingSince: o.WaitingSince, FirstMessage: o.FirstMessage, InteractionID: o.InteractionID, QueueID: o.QueueID, TakenByID: o.TakenBy,
	}
}

// offered finds the interaction of an offer that was made to the viewer.
func (r *Resolver) offered(ctx context.Context, v access.Viewer, global string) (domain.InteractionID, domain.OfferID, error) {
	id, err := localID(kindOffer, global)
	if err != nil {
		return "", "", err
	}
	mine, err := offers.ByIDs(ctx, r.DB.For(v), v, []string{id})
	if err != nil {
		return "", "", err
	}
	if len(mine) == 0 {
		return "", "", ErrNotFound
	}
	return domain.InteractionID(mine[0].InteractionID), domain.OfferID(id), nil
}

func (r *Resolver) acceptOffer(ctx context.Context, input model.OfferInput) (*model.InteractionPayload, error) {
	v, m, err := r.asking(ctx, input.CommandID, input)
	if err != nil {
		return nil, err
	}
	id, offer, err := r.offered(ctx, v, input.OfferID)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	at, err := r.Commands.AcceptOffer(limited, id, offer, v.User, m)
	if err != nil {
		return nil, r.withName(ctx, err)
	}
	return r.interactionPayload(ctx, v, id, at)
}

// withName adds the name of whoever was quicker to a refusal that names him by id.
func (r *Resolver) withName(ctx context.Context, err error) error {
	var refusal *domain.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	by, ok := refusal.Details["by"].(string)
	if !ok {
		return err
	}
	named, readErr := settings.UsersByID(ctx, r.DB.Clear, []string{by})
	if readErr != nil || len(named) == 0 {
		return err
	}
	return refusal.With("by", globalID(kindUser, by)).With("byName", named[0].Profile.Name)
}

func (r *Resolver) rejectOffer(ctx context.Context, input model.OfferInput) (*model.OfferPayload, error) {
	v, m, err := r.asking(ctx, input.CommandID, input)
	if err != nil {
		return nil, err
	}
	id, offer, err := r.offered(ctx, v, input.OfferID)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	at, err := r.Commands.RejectOffer(limited, id, offer, v.User, m)
	if err != nil {
		return nil, err
	}
	r.caughtUp(ctx, at, offers.Name)
	return &model.OfferPayload{OfferID: input.OfferID}, nil
}

// send queues a message, with at most one file that was uploaded before.
func (r *Resolver) send(ctx context.Context, v access.Viewer, id domain.InteractionID, input model.SendMessageInput, m eventstore.Metadata) (eventstore.Position, error) {
	d := commands.Draft{Text: input.Text, Kind: "TEXT"}
	quoted, err := r.quoted(ctx, v, id, value(input.QuotedID))
	if err != nil {
		return eventstore.Position{}, err
	}
	seen, err := optionalID(kindMessage, value(input.SeenThrough))
	if err != nil {
		return eventstore.Position{}, err
	}
	d.QuotedID, d.AnswersTo = domain.MessageID(quoted), domain.MessageID(seen)
	if file := value(input.AttachmentID); file != nil && *file != "" {
		attached, err := r.Uploads.Find(ctx, string(v.User), *file)
		if err != nil {
			return eventstore.Position{}, err
		}
		d.Kind, d.Media = attached.Kind, &attached.Media
	}
	at, err := r.Commands.Send(ctx, id, v.User, d, m)
	if err != nil {
		return at, r.withName(ctx, err)
	}
	if err := r.Drafts.SaveDraft(ctx, string(v.User), string(id), ""); err != nil {
		r.Log.Warn("a sent draft was not removed", "interaction", id, "error", err)
	}
	return at, nil
}

// quoted is the message a new one answers: of the same conversation, and within scope.
func (r *Resolver) quoted(ctx context.Context, v access.Viewer, id domain.InteractionID, global *string) (string, error) {
	quoted, err := optionalID(kindMessage, global)
	if err != nil || quoted == "" {
		return "", err
	}
	message, ok, err := messages.ByID(ctx, r.DB.For(v), v, quoted)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return "", ErrNotFound
	case message.InteractionID == string(id):
		return quoted, nil
	}
	here, err := r.interactionRow(ctx, v, string(id))
	if err != nil {
		return "", err
	}
	there, err := r.interactionRow(ctx, v, message.InteractionID)
	if err == nil && (there.AccountID != here.AccountID || there.AddressID != here.AddressID) {
		err = ErrNotFound
	}
	return quoted, err
}

func (r *Resolver) close(ctx context.Context, v access.Viewer, id domain.InteractionID, input model.CloseInteractionInput, m eventstore.Metadata) (eventstore.Position, error) {
	seen, err := optionalID(kindMessage, value(input.SeenThrough))
	if err != nil {
		return eventstore.Position{}, err
	}
	disposition, err := r.outcome(ctx, v, id, value(input.DispositionID))
	if err != nil {
		return eventstore.Position{}, err
	}
	return r.Commands.Close(ctx, id, v.User, v.May(access.Supervise), domain.MessageID(seen), disposition, m)
}

func (r *Resolver) saveDraft(ctx context.Context, input model.DraftInput) (*model.InteractionPayload, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	id, err := r.scoped(ctx, v, input.InteractionID)
	if err != nil {
		return nil, err
	}
	if err := r.Drafts.SaveDraft(ctx, string(v.User), string(id), input.Text); err != nil {
		return nil, err
	}
	return r.interactionPayload(ctx, v, id, eventstore.Position{})
}
