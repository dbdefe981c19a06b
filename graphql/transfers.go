package graphql

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"parley/commands"
	"parley/domain"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/agents"
	"parley/projections/settings"
	"parley/projections/transfers"
)

func presentTransfer(v access.Viewer) func(transfers.Row) *model.Transfer {
	return func(t transfers.Row) *model.Transfer {
		return &model.Transfer{
			ID: globalID(kindTransfer, t.ID), Status: model.TransferStatus(t.Status), Note: optional(t.Note),
			RequestedAt: t.RequestedAt, ExpiresAt: t.ExpiresAt, Mine: t.Mine(string(v.User)),
			InteractionID: t.InteractionID, FromID: t.From, ToAgentID: t.ToAgent, ToQueueID: t.ToQueue,
			AcceptedByID: t.AcceptedBy, EndedAt: t.EndedAt, Reason: optional(t.Reason),
		}
	}
}

// transferTo returns the target of a transfer request, and its note.
func transferTo(input model.RequestTransferInput) (commands.TransferTo, error) {
	agent, err := optionalID(kindUser, value(input.ToAgentID))
	if err != nil {
		return commands.TransferTo{}, err
	}
	queue, err := optionalID(kindQueue, value(input.ToQueueID))
	if err != nil {
		return commands.TransferTo{}, err
	}
	to := commands.TransferTo{
		Agent: domain.AgentID(agent), Queue: domain.QueueID(queue), Note: strings.TrimSpace(text(value(input.Note))),
	}
	if (agent == "") == (queue == "") {
		return to, badInput("Give an agent or a queue to transfer to, not both.")
	}
	return to, nil
}

// targetAgents returns the connected colleagues in the queues of an account. Paused ones are shown but cannot be chosen.
func (r *Resolver) targetAgents(ctx context.Context, accountID string) ([]model.User, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := agents.Targets(ctx, r.DB.For(v), accountID, string(v.User))
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.UserID
	}
	return r.usersByID(ctx, ids)
}

// targetQueues returns the queues of an account that are in use.
func (r *Resolver) targetQueues(ctx context.Context, a settings.Account) ([]model.Queue, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := settings.QueuesByID(ctx, r.DB.For(v), texts(a.Settings.AllQueues()))
	rows = slices.DeleteFunc(rows, func(q settings.Queue) bool { return q.Archived })
	return presentAll(rows, presentQueue), err
}

// transferByID returns a transfer in the viewer's scope, nil when there is none.
func (r *Resolver) transferByID(ctx context.Context, id string) (*model.Transfer, error) {
	if id == "" {
		return nil, nil
	}
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	row, err := r.loadersOf(ctx).transfers.Load(ctx, id)
	if err != nil || row.ID == "" {
		return nil, err
	}
	return presentTransfer(v)(row), nil
}

// transfersOf returns the transfers of an interaction that are in the viewer's scope, oldest first.
func (r *Resolver) transfersOf(ctx context.Context, interactionID string) ([]model.Transfer, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := transfers.OfInteraction(ctx, r.DB.For(v), interactionID)
	if err != nil || len(rows) == 0 {
		return []model.Transfer{}, err
	}
	ids := make([]string, len(rows))
	for n, t := range rows {
		ids[n] = t.ID
	}
	visible, err := transfers.ByIDs(ctx, r.DB.For(v), v, ids)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(visible, func(a, b transfers.Row) int {
		return cmp.Or(a.RequestedAt.Compare(b.RequestedAt), strings.Compare(a.ID, b.ID))
	})
	return presentAll(visible, presentTransfer(v)), nil
}

// transferInScope returns the id of a transfer that the viewer may see; any other is ErrNotFound.
func (r *Resolver) transferInScope(ctx context.Context, global string) (domain.TransferID, error) {
	id, err := localID(kindTransfer, global)
	if err != nil {
		return "", err
	}
	v, err := r.Viewer(ctx)
	if err != nil {
		return "", err
	}
	rows, err := transfers.ByIDs(ctx, r.DB.For(v), v, []string{id})
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	return domain.TransferID(id), err
}

// transferPayload answers a mutation with a transfer and its interaction as they are now.
func (r *Resolver) transferPayload(ctx context.Context, id domain.TransferID) (*model.TransferPayload, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	t, err := readBack(transfers.ByIDs(ctx, r.DB.For(v), v, []string{string(id)}))
	if err != nil {
		return nil, err
	}
	i, err := r.interactionRow(ctx, t.InteractionID)
	if err != nil {
		return nil, err
	}
	return &model.TransferPayload{Transfer: presentTransfer(v)(t), Interaction: presentInteraction(i)}, nil
}
