package graphql

import (
	"context"
	"time"

	"parley/access"
	"parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/cannedanswer"
	"parley/domain/disposition"
	"parley/domain/list"
	"parley/domain/policy"
	"parley/domain/queue"
	"parley/domain/tag"
	"parley/domain/user"
	"parley/eventstore"
	"parley/graphql/model"
	"parley/projections"
	"parley/projections/settings"
)

// administer gives a settings command with a limited time and waits until it can be read.
func (r *Resolver) administer(ctx context.Context, commandID string, content any,
	do func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error),
) (access.Viewer, error) {
	v, m, err := r.asking(ctx, commandID, content)
	if err != nil {
		return v, err
	}
	limited, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	at, err := do(limited, v, m)
	if err == nil {
		r.caughtUp(ctx, at, readSettings)
	}
	return v, err
}

// readBack is a setting after it was saved.
func readBack[R, M any](ctx context.Context, q projections.Querier, read func(context.Context, projections.Querier, []string) ([]R, error), id string, show func(R) *M) (*M, error) {
	rows, err := read(ctx, q, []string{id})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, ErrUnavailableRow
	}
	return show(rows[0]), nil
}

func (r *Resolver) saveAccount(ctx context.Context, input model.SaveAccountInput) (*model.AccountPayload, error) {
	open := input
	open.AppSecret, open.VerifyToken, open.AccessToken = none, none, none
	var id domain.AccountID
	_, err := r.administer(ctx, input.CommandID, open, func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
		given, err := optionalID(kindAccount, value(input.ID))
		if err != nil {
			return eventstore.Position{}, err
		}
		s, err := accountSettings(input)
		if err != nil {
			return eventstore.Position{}, err
		}
		var at eventstore.Position
		if id, at, err = r.Commands.SaveAccount(ctx, domain.AccountID(given), s, v.User, m); err != nil {
			return at, err
		}
		for _, secret := range []struct {
			name  string
			value *string
		}{
			{account.AppSecret, value(input.AppSecret)}, {account.VerifyToken, value(input.VerifyToken)}, {account.AccessToken, value(input.AccessToken)},
		} {
			if secret.value == nil || *secret.value == "" {
				continue
			}
			last4, err := r.Secrets.Put(ctx, "account/"+string(id)+"/"+secret.name, *secret.value)
			if err != nil {
				return at, err
			}
			if at, err = r.Commands.ReplaceSecret(ctx, id, secret.name, last4, v.User, m); err != nil {
				return at, err
			}
		}
		return at, nil
	})
	if err != nil {
		return nil, err
	}
	shown, err := readBack(ctx, r.DB.Clear, settings.AccountsByID, string(id), presentAccount)
	return &model.AccountPayload{Account: shown}, err
}

func accountSettings(input model.SaveAccountInput) (account.Settings, error) {
	s := account.Settings{
		Name: input.Name, Key: input.Key, Channel: "whatsapp", Provider: input.Provider, PhoneNumberID: input.PhoneNumberID,
		BusinessID: text(value(input.BusinessID)), DisplayNumber: input.DisplayNumber, BaseURL: text(value(input.BaseURL)),
		APIVersion: text(value(input.APIVersion)), Disabled: input.Disabled, CreateContacts: input.CreateContacts,
		Attachments: input.Attachments, MaxAttachmentBytes: int64(input.MaxAttachmentBytes), TransferToAgent: input.TransferToAgent,
		TransferToQueue: input.TransferToQueue, TransferTimeout: int(input.TransferTimeout), MandatoryDispose: input.MandatoryDispose,
		MarkAsRead: input.MarkAsRead, WindowHours: int(input.WindowHours), RatePerSecond: int(input.RatePerSecond),
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

func (r *Resolver) saveQueue(ctx context.Context, input model.SaveQueueInput) (*model.QueuePayload, error) {
	var id domain.QueueID
	_, err := r.administer(ctx, input.CommandID, input, func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
		given, err := optionalID(kindQueue, value(input.ID))
		if err != nil {
			return at, err
		}
		members, err := localIDs(kindUser, input.MemberIds)
		if err != nil {
			return at, err
		}
		id, at, err = r.Commands.SaveQueue(ctx, domain.QueueID(given), queue.Settings{
			Name: input.Name, Description: text(value(input.Description)), Strategy: queue.Strategy(input.Strategy), OfferTimeout: int(input.OfferTimeout),
			Weight: int(input.Weight), Take: input.Take, Sticky: input.Sticky, SilentOwner: int(input.SilentOwner), Members: idsOf[domain.AgentID](members),
		}, v.User, m)
		return at, err
	})
	if err != nil {
		return nil, err
	}
	shown, err := readBack(ctx, r.DB.Clear, settings.QueuesByID, string(id), presentQueue)
	return &model.QueuePayload{Queue: shown}, err
}

func (r *Resolver) saveUser(ctx context.Context, input model.SaveUserInput) (*model.UserPayload, error) {
	open := input
	open.Password = none
	password := text(value(input.Password))
	if password != "" {
		if err := r.Credentials.CheckNewPassword(password); err != nil {
			return nil, err
		}
	}
	var id domain.UserID
	_, err := r.administer(ctx, input.CommandID, open, func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
		given, err := optionalID(kindUser, value(input.ID))
		if err != nil {
			return at, err
		}
		queues, err := localIDs(kindQueue, input.QueueIds)
		if err != nil {
			return at, err
		}
		id, at, err = r.Commands.SaveUser(ctx, domain.UserID(given), user.Profile{
			Login: input.Login, Name: input.Name, Alias: text(value(input.Alias)), Mail: text(value(input.Mail)),
		}, user.Settings{
			Role: user.Role(input.Role), Permissions: texts(input.Permissions), Queues: idsOf[domain.QueueID](queues),
			Masked: input.Masked, Disabled: input.Disabled, Capacity: int(input.Capacity),
		}, v.User, m)
		return at, err
	})
	if err != nil {
		return nil, err
	}
	if password != "" {
		if err := r.Credentials.SetPassword(ctx, string(id), password, true); err != nil {
			return nil, err
		}
	}
	return r.userPayload(ctx, id)
}

