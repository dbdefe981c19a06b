// Package access describes the viewer: who is asking, what they may do, which rows they see, and whether
// values are masked.
package access

import (
	"slices"

	"parley/domain"
	"parley/domain/user"
)

// Permission is one right. A role grants some; a user's settings may add more.
type Permission string

// Permissions, named as in the API.
const (
	AnyoneSignedIn     Permission = "ANYONE_SIGNED_IN"
	HandleInteractions Permission = "HANDLE_INTERACTIONS"
	ViewInteractions   Permission = "VIEW_INTERACTIONS"
	Supervise          Permission = "SUPERVISE"
	ViewContacts       Permission = "VIEW_CONTACTS"
	EditContacts       Permission = "EDIT_CONTACTS"
	GrantLists         Permission = "GRANT_LISTS"
	ReadHistory        Permission = "READ_HISTORY"
	Administer         Permission = "ADMINISTER"
)

// All lists every permission.
var All = []Permission{
	AnyoneSignedIn, HandleInteractions, ViewInteractions, Supervise, ViewContacts, EditContacts, GrantLists, ReadHistory,
	Administer,
}

// Viewer is the user making a request. It is computed once per request.
type Viewer struct {
	User        domain.UserID
	Role        user.Role
	Permissions []Permission
	Masked      bool // reads go to the masked views

	// Everything lifts the limits of Queues, Accounts and Lists.
	Everything bool
	Queues     []domain.QueueID
	Accounts   []domain.AccountID
	Lists      []domain.ListID
}

// roles lists the permissions of each role, before a user's own settings add more.
var roles = map[user.Role][]Permission{
	user.Admin: {AnyoneSignedIn, ViewInteractions, Supervise, ViewContacts, EditContacts, GrantLists,
		ReadHistory, Administer},
	user.Supervisor: {AnyoneSignedIn, ViewInteractions, Supervise, ViewContacts, EditContacts},
	user.Agent:      {AnyoneSignedIn, HandleInteractions, ViewInteractions, ViewContacts, EditContacts},
	user.Auditor:    {AnyoneSignedIn, ViewInteractions, ViewContacts, ReadHistory},
	user.Analyst:    {AnyoneSignedIn, ViewInteractions, ViewContacts},
}

// Scope holds the queues and accounts that the settings around a user open to them.
type Scope struct {
	Queues   []domain.QueueID   // queues the user belongs to or supervises
	Accounts []domain.AccountID // accounts shared by one of those queues
}

// NewViewer builds a viewer from the user's settings and the queues around them.
func NewViewer(id domain.UserID, s user.Settings, scope Scope) Viewer {
	v := Viewer{
		User: id, Role: s.Role, Masked: s.Masked, Permissions: slices.Clone(roles[s.Role]),
		Queues: scope.Queues, Accounts: scope.Accounts, Lists: s.Lists,
		Everything: s.Role.SeesEverything(),
	}
	for _, p := range s.Permissions {
		if !v.May(Permission(p)) {
			v.Permissions = append(v.Permissions, Permission(p))
		}
	}
	return v
}

// May reports whether the viewer has a permission.
func (v Viewer) May(p Permission) bool { return slices.Contains(v.Permissions, p) }

// Works reports whether the viewer takes part in interactions, as an agent or a supervisor, rather than only
// reading them.
func (v Viewer) Works() bool { return v.May(HandleInteractions) || v.May(Supervise) }

// SeesInteraction reports whether an interaction is within scope. The viewer's own interactions always are;
// for others both the queue and the account must be.
func (v Viewer) SeesInteraction(queue domain.QueueID, account domain.AccountID, agents ...domain.AgentID) bool {
	if v.Everything || slices.Contains(agents, v.User) {
		return true
	}
	return slices.Contains(v.Queues, queue) && slices.Contains(v.Accounts, account)
}

// SeesAccount reports whether an account and what belongs to it are within scope.
func (v Viewer) SeesAccount(account domain.AccountID) bool {
	return v.Everything || slices.Contains(v.Accounts, account)
}

// SeesQueue reports whether a queue and what belongs to it are within scope.
func (v Viewer) SeesQueue(queue domain.QueueID) bool {
	return v.Everything || slices.Contains(v.Queues, queue)
}

// SeesList reports whether the contacts of a list are within scope.
func (v Viewer) SeesList(list domain.ListID) bool {
	return v.Everything || slices.Contains(v.Lists, list)
}
