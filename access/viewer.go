// Package access knows the viewer: whoever is looking, what he may do, which rows he may see, and whether masked.
package access

import (
	"slices"

	"parley/domain"
	"parley/domain/user"
)

// Permission is one right. Roles bring some, a user's settings may add more.
type Permission string

// The rights, as the API names them.
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

// Viewer is whoever is looking. It is worked out once per request.
type Viewer struct {
	User        domain.UserID
	Role        user.Role
	Permissions []Permission
	Masked      bool // reads go to the masked views

	// Everything says rows are not limited to Queues, Accounts and Lists.
	Everything bool
	Queues     []domain.QueueID
	Accounts   []domain.AccountID
	Lists      []domain.ListID
}

// Roles says what each role may do before a user's own settings add to it (R115).
var roles = map[user.Role][]Permission{
	user.Admin:      {AnyoneSignedIn, ViewInteractions, Supervise, ViewContacts, EditContacts, GrantLists, ReadHistory, Administer},
	user.Supervisor: {AnyoneSignedIn, ViewInteractions, Supervise, ViewContacts, EditContacts},
	user.Agent:      {AnyoneSignedIn, HandleInteractions, ViewInteractions, ViewContacts, EditContacts},
	user.Auditor:    {AnyoneSignedIn, ViewInteractions, ViewContacts, ReadHistory},
	user.Analyst:    {AnyoneSignedIn, ViewInteractions, ViewContacts},
}

// Scope is what the settings around a user say about which rows are his.
type Scope struct {
	Queues   []domain.QueueID   // he is a member of, or supervises
	Accounts []domain.AccountID // shared by one of those queues
}

// NewViewer works out who is looking from the user's settings and the queues around him.
func NewViewer(id domain.UserID, s user.Settings, scope Scope) Viewer {
	v := Viewer{
		User: id, Role: s.Role, Masked: s.Masked, Permissions: slices.Clone(roles[s.Role]),
		Queues: scope.Queues, Accounts: scope.Accounts, Lists: s.Lists,
		Everything: s.Role == user.Admin || s.Role == user.Auditor || s.Role == user.Analyst,
	}
	for _, p := range s.Permissions {
		if !v.May(Permission(p)) {
			v.Permissions = append(v.Permissions, Permission(p))
		}
	}
	return v
}

// May says whether the viewer has a right.
func (v Viewer) May(p Permission) bool { return slices.Contains(v.Permissions, p) }

// Works says whether the viewer has a part in interactions, as an agent or a supervisor, beyond looking at them.
func (v Viewer) Works() bool { return v.May(HandleInteractions) || v.May(Supervise) }

// SeesInteraction says whether an interaction is within scope: his own always, else its queue and account must be.
func (v Viewer) SeesInteraction(queue domain.QueueID, account domain.AccountID, agents ...domain.AgentID) bool {
	if v.Everything || slices.Contains(agents, v.User) {
		return true
	}
	return slices.Contains(v.Queues, queue) && slices.Contains(v.Accounts, account)
}

// SeesAccount says whether an account and what belongs to it are within scope.
func (v Viewer) SeesAccount(account domain.AccountID) bool {
	return v.Everything || slices.Contains(v.Accounts, account)
}

// SeesQueue says whether a queue and what belongs to it are within scope.
func (v Viewer) SeesQueue(queue domain.QueueID) bool {
	return v.Everything || slices.Contains(v.Queues, queue)
}

// SeesList says whether contacts of a list are within scope.
func (v Viewer) SeesList(list domain.ListID) bool {
	return v.Everything || slices.Contains(v.Lists, list)
}
