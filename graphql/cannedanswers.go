package graphql

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"parley/domain"
	"parley/domain/cannedanswer"
	"parley/domain/policy"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/interactions"
	"parley/projections/settings"
)

func presentCannedAnswer(c settings.CannedAnswer) *model.CannedAnswer {
	s := c.Settings
	shown := &model.CannedAnswer{
		ID: globalID(kindCannedAnswer, c.ID), Shortcut: s.Shortcut, Title: s.Title, Text: s.Text,
		Archived: c.Archived, Media: presentAnswerFile(c),
	}
	if s.AccountID != "" {
		shown.AccountID = optional(globalID(kindAccount, string(s.AccountID)))
	}
	if shown.Media != nil {
		shown.AttachmentID = optional(globalID(kindFile, string(s.BlobID)))
	}
	return shown
}

// presentFilledAnswer shows a canned answer as an agent inserts it, with its variables filled in.
func presentFilledAnswer(values cannedanswer.Values) func(settings.CannedAnswer) *model.FilledAnswer {
	return func(c settings.CannedAnswer) *model.FilledAnswer {
		return &model.FilledAnswer{
			ID: globalID(kindCannedAnswer, c.ID), Shortcut: c.Settings.Shortcut, Title: c.Settings.Title,
			Text: cannedanswer.Fill(c.Settings.Text, values), Media: presentAnswerFile(c),
		}
	}
}

func presentAnswerFile(c settings.CannedAnswer) *model.Media {
	f := c.Settings.File
	if f == nil {
		return nil
	}
	size := int32(f.Size)
	return &model.Media{
		State: model.MediaStateStored, MimeType: optional(f.MimeType), FileName: optional(f.FileName), Size: &size,
		Animated: f.Animated, URL: optional("/files/" + globalID(kindCannedAnswer, c.ID)),
	}
}

// cannedAnswersInScope keeps the global canned answers and those of accounts in the viewer's scope.
func cannedAnswersInScope(v access.Viewer, rows []settings.CannedAnswer) []settings.CannedAnswer {
	return slices.DeleteFunc(rows, func(c settings.CannedAnswer) bool {
		return c.Settings.AccountID != "" && !v.SeesAccount(c.Settings.AccountID)
	})
}

// withFile attaches a file to the settings of an answer: the one the answer already has, or a new upload.
func (r *Resolver) withFile(
	ctx context.Context, v access.Viewer, answerID string, s cannedanswer.Settings, fileID string,
) (cannedanswer.Settings, error) {
	if fileID == "" {
		return s, nil
	}
	rows, err := settings.CannedAnswersByID(ctx, r.clear(ctx), []string{answerID})
	if err != nil {
		return s, err
	}
	if len(rows) > 0 && globalID(kindFile, string(rows[0].Settings.BlobID)) == fileID {
		s.BlobID, s.File = rows[0].Settings.BlobID, rows[0].Settings.File
		return s, nil
	}
	media, err := r.Uploads.Keep(ctx, string(v.User), fileID)
	s.BlobID = domain.BlobID(media.BlobID)
	s.File = &cannedanswer.File{
		MimeType: media.MimeType, FileName: media.FileName, Size: media.Size, Animated: media.Animated,
	}
	return s, err
}

// answerValues returns what the variables of canned answers stand for in an interaction. A masked name has no value,
// because the viewer would see the text before and after it is sent.
func (r *Resolver) answerValues(ctx context.Context, row interactions.Row) (cannedanswer.Values, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	l := r.loadersOf(ctx)
	me, err := l.users.Load(ctx, string(v.User))
	if err != nil {
		return nil, err
	}
	account, err := l.accounts.Load(ctx, row.AccountID)
	if err != nil {
		return nil, err
	}
	values := cannedanswer.Values{
		cannedanswer.AgentName:   cmp.Or(me.Profile.Alias, me.Profile.Name),
		cannedanswer.AccountName: account.Settings.Name,
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
		// A contact created from a message has the customer's whole profile name as its first name until it
		// is edited.
		created := c.LastName == "" && c.FirstName == row.CustomerName
		if !created && (c.FirstName != "" || c.LastName != "") {
			first, last = c.FirstName, c.LastName
		}
	}
	values[cannedanswer.ContactFirstName], values[cannedanswer.ContactLastName] = first, last
	values[cannedanswer.ContactName] = strings.TrimSpace(first + " " + last)
	return values, nil
}
