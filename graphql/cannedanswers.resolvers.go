package graphql

import (
	"context"

	"parley/domain"
	"parley/domain/cannedanswer"
	"parley/eventstore"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/settings"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *mutationResolver) SaveCannedAnswer(
	ctx context.Context, input model.SaveCannedAnswerInput,
) (*model.CannedAnswerPayload, error) {
	local, err := optionalID(kindCannedAnswer, value(input.ID))
	if err != nil {
		return nil, err
	}
	accountID, err := optionalID(kindAccount, value(input.AccountID))
	if err != nil {
		return nil, err
	}
	id := domain.CannedAnswerID(local)
	s := cannedanswer.Settings{
		Shortcut: input.Shortcut, Title: input.Title, Text: input.Text, AccountID: domain.AccountID(accountID),
	}
	err = r.run(ctx, input.CommandID, input, waitFor{settings.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
			if s, err = r.withFile(ctx, v, string(id), s, text(value(input.AttachmentID))); err != nil {
				return at, err
			}
			id, at, err = r.Commands.SaveCannedAnswer(ctx, id, s, v.User, m)
			return at, err
		})
	if err != nil {
		return nil, err
	}
	row, err := readBack(settings.CannedAnswersByID(ctx, r.clear(ctx), []string{string(id)}))
	if err != nil {
		return nil, err
	}
	return &model.CannedAnswerPayload{CannedAnswer: presentCannedAnswer(row)}, nil
}

func (r *queryResolver) CannedAnswersFor(ctx context.Context, interactionID string) ([]model.FilledAnswer, error) {
	id, err := localID(kindInteraction, interactionID)
	if err != nil {
		return nil, err
	}
	row, err := r.interactionRow(ctx, id)
	if err != nil {
		return nil, err
	}
	values, err := r.answerValues(ctx, row)
	if err != nil {
		return nil, err
	}
	rows, err := settings.CannedAnswers(ctx, r.clear(ctx), row.AccountID)
	return presentAll(rows, presentFilledAnswer(values)), err
}

func (r *queryResolver) CannedAnswers(ctx context.Context, accountID *string) ([]model.CannedAnswer, error) {
	account, err := optionalID(kindAccount, accountID)
	if err != nil {
		return nil, err
	}
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := settings.CannedAnswers(ctx, r.clear(ctx), account)
	return presentAll(cannedAnswersInScope(v, rows), presentCannedAnswer), err
}
