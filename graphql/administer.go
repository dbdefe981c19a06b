package graphql

import (
	"context"
	"strings"
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
		r.caughtUp(ctx, at, settings.Name)
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

// shelf is where settings of one kind are kept: what their ids are called, and how they are read and shown.
type shelf[R, M any] struct {
	kind kind
	read func(context.Context, projections.Querier, []string) ([]R, error)
	show func(R) *M
}

// save gives the command that creates or changes one setting, and answers with the setting as it is then.
func save[ID ~string, R, M any](ctx context.Context, r *Resolver, on shelf[R, M], commandID string, given *string, content any,
	do func(ctx context.Context, v access.Viewer, id ID, m eventstore.Metadata) (ID, eventstore.Position, error),
) (*M, error) {
	var id ID
	_, err := r.administer(ctx, commandID, content, func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
		known, err := optionalID(on.kind, given)
		if err != nil {
			return at, err
		}
		id, at, err = do(ctx, v, ID(known), m)
		return at, err
	})
	if err != nil {
		return nil, err
	}
	return readBack(ctx, r.DB.Clear, on.read, string(id), on.show)
}

func (r *Resolver) saveAccount(ctx context.Context, input model.SaveAccountInput) (*model.AccountPayload, error) {
	open := input
	open.AppSecret, open.VerifyToken, open.AccessToken = none, none, none
	s, err := accountSettings(input)
	if err != nil {
		return nil, err
	}
	on := shelf[settings.Account, model.Account]{kindAccount, settings.AccountsByID, presentAccount}
	shown, err := save(ctx, r, on, input.CommandID, value(input.ID), open,
		func(ctx context.Context, v access.Viewer, id domain.AccountID, m eventstore.Metadata) (domain.AccountID, eventstore.Position, error) {
			id, at, err := r.Commands.SaveAccount(ctx, id, s, v.User, m)
			if err != nil {
				return id, at, err
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
					return id, at, err
				}
				if at, err = r.Commands.ReplaceSecret(ctx, id, secret.name, last4, v.User, m); err != nil {
					return id, at, err
				}
			}
			return id, at, nil
		})
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

func (r *Resolver) saveQueue(ctx context.Context, input model.SaveQueueInput) (*model.QueuePayload, error) {
	members, err := localIDs(kindUser, input.MemberIds)
	if err != nil {
		return nil, err
	}
	s := queue.Settings{
		Name: input.Name, Description: text(value(input.Description)), Strategy: queue.Strategy(input.Strategy), OfferTimeout: int(input.OfferTimeout),
		Weight: int(input.Weight), Take: input.Take, Sticky: input.Sticky, SilentOwner: int(input.SilentOwner), Members: idsOf[domain.AgentID](members),
	}
	on := shelf[settings.Queue, model.Queue]{kindQueue, settings.QueuesByID, presentQueue}
	shown, err := save(ctx, r, on, input.CommandID, value(input.ID), input,
		func(ctx context.Context, v access.Viewer, id domain.QueueID, m eventstore.Metadata) (domain.QueueID, eventstore.Position, error) {
			return r.Commands.SaveQueue(ctx, id, s, v.User, m)
		})
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
	queues, err := localIDs(kindQueue, input.QueueIds)
	if err != nil {
		return nil, err
	}
	p := user.Profile{Login: input.Login, Name: input.Name, Alias: text(value(input.Alias)), Mail: text(value(input.Mail))}
	s := user.Settings{
		Role: user.Role(input.Role), Permissions: texts(input.Permissions), Queues: idsOf[domain.QueueID](queues),
		Masked: input.Masked, Disabled: input.Disabled, Capacity: int(input.Capacity),
	}
	shown, err := save(ctx, r, userShelf, input.CommandID, value(input.ID), open,
		func(ctx context.Context, v access.Viewer, id domain.UserID, m eventstore.Metadata) (domain.UserID, eventstore.Position, error) {
			id, at, err := r.Commands.SaveUser(ctx, id, p, s, v.User, m)
			if err == nil && password != "" {
				err = r.Credentials.SetPassword(ctx, string(id), password, true)
			}
			if err == nil && s.Disabled {
				err = r.Credentials.EndSessions(ctx, string(id)) // they shall not come back with him
			}
			return id, at, err
		})
	return &model.UserPayload{User: shown}, err
}

var userShelf = shelf[settings.User, model.User]{kindUser, settings.UsersByID, presentUser}

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
	shown, err := readBack(ctx, r.DB.Clear, userShelf.read, id, userShelf.show)
	return &model.UserPayload{User: shown}, err
}

