package graphql

import (
	"context"

	"parley/domain"
	"parley/domain/disposition"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/settings"
)

// scopeKinds maps the scope of a disposition to the kind of its scope id.
var scopeKinds = map[string]kind{"LIST": kindList, "ACCOUNT": kindAccount, "QUEUE": kindQueue}

func presentDisposition(d settings.Disposition) *model.Disposition {
	s := d.Settings
	shown := &model.Disposition{
		ID: globalID(kindDisposition, d.ID), Label: s.Label, Level: int32(s.Level),
		Scope: model.DispositionScope(s.Scope), SortOrder: int32(s.SortOrder), Archived: d.Archived,
	}
	if s.ParentID != "" {
		shown.ParentID = optional(globalID(kindDisposition, string(s.ParentID)))
	}
	if k, ok := scopeKinds[s.Scope]; ok {
		shown.ScopeID = optional(globalID(k, s.ScopeID))
	}
	return shown
}

func dispositionSettings(input model.SaveDispositionInput) (disposition.Settings, error) {
	parent, err := optionalID(kindDisposition, value(input.ParentID))
	s := disposition.Settings{
		Label: input.Label, ParentID: domain.DispositionID(parent), Scope: string(input.Scope),
		SortOrder: int(input.SortOrder),
	}
	if k, ok := scopeKinds[s.Scope]; ok && err == nil {
		s.ScopeID, err = optionalID(k, value(input.ScopeID))
	}
	return s, err
}

func seesDisposition(v access.Viewer, d settings.Disposition) bool {
	switch s := d.Settings; s.Scope {
	case "LIST":
		return v.SeesList(domain.ListID(s.ScopeID))
	case "ACCOUNT":
		return v.SeesAccount(domain.AccountID(s.ScopeID))
	case "QUEUE":
		return v.SeesQueue(domain.QueueID(s.ScopeID))
	}
	return true
}

// dispositionsFor returns the dispositions available for an interaction in the viewer's scope.
func (r *Resolver) dispositionsFor(ctx context.Context, interactionID string) ([]settings.Disposition, error) {
	row, err := r.interactionRow(ctx, interactionID)
	if err != nil {
		return nil, err
	}
	list := ""
	if row.ContactID != "" {
		c, err := r.loadersOf(ctx).contacts.Load(ctx, row.ContactID)
		if err != nil {
			return nil, err
		}
		list = c.ListID
	}
	return settings.DispositionsFor(ctx, r.clear(ctx), list, row.AccountID, row.QueueID)
}
