package graphql

import (
	"context"

	"parley/commands"
	"parley/domain"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/messages"
)

// composed returns the message an agent wrote: its text, the message it quotes, and at most one uploaded file.
func (r *Resolver) composed(
	ctx context.Context, v access.Viewer, input model.SendMessageInput,
) (commands.Draft, error) {
	d := commands.Draft{Text: input.Text, Kind: "TEXT"}
	quoted, err := r.messageInScope(ctx, v, value(input.QuotedID))
	if err != nil {
		return d, err
	}
	seen, err := optionalID(kindMessage, value(input.SeenThrough))
	if err != nil {
		return d, err
	}
	d.QuotedID, d.AnswersTo = quoted, domain.MessageID(seen)
	if file := text(value(input.AttachmentID)); file != "" {
		kind, media, err := r.Uploads.Find(ctx, string(v.User), file)
		if err != nil {
			return d, err
		}
		d.Kind, d.Media = kind, &media
	}
	return d, nil
}

// messageInScope returns the id of a message that the viewer may see, empty if none is given; any other is
// ErrNotFound.
func (r *Resolver) messageInScope(ctx context.Context, v access.Viewer, global *string) (domain.MessageID, error) {
	id, err := optionalID(kindMessage, global)
	if err != nil || id == "" {
		return "", err
	}
	_, ok, err := messages.ByID(ctx, r.DB.For(v), v, id)
	if err == nil && !ok {
		err = ErrNotFound
	}
	return domain.MessageID(id), err
}
