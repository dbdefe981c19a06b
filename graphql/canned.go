package graphql

import (
	"context"
	"strings"

	"parley/access"
	"parley/domain"
	"parley/domain/cannedanswer"
	"parley/domain/policy"
	"parley/graphql/model"
	"parley/projections/interactions"
	"parley/projections/settings"
)

func presentCannedAnswer(c settings.CannedAnswer) *model.CannedAnswer {
	s := c.Settings
	shown := &model.CannedAnswer{
		ID: globalID(kindCannedAnswer, c.ID), Shortcut: s.Shortcut, Title: s.Title, Text: s.Text, Archived: c.Archived, Media: cannedMedia(c),
	}
	if s.AccountID != "" {
		shown.AccountID = optional(globalID(kindAccount, string(s.AccountID)))
	}
	if shown.Media != nil {
		shown.AttachmentID = optional(fileID(s.BlobID))
	}
	return shown
}

func fileID(blob domain.BlobID) string { return "fil_" + string(blob) }

func cannedMedia(c settings.CannedAnswer) *model.Media {
	f := c.Settings.File
	if f == nil {
		return nil
	}
	size := int32(f.Size)
	return &model.Media{
		State: model.MediaStateStored, MimeType: optional(f.MimeType), FileName: optional(f.FileName), Size: &size, Animated: f.Animated,
		URL: optional("/files/" + globalID(kindCannedAnswer, c.ID)),
	}
}

// withFile gives an answer the file it shall have: one uploaded just now, or the one it has.
func (r *Resolver) withFile(ctx context.Context, v access.Viewer, id string, s cannedanswer.Settings, file string) (cannedanswer.Settings, error) {
	if file == "" {
		return s, nil
	}
	now, err := settings.CannedAnswersByID(ctx, r.DB.Clear, []string{id})
	if err != nil {
		return s, err
	}
	if len(now) > 0 && fileID(now[0].Settings.BlobID) == file {
		s.BlobID, s.File = now[0].Settings.BlobID, now[0].Settings.File
		return s, nil
	}
	media, err := r.Uploads.Keep(ctx, string(v.User), file)
	s.BlobID = domain.BlobID(media.BlobID)
	s.File = &cannedanswer.File{MimeType: media.MimeType, FileName: media.FileName, Size: media.Size, Animated: media.Animated}
	return s, err
}

// cannedAnswersFor is what an agent may insert into an interaction.
func (r *Resolver) cannedAnswersFor(ctx context.Context, global string) ([]model.FilledAnswer, error) {
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
	values, err := r.answerValues(ctx, v, row)
	if err != nil {
		return nil, err
	}
	rows, err := settings.CannedAnswers(ctx, r.DB.Clear, row.AccountID)
	return presentAll(rows, func(c settings.CannedAnswer) *model.FilledAnswer {
		return &model.FilledAnswer{
			ID: globalID(kindCannedAnswer, c.ID), Shortcut: c.Settings.Shortcut, Title: c.Settings.Title,
			Text: cannedanswer.Fill(c.Settings.Text, values), Media: cannedMedia(c),
		}
	}), err
}

// answerValues is what the variables stand for in one interaction. A name that is masked has no value: the text is on this
// viewer's screen before it is sent and after.
func (r *Resolver) answerValues(ctx context.Context, v access.Viewer, row interactions.Row) (cannedanswer.Values, error) {
	l := r.loadersOf(ctx)
	me, err := l.users.Load(ctx, string(v.User))
	if err != nil {
		return nil, err
	}
	account, err := l.accounts.Load(ctx, row.AccountID)
	if err != nil {
		return nil, err
	}
	values := cannedanswer.Values{cannedanswer.AgentName: me.Profile.Alias, cannedanswer.AccountName: account.Settings.Name}
	if me.Profile.Alias == "" {
		values[cannedanswer.AgentName] = me.Profile.Name
	}
	if v.Masked {
		p, err := r.policy(ctx)
		if err != nil || p.MaskName.Mode != policy.MaskNone {
			return values, err
		}
	}
	first, last, _ := strings.Cut(strings.TrimSpace(row.CustomerName), " ")
	if row.ContactID != "" {
		c, err := l.contacts.Load(ctx, row.ContactID)
		if err != nil {
			return nil, err
		}
		// A contact that a message made has all of the customer's own name as its first one, until somebody knows better.
		if made := c.LastName == "" && c.FirstName == row.CustomerName; !made && (c.FirstName != "" || c.LastName != "") {
			first, last = c.FirstName, c.LastName
		}
	}
	values[cannedanswer.ContactFirstName], values[cannedanswer.ContactLastName] = first, last
	values[cannedanswer.ContactName] = strings.TrimSpace(first + " " + last)
	return values, nil
}
