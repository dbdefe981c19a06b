package graphql

import (
	"context"
	"strings"

	"parley/domain"
	"parley/domain/account"
	"parley/graphql/model"
	"parley/projections/settings"
)

func presentAccount(a settings.Account) *model.Account {
	s := a.Settings
	return &model.Account{
		ID: globalID(kindAccount, a.ID), Name: s.Name, ShortCode: s.ShortCode, Channel: s.Channel, Provider: s.Provider,
		DisplayNumber: s.DisplayNumber, Disabled: s.Disabled, Attachments: s.Attachments,
		MaxAttachmentBytes: int32(s.MaxAttachmentBytes), TransferToAgent: s.TransferToAgent,
		TransferToQueue: s.TransferToQueue, TransferTimeout: int32(s.TransferTimeout),
		MandatoryDispose: s.MandatoryDispose, Archived: a.Archived, UUID: a.ID,
	}
}

func presentAccountSettings(a settings.Account, webhookPaths []string) *model.AccountSettings {
	s := a.Settings
	return &model.AccountSettings{
		ProviderSettings: settingValues(s.ProviderSettings), WebhookPaths: webhookPaths, CreateContacts: s.CreateContacts,
		MarkAsRead: s.MarkAsRead, WindowHours: int32(s.WindowHours), RatePerSecond: int32(s.RatePerSecond),
		RecontactTemplate: optional(s.RecontactTemplate), AccountID: a.ID, QueueID: string(s.QueueID),
		ListID: string(s.ListID), QueueIDs: texts(s.Queues),
	}
}

func presentNotice(n settings.Notice) *model.AccountNotice {
	out := &model.AccountNotice{
		ID: n.ID, Field: n.Field, Event: optional(n.Event), Template: optional(n.Template), SentAt: n.SentAt,
		Facts: make([]model.AccountFact, len(n.Facts)),
	}
	for i, f := range n.Facts {
		out.Facts[i] = model.AccountFact{Name: f.Name, Value: f.Value}
	}
	return out
}

func presentSecret(s settings.Secret) *model.SecretInfo {
	return &model.SecretInfo{Name: s.Name, Last4: s.Last4, ReplacedAt: s.ReplacedAt}
}

func accountSettings(input model.SaveAccountInput) (account.Settings, error) {
	s := account.Settings{
		Name: input.Name, ShortCode: input.ShortCode, Provider: input.Provider,
		ProviderSettings: byName(input.ProviderSettings), DisplayNumber: input.DisplayNumber,
		Disabled: input.Disabled, CreateContacts: input.CreateContacts,
		Attachments: input.Attachments, MaxAttachmentBytes: int64(input.MaxAttachmentBytes),
		TransferToAgent: input.TransferToAgent, TransferToQueue: input.TransferToQueue,
		TransferTimeout: int(input.TransferTimeout), MandatoryDispose: input.MandatoryDispose,
		MarkAsRead: input.MarkAsRead, WindowHours: int(input.WindowHours), RatePerSecond: int(input.RatePerSecond),
		RecontactTemplate: strings.TrimSpace(text(value(input.RecontactTemplate))),
	}
	queueID, err := localID(kindQueue, input.QueueID)
	if err != nil {
		return s, err
	}
	queueIDs, err := localIDs(kindQueue, input.QueueIds)
	if err != nil {
		return s, err
	}
	listID, err := optionalID(kindList, value(input.ListID))
	s.QueueID, s.Queues, s.ListID = domain.QueueID(queueID), idsOf[domain.QueueID](queueIDs), domain.ListID(listID)
	return s, err
}

func (r *Resolver) accountByID(ctx context.Context, id string) (*model.Account, error) {
	a, err := r.loadersOf(ctx).accounts.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	return presentAccount(a), nil
}

// accountInScope returns the id of an account that the viewer may see; any other is ErrNotFound.
func (r *Resolver) accountInScope(ctx context.Context, global string) (domain.AccountID, error) {
	id, err := localID(kindAccount, global)
	if err != nil {
		return "", err
	}
	v, err := r.Viewer(ctx)
	if err != nil {
		return "", err
	}
	rows, err := settings.AccountsByID(ctx, r.DB.For(v), []string{id})
	if err != nil {
		return "", err
	}
	if len(rows) == 0 || !v.SeesAccount(domain.AccountID(id)) {
		return "", ErrNotFound
	}
	return domain.AccountID(id), nil
}
