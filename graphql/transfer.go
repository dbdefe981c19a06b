package graphql

import (
	"context"
	"slices"
	"strings"

	"parley/access"
	"parley/commands"
	"parley/domain"
	"parley/eventstore"
	"parley/graphql/model"
	"parley/projections/agents"
	"parley/projections/interactions"
	"parley/projections/settings"
	"parley/projections/transfers"
)

func presentTransfer(v access.Viewer) func(transfers.Row) *model.Transfer {
	return func(t transfers.Row) *model.Transfer {
		return &model.Transfer{
			ID: globalID(kindTransfer, t.ID), State: model.TransferState(t.State), Note: optional(t.Note), RequestedAt: t.RequestedAt,
			ExpiresAt: t.ExpiresAt, Mine: t.Mine(string(v.User)), InteractionID: t.InteractionID, FromID: t.From, ToAgentID: t.ToAgent,
			ToQueueID: t.ToQueue, AcceptedByID: t.AcceptedBy, EndedAt: t.EndedAt, Reason: optional(t.Reason),
		}
	}
}

func (r *Resolver) theTransfer(ctx context.Context, id string) (*model.Transfer, error) {
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

// lastTransfer is the latest transfer of an interaction, if the viewer may see it.
func (r *Resolver) lastTransfer(ctx context.Context, interactionID string) (*model.Transfer, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := transfers.OfInteraction(ctx, r.DB.For(v), interactionID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return r.theTransfer(ctx, rows[len(rows)-1].ID)
}

// maxTransferNote is how many characters the note to whoever takes over may have.
const maxTransferNote = 1000

func (r *Resolver) requestTransfer(ctx context.Context, input model.RequestTransferInput) (*model.TransferPayload, error) {
	v, m, err := r.asking(ctx, input.CommandID, input)
	if err != nil {
		return nil, err
	}
	id, err := r.scoped(ctx, v, input.InteractionID)
	if err != nil {
		return nil, err
	}
	agent, err := optionalID(kindUser, value(input.ToAgentID))
	if err != nil {
		return nil, err
	}
	queue, err := optionalID(kindQueue, value(input.ToQueueID))
	if err != nil {
		return nil, err
	}
	if (agent == "") == (queue == "") {
		return nil, badInput("Give an agent or a queue to transfer to, not both.")
	}
	if err := r.sharesAccount(ctx, v, id, agent, queue); err != nil {
		return nil, err
	}
	note := strings.TrimSpace(text(value(input.Note)))
	if len([]rune(note)) > maxTransferNote {
		return nil, badInput("The note is too long.").With("limit", maxTransferNote)
	}
	limited, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	transferID, at, err := r.Commands.RequestTransfer(limited, id, v.User, commands.TransferTo{
		Agent: domain.AgentID(agent), Queue: domain.QueueID(queue), Note: note,
	}, m)
	if err != nil {
		return nil, err
	}
	return r.transferPayload(ctx, v, string(transferID), at)
}

// sharesAccount refuses an agent or a queue that has nothing to do with the interaction's account.
func (r *Resolver) sharesAccount(ctx context.Context, v access.Viewer, id domain.InteractionID, agent, queue string) error {
	row, err := r.interactionRow(ctx, v, string(id))
	if err != nil {
		return err
	}
	a, err := r.loadersOf(ctx).accounts.Load(ctx, row.AccountID)
	if err != nil {
		return err
	}
	sharing := append(texts(a.Settings.Queues), string(a.Settings.QueueID))
	if queue != "" {
		if !slices.Contains(sharing, queue) {
			return ErrNotFound
		}
		return nil
	}
	queues, err := settings.QueuesByID(ctx, r.DB.Clear, sharing)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(queues, func(q settings.Queue) bool { return slices.Contains(q.Members, agent) }) {
		return commands.ErrTargetOffline
	}
	return nil
}

// onTransfer answers a transfer the viewer sent or was offered.
func (r *Resolver) onTransfer(ctx context.Context, input model.TransferInput,
	do func(context.Context, access.Viewer, domain.TransferID, eventstore.Metadata) (eventstore.Position, error),
) (*model.TransferPayload, error) {
	v, m, err := r.asking(ctx, input.CommandID, input)
	if err != nil {
		return nil, err
	}
	id, err := localID(kindTransfer, input.TransferID)
	if err != nil {
		return nil, err
	}
	rows, err := transfers.ByIDs(ctx, r.DB.For(v), v, []string{id})
	switch {
	case err != nil:
		return nil, err
	case len(rows) == 0:
		return nil, ErrNotFound
	}
	limited, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	at, err := do(limited, v, domain.TransferID(id), m)
	if err != nil {
		return nil, r.withName(ctx, err)
	}
	return r.transferPayload(ctx, v, id, at)
}

func (r *Resolver) transferPayload(ctx context.Context, v access.Viewer, id string, at eventstore.Position) (*model.TransferPayload, error) {
	r.caughtUp(ctx, at, transfers.Name, interactions.Name)
	rows, err := transfers.ByIDs(ctx, r.DB.For(v), v, []string{id})
	switch {
	case err != nil:
		return nil, err
	case len(rows) == 0:
		return nil, ErrUnavailableRow
	}
	row, err := r.interactionRow(ctx, v, rows[0].InteractionID)
	if err != nil {
		return nil, err
	}
	return &model.TransferPayload{Transfer: presentTransfer(v)(rows[0]), Interaction: presentInteraction(row)}, nil
}

// transferTargets is whom the account allows to transfer to: colleagues who are there, and queues that share it.
func (r *Resolver) transferTargets(ctx context.Context, global string) (*model.TransferTargets, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	id, err := localID(kindInteraction, global)
	if err != nil {
		return nil, err
	}
	row, err := r.interactionRow(ctx, v, id)
	if err != nil {
		return nil, err
	}
	a, err := r.loadersOf(ctx).accounts.Load(ctx, row.AccountID)
	if err != nil {
		return nil, err
	}
	out := &model.TransferTargets{Agents: []model.User{}, Queues: []model.Queue{}}
	if a.Settings.TransferToAgent {
		there, err := agents.Targets(ctx, r.DB.For(v), row.AccountID, string(v.User))
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(there))
		for i, t := range there {
			ids[i] = t.UserID
		}
		if out.Agents, err = r.theUsers(ctx, ids); err != nil {
			return nil, err
		}
	}
	if a.Settings.TransferToQueue {
		rows, err := settings.QueuesByID(ctx, r.DB.For(v), append(texts(a.Settings.Queues), string(a.Settings.QueueID)))
		if err != nil {
			return nil, err
		}
		for _, q := range rows {
			if !q.Archived {
				out.Queues = append(out.Queues, *presentQueue(q))
			}
		}
	}
	return out, nil
}

func (r *Resolver) othersOnline(ctx context.Context, queueID string) (int32, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return 0, err
	}
	online, err := agents.OnlineIn(ctx, r.DB.For(v), queueID)
	others := slices.DeleteFunc(online, func(id string) bool { return id == string(v.User) })
	return int32(len(others)), err
}
