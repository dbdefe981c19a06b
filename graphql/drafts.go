package graphql

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"parley/domain"
	"parley/domain/interaction"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/messages"
)

// keptDraft is a stored draft of a text.
type keptDraft struct {
	Text     string    `json:"text,omitempty"`
	QuotedID string    `json:"quotedId,omitempty"`
	At       time.Time `json:"at"`
}

// contactPart is the part of a contact's draft; it has no other.
const contactPart = "CONTACT"

// partOf returns the part under which a draft is stored. An interaction may have several messages on their way.
func partOf(p model.DraftPart, sendID string) (string, error) {
	if (p == model.DraftPartMessage) != (sendID != "") {
		return "", badInput("Give sendId for a message on its way, and for nothing else.")
	}
	if sendID == "" {
		return string(p), nil
	}
	return string(p) + " " + sendID, nil
}

// saveDraft stores what the viewer has written in an interaction.
func (r *Resolver) saveDraft(
	ctx context.Context, v access.Viewer, id domain.InteractionID, input model.DraftInput,
) error {
	part, err := partOf(input.Part, text(value(input.SendID)))
	if err != nil {
		return err
	}
	if n := utf8.RuneCountInString(input.Text); n > interaction.MaxText {
		return interaction.ErrTextTooLong.With("max", interaction.MaxText).With("length", n)
	}
	quoted, err := r.messageInScope(ctx, v, value(input.QuotedID))
	if err != nil {
		return err
	}
	if input.Text == "" && quoted == "" {
		return r.Drafts.SaveDraft(ctx, string(v.User), string(id), part, "")
	}
	kept, err := json.Marshal(keptDraft{Text: input.Text, QuotedID: string(quoted), At: r.Now()})
	if err != nil {
		return err
	}
	return r.Drafts.SaveDraft(ctx, string(v.User), string(id), part, string(kept))
}

// draftsOf returns what the viewer has written in an interaction, oldest change first.
func (r *Resolver) draftsOf(ctx context.Context, interactionID string) ([]model.Draft, error) {
	parts, err := r.loadersOf(ctx).drafts.Load(ctx, interactionID)
	if err != nil {
		return nil, err
	}
	type dated struct {
		model.Draft
		at time.Time
	}
	all := make([]dated, 0, len(parts))
	for part, stored := range parts {
		var kept keptDraft
		if err := json.Unmarshal([]byte(stored), &kept); err != nil {
			return nil, fmt.Errorf("read draft: %w", err)
		}
		name, sendID, _ := strings.Cut(part, " ")
		all = append(all, dated{model.Draft{
			Part: model.DraftPart(name), Text: kept.Text, SendID: optional(sendID), QuotedID: kept.QuotedID,
		}, kept.At})
	}
	slices.SortFunc(all, func(a, b dated) int { return a.at.Compare(b.at) })
	drafts := make([]model.Draft, len(all))
	for n, d := range all {
		drafts[n] = d.Draft
	}
	return drafts, nil
}

// replyDraft returns the text of the viewer's unsent reply, nil if there is none.
func (r *Resolver) replyDraft(ctx context.Context, interactionID string) (*string, error) {
	drafts, err := r.draftsOf(ctx, interactionID)
	for _, d := range drafts {
		if d.Part == model.DraftPartReply {
			return optional(d.Text), err
		}
	}
	return nil, err
}

// quotedBy returns the message that a draft quotes, nil if it quotes none or the viewer may no longer see it.
func (r *Resolver) quotedBy(ctx context.Context, d *model.Draft) (*model.Message, error) {
	v, err := r.Viewer(ctx)
	if err != nil || d.QuotedID == "" {
		return nil, err
	}
	row, ok, err := messages.ByID(ctx, r.DB.For(v), v, d.QuotedID)
	if err != nil || !ok {
		return nil, err
	}
	return presentMessage(row), nil
}

// forgetSent deletes the drafts of a message that has been sent: the one kept while it was on its way, and the reply
// unless the viewer has kept writing.
func (r *Resolver) forgetSent(ctx context.Context, v access.Viewer, id domain.InteractionID, sent model.SendMessageInput) {
	user, subject := string(v.User), string(id)
	kept, err := r.Drafts.Drafts(ctx, user, []string{subject})
	for part, stored := range kept[subject] {
		var d keptDraft
		same := json.Unmarshal([]byte(stored), &d) == nil && strings.TrimSpace(d.Text) == strings.TrimSpace(sent.Text)
		if err == nil && (part == string(model.DraftPartMessage)+" "+sent.CommandID ||
			part == string(model.DraftPartReply) && same) {
			err = r.Drafts.SaveDraft(ctx, user, subject, part, "")
		}
	}
	if err != nil {
		r.Log.Warn("a sent draft was not removed", "interaction", id, "error", err)
	}
}

// saveContactDraft stores the fields of a contact that the viewer has edited.
func (r *Resolver) saveContactDraft(
	ctx context.Context, v access.Viewer, id string, fields []model.DraftFieldInput,
) error {
	kept := ""
	if len(fields) > 0 {
		edited := make([]model.DraftField, len(fields))
		for n, f := range fields {
			edited[n] = model.DraftField(f)
		}
		data, err := json.Marshal(edited)
		if err != nil {
			return err
		}
		kept = string(data)
	}
	return r.Drafts.SaveDraft(ctx, string(v.User), id, contactPart, kept)
}

// contactDraft returns the fields of a contact that the viewer has edited.
func (r *Resolver) contactDraft(ctx context.Context, id string) ([]model.DraftField, error) {
	parts, err := r.loadersOf(ctx).drafts.Load(ctx, id)
	fields := []model.DraftField{}
	if err != nil || parts[contactPart] == "" {
		return fields, err
	}
	if err := json.Unmarshal([]byte(parts[contactPart]), &fields); err != nil {
		return nil, fmt.Errorf("read draft: %w", err)
	}
	return fields, nil
}
