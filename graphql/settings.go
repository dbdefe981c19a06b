package graphql

import (
	"context"

	"parley/access"
	"parley/domain/policy"
	"parley/graphql/model"
	"parley/projections/agents"
	"parley/projections/settings"
)

func presentAccount(a settings.Account) *model.Account {
	s := a.Settings
	return &model.Account{
		ID: globalID(kindAccount, a.ID), Name: s.Name, Key: s.Key, Channel: s.Channel, Provider: s.Provider, DisplayNumber: s.DisplayNumber,
		Disabled: s.Disabled, Attachments: s.Attachments, MaxAttachmentBytes: int32(s.MaxAttachmentBytes),
		TransferToAgent: s.TransferToAgent, TransferToQueue: s.TransferToQueue, TransferTimeout: int32(s.TransferTimeout),
		MandatoryDispose: s.MandatoryDispose, Archived: a.Archived, UUID: a.ID,
	}
}

func presentAccountSettings(a settings.Account) *model.AccountSettings {
	s := a.Settings
	shown := &model.AccountSettings{
		PhoneNumberID: s.PhoneNumberID, BusinessID: optional(s.BusinessID), BaseURL: optional(s.BaseURL), APIVersion: optional(s.APIVersion),
		WebhookPath: "/webhooks/meta/" + a.ID, CreateContacts: s.CreateContacts, MarkAsRead: s.MarkAsRead,
		WindowHours: int32(s.WindowHours), RatePerSecond: int32(s.RatePerSecond),
		RecontactTemplate: optional(s.RecontactTemplate), AccountID: a.ID,
		QueueID: string(s.QueueID), ListID: string(s.ListID), QueueIDs: texts(s.Queues),
	}
	return shown
}

func presentQueue(q settings.Queue) *model.Queue {
	s := q.Settings
	return &model.Queue{
		ID: globalID(kindQueue, q.ID), Name: s.Name, Description: optional(s.Description), Strategy: model.QueueStrategy(s.Strategy),
		OfferTimeout: int32(s.OfferTimeout), Weight: int32(s.Weight), Take: s.Take, Sticky: s.Sticky, SilentOwner: int32(s.SilentOwner),
		Archived: q.Archived, UUID: q.ID, MemberIDs: q.Members,
	}
}

func presentUser(u settings.User) *model.User {
	return &model.User{
		ID: globalID(kindUser, u.ID), Name: u.Profile.Name, Alias: optional(u.Profile.Alias), Role: model.Role(u.Settings.Role),
		Disabled: u.Disabled(), UUID: u.ID,
	}
}

func presentUserSettings(u settings.User) *model.UserSettings {
	permissions := make([]model.Permission, len(u.Settings.Permissions))
	for i, p := range u.Settings.Permissions {
		permissions[i] = model.Permission(p)
	}
	return &model.UserSettings{
		Login: u.Login, Mail: optional(u.Profile.Mail), Permissions: permissions, Masked: u.Settings.Masked,
		Capacity: int32(u.Settings.Capacity), ListIDs: texts(u.Settings.Lists), QueueIDs: texts(u.Settings.Queues),
	}
}

func presentPresence(a agents.Row) *model.Presence {
	if a.UserID == "" {
		return nil
	}
	reason, interactionID := a.Why()
	p := &model.Presence{State: model.PresenceState(a.State), Reason: optional(reason), Since: a.Since}
	if interactionID != "" {
		p.InteractionID = optional(globalID(kindInteraction, interactionID))
	}
	return p
}

func presentList(l settings.List) *model.ContactList {
	fields := make([]model.ContactField, len(l.Settings.Fields))
	for i, f := range l.Settings.Fields {
		fields[i] = model.ContactField{Key: f.Key, Label: f.Label, Type: f.Type, Required: f.Required, Options: orEmpty(f.Options)}
	}
	return &model.ContactList{ID: globalID(kindList, l.ID), Name: l.Settings.Name, Description: optional(l.Settings.Description), DialPrefix: optional(l.Settings.DialPrefix), Fields: fields, Archived: l.Archived}
}

func presentDisposition(d settings.Disposition) *model.Disposition {
	s := d.Settings
	shown := &model.Disposition{ID: globalID(kindDisposition, d.ID), Label: s.Label, Level: int32(s.Level), Scope: model.DispositionScope(s.Scope), SortOrder: int32(s.SortOrder), Archived: d.Archived}
	if s.ParentID != "" {
		shown.ParentID = optional(globalID(kindDisposition, string(s.ParentID)))
	}
	if k, ok := scopeKinds[s.Scope]; ok {
		shown.ScopeID = optional(globalID(k, s.ScopeID))
	}
	return shown
}