func (r *Resolver) userPayload(ctx context.Context, id domain.UserID) (*model.UserPayload, error) {
	shown, err := readBack(ctx, r.DB.Clear, settings.UsersByID, string(id), presentUser)
	return &model.UserPayload{User: shown}, err
}

func (r *Resolver) grantLists(ctx context.Context, input model.GrantListsInput) (*model.UserPayload, error) {
	id, err := localID(kindUser, input.UserID)
	if err != nil {
		return nil, err
	}
	lists, err := localIDs(kindList, input.ListIds)
	if err != nil {
		return nil, err
	}
	_, err = r.administer(ctx, input.CommandID, input, func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
		return r.Commands.GrantLists(ctx, domain.UserID(id), idsOf[domain.ListID](lists), v.User, m)
	})
	if err != nil {
		return nil, err
	}
	return r.userPayload(ctx, domain.UserID(id))
}

func (r *Resolver) saveList(ctx context.Context, input model.SaveListInput) (*model.ListPayload, error) {
	var id domain.ListID
	_, err := r.administer(ctx, input.CommandID, input, func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
		given, err := optionalID(kindList, value(input.ID))
		if err != nil {
			return at, err
		}
		s := list.Settings{Name: input.Name, Description: text(value(input.Description))}
		for _, f := range input.Fields {
			s.Fields = append(s.Fields, list.Field{Key: f.Key, Label: f.Label, Type: f.Type, Required: f.Required, Options: f.Options})
		}
		id, at, err = r.Commands.SaveList(ctx, domain.ListID(given), s, v.User, m)
		return at, err
	})
	if err != nil {
		return nil, err
	}
	shown, err := readBack(ctx, r.DB.Clear, settings.ListsByID, string(id), presentList)
	return &model.ListPayload{List: shown}, err
}

func (r *Resolver) saveDisposition(ctx context.Context, input model.SaveDispositionInput) (*model.DispositionPayload, error) {
	var id domain.DispositionID
	_, err := r.administer(ctx, input.CommandID, input, func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
		given, err := optionalID(kindDisposition, value(input.ID))
		if err != nil {
			return at, err
		}
		parent, err := optionalID(kindDisposition, value(input.ParentID))
		if err != nil {
			return at, err
		}
		s := disposition.Settings{Label: input.Label, ParentID: domain.DispositionID(parent), Scope: string(input.Scope)}
		if k, ok := scopeKinds[s.Scope]; ok {
			if s.ScopeID, err = optionalID(k, value(input.ScopeID)); err != nil {
				return at, err
			}
		}
		id, at, err = r.Commands.SaveDisposition(ctx, domain.DispositionID(given), s, v.User, m)
		return at, err
	})
	if err != nil {
		return nil, err
	}
	shown, err := readBack(ctx, r.DB.Clear, settings.DispositionsByID, string(id), presentDisposition)
	return &model.DispositionPayload{Disposition: shown}, err
}

