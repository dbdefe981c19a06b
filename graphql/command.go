package graphql

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"parley/commands"
	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/interactions"
	"parley/projections/settings"
)

// commandTime is how long a command may take before the event store counts as unavailable.
const commandTime = 5 * time.Second

// command calls one method of package commands on behalf of v. The events it appends carry m.
type command func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error)

// waitFor names the read models that a mutation reads its answer from.
type waitFor []string

// run runs a command for the viewer and waits until the read models show its events.
//
// A command id stands for one input; sent with another input it is refused. The events carry a keyed digest of the
// input, since the input may hold personal data. Leave secrets out of it.
func (r *Resolver) run(ctx context.Context, commandID string, input any, readModels waitFor, do command) error {
	v, err := r.Viewer(ctx)
	if err != nil {
		return err
	}
	m, err := r.metadata(v, commandID, input)
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	at, err := do(limited, v, m)
	if err != nil {
		return r.withName(ctx, err)
	}
	r.Listener.Await(ctx, at, readModels...) // gives up after a moment: a slow read model must not fail the command
	return nil
}

var errCommandID = badInput("commandId must be a UUID, a new one for each click.")

// metadata returns what the events of a command carry about it.
func (r *Resolver) metadata(v access.Viewer, commandID string, input any) (eventstore.Metadata, error) {
	if !isUUID(commandID) {
		return eventstore.Metadata{}, errCommandID
	}
	plain, err := json.Marshal(input)
	if err != nil {
		return eventstore.Metadata{}, err
	}
	return commands.Meta(v.User, domain.CommandID(commandID), r.Digest(string(plain))), nil
}

// withName adds a user's name to a refusal whose details contain only the id, and turns the id of a survivor
// into the form that clients use.
func (r *Resolver) withName(ctx context.Context, err error) error {
	var refusal *domain.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	if survivor, ok := refusal.Details["survivor"].(string); ok {
		k := kindContact
		if errors.Is(err, interaction.ErrJoined) {
			k = kindInteraction
		}
		return refusal.With("survivor", globalID(k, survivor))
	}
	by, ok := refusal.Details["by"].(string)
	if !ok {
		return err
	}
	users, readErr := settings.UsersByID(ctx, r.clear(ctx), []string{by})
	if readErr != nil || len(users) == 0 {
		return err
	}
	return refusal.With("by", globalID(kindUser, by)).With("byName", users[0].Profile.Name)
}

// ErrNotReadableYet says that a command succeeded but its result cannot be read yet. Sending the same command again
// returns the result.
var ErrNotReadableYet = &domain.Refusal{
	Kind: domain.Unavailable, Code: "NOT_READABLE_YET",
	Message: "Done. The screen will update shortly.",
}

// readBack returns the one row that a command has changed.
func readBack[R any](rows []R, err error) (row R, _ error) {
	if err == nil && len(rows) == 0 {
		err = ErrNotReadableYet
	}
	if err != nil {
		return row, err
	}
	return rows[0], nil
}

// interactionRow returns an interaction in the viewer's scope; any other is ErrNotFound.
func (r *Resolver) interactionRow(ctx context.Context, id string) (interactions.Row, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return interactions.Row{}, err
	}
	row, ok, err := interactions.ByID(ctx, r.DB.For(v), v, id)
	if err == nil && !ok {
		err = ErrNotFound
	}
	return row, err
}

// interactionInScope returns the id of an interaction that the viewer may see; any other is ErrNotFound.
func (r *Resolver) interactionInScope(ctx context.Context, global string) (domain.InteractionID, error) {
	id, err := localID(kindInteraction, global)
	if err != nil {
		return "", err
	}
	_, err = r.interactionRow(ctx, id)
	return domain.InteractionID(id), err
}

// onInteraction runs a command on an interaction in the viewer's scope, and answers with the interaction as it is then.
func (r *Resolver) onInteraction(
	ctx context.Context, global, commandID string, input any,
	call func(context.Context, access.Viewer, domain.InteractionID, eventstore.Metadata) (eventstore.Position, error),
) (*model.InteractionPayload, error) {
	id, err := r.interactionInScope(ctx, global)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, commandID, input, waitFor{interactions.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return call(ctx, v, id, m)
		})
	if err != nil {
		return nil, err
	}
	return r.interactionPayload(ctx, id)
}

// joinedInScope returns an interaction and the one it was joined into, if the viewer may see at least one of them.
// survivor is the interaction itself if it is not joined, or if the viewer may not see the other one.
func (r *Resolver) joinedInScope(ctx context.Context, global string) (id, survivor domain.InteractionID, err error) {
	local, err := localID(kindInteraction, global)
	if err != nil {
		return "", "", err
	}
	id = domain.InteractionID(local)
	if survivor, err = r.Commands.SurvivorOf(ctx, id); err != nil {
		return "", "", err
	}
	if _, err = r.interactionRow(ctx, string(survivor)); errors.Is(err, ErrNotFound) {
		_, err = r.interactionRow(ctx, local)
		return id, id, err
	}
	return id, survivor, err
}

// interactionPayload answers a mutation with the interaction as it is now.
func (r *Resolver) interactionPayload(ctx context.Context, id domain.InteractionID) (*model.InteractionPayload, error) {
	row, err := r.interactionRow(ctx, string(id))
	if err != nil {
		return nil, err
	}
	return &model.InteractionPayload{Interaction: presentInteraction(row)}, nil
}