func (r *Resolver) saveList(ctx context.Context, input model.SaveListInput) (*model.ListPayload, error) {
	s := list.Settings{Name: input.Name, Description: text(value(input.Description)), DialPrefix: text(value(input.DialPrefix))}
	for _, f := range input.Fields {
		s.Fields = append(s.Fields, list.Field{Key: f.Key, Label: f.Label, Type: f.Type, Required: f.Required, Options: f.Options})
	}
	on := shelf[settings.List, model.ContactList]{kindList, settings.ListsByID, presentList}
	shown, err := save(ctx, r, on, input.CommandID, value(input.ID), input,
		func(ctx context.Context, v access.Viewer, id domain.ListID, m eventstore.Metadata) (domain.ListID, eventstore.Position, error) {
			return r.Commands.SaveList(ctx, id, s, v.User, m)
		})
	return &model.ListPayload{List: shown}, err
}

func (r *Resolver) saveDisposition(ctx context.Context, input model.SaveDispositionInput) (*model.DispositionPayload, error) {
	parent, err := optionalID(kindDisposition, value(input.ParentID))
	if err != nil {
		return nil, err
	}
	s := disposition.Settings{Label: input.Label, ParentID: domain.DispositionID(parent), Scope: string(input.Scope), SortOrder: int(input.SortOrder)}
	if k, ok := scopeKinds[s.Scope]; ok {
		if s.ScopeID, err = optionalID(k, value(input.ScopeID)); err != nil {
			return nil, err
		}
	}
	on := shelf[settings.Disposition, model.Disposition]{kindDisposition, settings.DispositionsByID, presentDisposition}
	shown, err := save(ctx, r, on, input.CommandID, value(input.ID), input,
		func(ctx context.Context, v access.Viewer, id domain.DispositionID, m eventstore.Metadata) (domain.DispositionID, eventstore.Position, error) {
			return r.Commands.SaveDisposition(ctx, id, s, v.User, m)
		})
	return &model.DispositionPayload{Disposition: shown}, err
}

func (r *Resolver) saveCannedAnswer(ctx context.Context, input model.SaveCannedAnswerInput) (*model.CannedAnswerPayload, error) {
	of, err := optionalID(kindAccount, value(input.AccountID))
	if err != nil {
		return nil, err
	}
	s := cannedanswer.Settings{Shortcut: input.Shortcut, Title: input.Title, Text: input.Text, AccountID: domain.AccountID(of)}
	on := shelf[settings.CannedAnswer, model.CannedAnswer]{kindCannedAnswer, settings.CannedAnswersByID, presentCannedAnswer}
	shown, err := save(ctx, r, on, input.CommandID, value(input.ID), input,
		func(ctx context.Context, v access.Viewer, id domain.CannedAnswerID, m eventstore.Metadata) (domain.CannedAnswerID, eventstore.Position, error) {
			s, err := r.withFile(ctx, v, string(id), s, text(value(input.AttachmentID)))
			if err != nil {
				return id, eventstore.Position{}, err
			}
			return r.Commands.SaveCannedAnswer(ctx, id, s, v.User, m)
		})
	return &model.CannedAnswerPayload{CannedAnswer: shown}, err
}

func (r *Resolver) saveTag(ctx context.Context, input model.SaveTagInput) (*model.TagPayload, error) {
	on := shelf[settings.Tag, model.Tag]{kindTag, settings.TagsByID, presentTag}
	shown, err := save(ctx, r, on, input.CommandID, value(input.ID), input,
		func(ctx context.Context, v access.Viewer, id string, m eventstore.Metadata) (string, eventstore.Position, error) {
			return r.Commands.SaveTag(ctx, id, tag.Settings{Name: input.Name, Color: input.Color}, v.User, m)
		})
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
	whose, err := settings.UsersByID(ctx, r.DB.Clear, []string{id})
	if err != nil {
		return nil, err
	}
	if len(whose) == 0 {
		return nil, ErrNotFound
	}
	var expires *time.Time = value(input.ExpiresAt)
	token, err := r.Credentials.CreateToken(ctx, id, input.Name, whose[0].Settings.Role, expires)
	return &model.TokenPayload{Token: token}, err
}

func presentSecrets(a settings.Account) []model.SecretInfo {
	all := make([]model.SecretInfo, len(a.Secrets))
	for i, s := range a.Secrets {
		all[i] = model.SecretInfo{Name: s.Name, Last4: s.Last4, ReplacedAt: s.ReplacedAt}
	}
	return all
}