// scopeKinds is what a disposition of a scope belongs to.
var scopeKinds = map[string]kind{"LIST": kindList, "ACCOUNT": kindAccount, "QUEUE": kindQueue}

func presentTag(t settings.Tag) *model.Tag {
	return &model.Tag{ID: globalID(kindTag, t.ID), Name: t.Settings.Name, Color: t.Settings.Color, Archived: t.Archived}
}

func presentPolicy(s policy.Settings) *model.Policy {
	mask := func(m policy.Mask) *model.Mask { return &model.Mask{Mode: model.MaskMode(m.Mode), Keep: int32(m.Keep)} }
	return &model.Policy{
		MaskName: mask(s.MaskName), MaskPhone: mask(s.MaskPhone), MaskMail: mask(s.MaskMail), PauseReasons: orEmpty(s.PauseReasons),
		TagThreshold: int32(s.TagThreshold), TabsLimit: int32(s.TabsLimit), DisconnectAfter: int32(s.DisconnectAfter),
		MissedOffersLimit: int32(s.MissedOffersLimit),
	}
}

// policy is what holds for the deployment.
func (r *Resolver) policy(ctx context.Context) (policy.Settings, error) {
	return settings.ThePolicy(ctx, r.DB.Clear)
}

// present all of a list.
func presentAll[R, M any](rows []R, one func(R) *M) []M {
	all := make([]M, len(rows))
	for i, row := range rows {
		all[i] = *one(row)
	}
	return all
}

// theUser, theQueue, theAccount and theList find what an id names, through the request's loaders; nil when it is empty or gone.
func (r *Resolver) theUser(ctx context.Context, id string) (*model.User, error) {
	if id == "" {
		return nil, nil
	}
	u, err := r.loadersOf(ctx).users.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	if u.ID == "" {
		return &model.User{ID: globalID(kindUser, id), Name: "—", Role: model.RoleAgent, Disabled: true, UUID: id}, nil
	}
	return presentUser(u), nil
}

func (r *Resolver) theUsers(ctx context.Context, ids []string) ([]model.User, error) {
	rows, err := r.loadersOf(ctx).users.LoadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := []model.User{}
	for _, u := range rows {
		if u.ID != "" {
			all = append(all, *presentUser(u))
		}
	}
	return all, nil
}

func (r *Resolver) theQueue(ctx context.Context, id string) (*model.Queue, error) {
	if id == "" {
		return nil, nil
	}
	q, err := r.loadersOf(ctx).queues.Load(ctx, id)
	if err != nil || q.ID == "" {
		return nil, err
	}
	return presentQueue(q), nil
}

func (r *Resolver) theQueues(ctx context.Context, ids []string) ([]model.Queue, error) {
	rows, err := r.loadersOf(ctx).queues.LoadAll(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := []model.Queue{}
	for _, q := range rows {
		if q.ID != "" {
			all = append(all, *presentQueue(q))
		}
	}
	return all, nil
}

func (r *Resolver) theList(ctx context.Context, id string) (*model.ContactList, error) {
	if id == "" {
		return nil, nil
	}
	l, err := r.loadersOf(ctx).lists.Load(ctx, id)
	if err != nil || l.ID == "" {
		return nil, err
	}
	return presentList(l), nil
}

func texts[T ~string](ids []T) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = string(id)
	}
	return all
}

func idsOf[T ~string](ids []string) []T {
	all := make([]T, len(ids))
	for i, id := range ids {
		all[i] = T(id)
	}
	return all
}

// presentViewer says who is asking and what he may.
func presentViewer(v access.Viewer, u settings.User, a agents.Row) *model.Viewer {
	permissions := make([]model.Permission, len(v.Permissions))
	for i, p := range v.Permissions {
		permissions[i] = model.Permission(p)
	}
	shown := &model.Viewer{User: presentUser(u), Role: model.Role(v.Role), Permissions: permissions, Masked: v.Masked}
	if v.May(access.HandleInteractions) {
		if shown.Presence = presentPresence(a); shown.Presence == nil {
			shown.Presence = &model.Presence{State: model.PresenceStateSignedOut}
		}
	}
	return shown
}

func (r *Resolver) theAccount(ctx context.Context, id string) (*model.Account, error) {
	a, err := r.loadersOf(ctx).accounts.Load(ctx, id)
	if err != nil {
		return nil, err
	}
	return presentAccount(a), nil
}