func (r *Resolver) saveCannedAnswer(ctx context.Context, input model.SaveCannedAnswerInput) (*model.CannedAnswerPayload, error) {
	var id domain.CannedAnswerID
	_, err := r.administer(ctx, input.CommandID, input, func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
		given, err := optionalID(kindCannedAnswer, value(input.ID))
		if err != nil {
			return at, err
		}
		of, err := optionalID(kindAccount, value(input.AccountID))
		if err != nil {
			return at, err
		}
		s, err := r.withFile(ctx, v, given, cannedanswer.Settings{
			Shortcut: input.Shortcut, Title: input.Title, Text: input.Text, AccountID: domain.AccountID(of),
		}, text(value(input.AttachmentID)))
		if err != nil {
			return at, err
		}
		id, at, err = r.Commands.SaveCannedAnswer(ctx, domain.CannedAnswerID(given), s, v.User, m)
		return at, err
	})
	if err != nil {
		return nil, err
	}
	shown, err := readBack(ctx, r.DB.Clear, settings.CannedAnswersByID, string(id), presentCannedAnswer)
	return &model.CannedAnswerPayload{CannedAnswer: shown}, err
}

func (r *Resolver) saveTag(ctx context.Context, input model.SaveTagInput) (*model.TagPayload, error) {
	var id string
	_, err := r.administer(ctx, input.CommandID, input, func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
		given, err := optionalID(kindTag, value(input.ID))
		if err != nil {
			return at, err
		}
		id, at, err = r.Commands.SaveTag(ctx, given, tag.Settings{Name: input.Name, Color: input.Color}, v.User, m)
		return at, err
	})
	if err != nil {
		return nil, err
	}
	shown, err := readBack(ctx, r.DB.Clear, settings.TagsByID, id, presentTag)
	return &model.TagPayload{Tag: shown}, err
}

func (r *Resolver) savePolicy(ctx context.Context, input model.SavePolicyInput) (*model.PolicyPayload, error) {
	mask := func(m *model.MaskInput) policy.Mask { return policy.Mask{Mode: policy.Mode(m.Mode), Keep: int(m.Keep)} }
	_, err := r.administer(ctx, input.CommandID, input, func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
		return r.Commands.SavePolicy(ctx, policy.Settings{
			MaskName: mask(input.MaskName), MaskPhone: mask(input.MaskPhone), MaskMail: mask(input.MaskMail), PauseReasons: input.PauseReasons,
			TagThreshold: int(input.TagThreshold), TabsLimit: int(input.TabsLimit), DisconnectAfter: int(input.DisconnectAfter),
			MissedOffersLimit: int(input.MissedOffersLimit),
		}, v.User, m)
	})
	if err != nil {
		return nil, err
	}
	p, err := r.policy(ctx)
	return &model.PolicyPayload{Policy: presentPolicy(p)}, err
}

// archivable says what an id's kind is called where it is archived.
var archivable = map[kind]commands.Archivable{
	kindAccount: commands.AnAccount, kindQueue: commands.AQueue, kindUser: commands.AUser, kindList: commands.AList,
	kindDisposition: commands.ADisposition, kindCannedAnswer: commands.ACannedAnswer, kindTag: commands.ATag,
}

func (r *Resolver) archive(ctx context.Context, input model.ArchiveInput) (*model.ArchivePayload, error) {
	k, id, err := splitID(input.ID)
	if err != nil {
		return nil, err
	}
	_, err = r.administer(ctx, input.CommandID, input, func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
		return r.Commands.Archive(ctx, archivable[k], id, v.User, m)
	})
	if err != nil {
		return nil, err
	}
	return &model.ArchivePayload{ID: input.ID}, nil
}

func (r *Resolver) createToken(ctx context.Context, input model.CreateTokenInput) (*model.TokenPayload, error) {
	id, err := localID(kindUser, input.UserID)
	if err != nil {
		return nil, err
	}
	var expires *time.Time = value(input.ExpiresAt)
	token, err := r.Credentials.CreateToken(ctx, id, input.Name, expires)
	return &model.TokenPayload{Token: token}, err
}

func presentSecrets(a settings.Account) []model.SecretInfo {
	all := make([]model.SecretInfo, len(a.Secrets))
	for i, s := range a.Secrets {
		all[i] = model.SecretInfo{Name: s.Name, Last4: s.Last4, ReplacedAt: s.ReplacedAt}
	}
	return all
}
