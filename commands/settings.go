package commands

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley/domain"
	"parley/domain/account"
	"parley/domain/agent"
	"parley/domain/cannedanswer"
	"parley/domain/disposition"
	"parley/domain/list"
	"parley/domain/policy"
	"parley/domain/queue"
	"parley/domain/setting"
	"parley/domain/tag"
	"parley/domain/user"
	"parley/eventstore"
)

// save creates a setting, or changes it as a whole when it is there.
func save[S, V any, E domain.Event](ctx context.Context, h *handler[S, setting.Command[V], E], id string, isNew bool, value V,
	by domain.UserID, at time.Time, meta eventstore.Metadata,
) (eventstore.Position, error) {
	var cmd setting.Command[V] = setting.Change[V]{Value: value, By: by, At: at}
	if isNew {
		cmd = setting.Create[V]{Value: value, By: by, At: at}
	}
	r, err := h.handle(ctx, id, meta, cmd)
	return r.Position, err
}

// SaveAccount creates or changes an account. A new one's id derives from the provider's number, so there is one for each; the
// number is fixed from then on.
func (c *Commands) SaveAccount(ctx context.Context, id domain.AccountID, s account.Settings, by domain.UserID, meta eventstore.Metadata) (domain.AccountID, eventstore.Position, error) {
	isNew := id == ""
	if isNew {
		provider, number := s.Number()
		id = domain.AccountID(c.ids.UUID("account", provider, number))
	}
	at, err := save(ctx, c.accounts, string(id), isNew, s, by, c.now(), meta)
	return id, at, err
}

// FindAccount is the account of a provider's number, with its settings as they are now; false when there is none.
func (c *Commands) FindAccount(ctx context.Context, provider, phoneNumberID string) (domain.AccountID, account.Settings, bool, error) {
	id := domain.AccountID(c.ids.UUID("account", provider, phoneNumberID))
	s, err := query(ctx, c.accounts, string(id), func(s account.State) account.State { return s })
	return id, s.Value, s.Exists, err
}

// ReplaceSecret records that a credential of an account was replaced. It is kept elsewhere, before.
func (c *Commands) ReplaceSecret(ctx context.Context, id domain.AccountID, name, last4 string, by domain.UserID, meta eventstore.Metadata) (eventstore.Position, error) {
	meta.CommandID = DerivedID("secret", meta.CommandID, name)
	r, err := c.accounts.handle(ctx, string(id), meta, account.ReplaceSecret{Name: name, Last4: last4, By: by, At: c.now()})
	return r.Position, err
}

// SaveQueue creates or changes a queue. A new one's id is the command's.
func (c *Commands) SaveQueue(ctx context.Context, id domain.QueueID, s queue.Settings, by domain.UserID, meta eventstore.Metadata) (domain.QueueID, eventstore.Position, error) {
	isNew := id == ""
	if isNew {
		id = domain.QueueID(meta.CommandID)
	}
	at, err := save(ctx, c.queues, string(id), isNew, s, by, c.now(), meta)
	return id, at, err
}

// SaveUser creates or changes a user. A new one's id derives from the login, so there is one for each; the login is
// fixed from then on. What is granted by GrantLists stays as it is.
func (c *Commands) SaveUser(ctx context.Context, id domain.UserID, p user.Profile, s user.Settings, by domain.UserID, meta eventstore.Metadata) (domain.UserID, eventstore.Position, error) {
	isNew := id == ""
	if isNew {
		id = domain.UserID(c.ids.UUID("user", strings.ToLower(strings.TrimSpace(p.Login))))
	}
	at, err := save(ctx, c.users, string(id), isNew, user.Value{UserID: id, Profile: p, Settings: s}, by, c.now(), meta)
	if err == nil && !isNew && (s.Disabled || s.Role != user.Agent) {
		at, err = c.leaves(ctx, id, by, at, meta)
	}
	return id, at, err
}

// leaves ends the working day of somebody who takes no interactions any more, so that nothing more is offered or handed to
// him and what he owns comes back in time.
func (c *Commands) leaves(ctx context.Context, id domain.AgentID, by domain.UserID, saved eventstore.Position, meta eventstore.Metadata) (eventstore.Position, error) {
	gone := Ours("users", DerivedID("leaves", meta.CommandID))
	at, err := c.SignOut(ctx, id, agent.SignOut{Reason: agent.SignedOutDisabled, By: by}, gone)
	return later(saved, at), err
}

// GrantLists grants a user exactly these contact lists (R7).
func (c *Commands) GrantLists(ctx context.Context, id domain.UserID, lists []domain.ListID, by domain.UserID, meta eventstore.Metadata) (eventstore.Position, error) {
	r, err := c.users.handle(ctx, string(id), meta, user.GrantLists{Lists: lists, By: by, At: c.now()})
	return r.Position, err
}

// SaveList creates or changes a contact list.
func (c *Commands) SaveList(ctx context.Context, id domain.ListID, s list.Settings, by domain.UserID, meta eventstore.Metadata) (domain.ListID, eventstore.Position, error) {
	isNew := id == ""
	if isNew {
		id = domain.ListID(meta.CommandID)
	}
	at, err := save(ctx, c.lists, string(id), isNew, s, by, c.now(), meta)
	return id, at, err
}

// SaveDisposition creates or changes a disposition; its level follows from its parent and stays what it was at first.
func (c *Commands) SaveDisposition(ctx context.Context, id domain.DispositionID, s disposition.Settings, by domain.UserID, meta eventstore.Metadata) (domain.DispositionID, eventstore.Position, error) {
	isNew := id == ""
	if isNew {
		id = domain.DispositionID(meta.CommandID)
	}
	s.Level = 1
	if s.ParentID != "" {
		above, err := c.dispositionsAbove(ctx, s.ParentID)
		if err != nil {
			return id, eventstore.Position{}, err
		}
		if slices.ContainsFunc(above, func(a placed) bool { return a.id == id }) {
			return id, eventstore.Position{}, disposition.ErrLevel // below itself
		}
		s.Level = len(above) + 1
	}
	at, err := save(ctx, c.dispositions, string(id), isNew, s, by, c.now(), meta)
	return id, at, err
}

// SaveCannedAnswer creates or changes a canned answer.
func (c *Commands) SaveCannedAnswer(ctx context.Context, id domain.CannedAnswerID, s cannedanswer.Settings, by domain.UserID, meta eventstore.Metadata) (domain.CannedAnswerID, eventstore.Position, error) {
	isNew := id == ""
	if isNew {
		id = domain.CannedAnswerID(meta.CommandID)
	}
	at, err := save(ctx, c.cannedAnswers, string(id), isNew, s, by, c.now(), meta)
	return id, at, err
}

// SaveTag creates or changes a tag. A new one's id derives from its name, so there is one for each.
func (c *Commands) SaveTag(ctx context.Context, id string, s tag.Settings, by domain.UserID, meta eventstore.Metadata) (string, eventstore.Position, error) {
	isNew := id == ""
	if isNew {
		id = c.ids.UUID("tag", strings.ToLower(strings.TrimSpace(s.Name)))
	}
	at, err := save(ctx, c.tags, id, isNew, s, by, c.now(), meta)
	return id, at, err
}

// policyID is the one policy's.
var policyID = DerivedID("policy")

// SavePolicy changes what is set once for the whole deployment.
func (c *Commands) SavePolicy(ctx context.Context, s policy.Settings, by domain.UserID, meta eventstore.Metadata) (eventstore.Position, error) {
	return save(ctx, c.policies, policyID, false, s, by, c.now(), meta)
}

// Archivable is what can be put out of use.
type Archivable string

// What can be archived.
const (
	AnAccount      Archivable = "account"
	AQueue         Archivable = "queue"
	AUser          Archivable = "user"
	AList          Archivable = "list"
	ADisposition   Archivable = "disposition"
	ACannedAnswer  Archivable = "cannedanswer"
	ATag           Archivable = "tag"
	archiveUnknown            = "NOT_ARCHIVABLE"
)

// ErrNotArchivable says that something of this kind is not put out of use.
var ErrNotArchivable = &domain.Refusal{Kind: domain.Invalid, Code: archiveUnknown, Message: "This cannot be archived."}

// Archive puts a setting out of use; what refers to it stays readable.
func (c *Commands) Archive(ctx context.Context, kind Archivable, id string, by domain.UserID, meta eventstore.Metadata) (eventstore.Position, error) {
	at := c.now()
	switch kind {
	case AnAccount:
		return archive(ctx, c.accounts, id, by, at, meta)
	case AQueue:
		return archive(ctx, c.queues, id, by, at, meta)
	case AUser:
		archived, err := archive(ctx, c.users, id, by, at, meta)
		if err != nil {
			return archived, err
		}
		return c.leaves(ctx, domain.AgentID(id), by, archived, meta)
	case AList:
		return archive(ctx, c.lists, id, by, at, meta)
	case ADisposition:
		return archive(ctx, c.dispositions, id, by, at, meta)
	case ACannedAnswer:
		return archive(ctx, c.cannedAnswers, id, by, at, meta)
	case ATag:
		return archive(ctx, c.tags, id, by, at, meta)
	}
	return eventstore.Position{}, ErrNotArchivable
}

func archive[S, V any, E domain.Event](ctx context.Context, h *handler[S, setting.Command[V], E], id string, by domain.UserID, at time.Time, meta eventstore.Metadata) (eventstore.Position, error) {
	r, err := h.handle(ctx, id, meta, setting.Archive[V]{By: by, At: at})
	return r.Position, err
}

func (c *Commands) account(ctx context.Context, id domain.AccountID) (account.Settings, error) {
	return query(ctx, c.accounts, string(id), func(s account.State) account.Settings { return s.Value })
}

func (c *Commands) queue(ctx context.Context, id domain.QueueID) (queue.Settings, error) {
	return query(ctx, c.queues, string(id), func(s queue.State) queue.Settings { return s.Value })
}

// members is who belongs to a queue; nobody when it is out of use.
func (c *Commands) members(ctx context.Context, id domain.QueueID) ([]domain.AgentID, error) {
	return query(ctx, c.queues, string(id), func(s queue.State) []domain.AgentID {
		if s.Archived {
			return nil
		}
		return s.Value.Members
	})
}

// left says that a queue has an agent no more, though it did when he was asked. What waits in no queue is anybody's.
func (c *Commands) left(ctx context.Context, id domain.QueueID, agent domain.AgentID) (bool, error) {
	if id == "" {
		return false, nil
	}
	members, err := c.members(ctx, id)
	return !slices.Contains(members, agent), err
}

func (c *Commands) user(ctx context.Context, id domain.UserID) (user.Value, error) {
	s, err := query(ctx, c.users, string(id), func(s user.State) user.State { return s })
	if err == nil && !s.Exists {
		err = setting.ErrUnknown
	}
	return s.Value, err
}

func (c *Commands) missedLimit(ctx context.Context) (int, error) {
	return query(ctx, c.policies, policyID, func(s policy.State) int { return s.Value.MissedOffersLimit })
}

// placed is a disposition on the way from the first level down.
type placed struct {
	id    domain.DispositionID
	label string
}

// dispositionPath is the labels from the first level down to this one.
func (c *Commands) dispositionPath(ctx context.Context, id domain.DispositionID) ([]string, error) {
	above, err := c.dispositionsAbove(ctx, id)
	if err != nil {
		return nil, err
	}
	path := make([]string, len(above))
	for i, a := range above {
		path[i] = a.label
	}
	return path, nil
}

// dispositionsAbove is the way from the first level down to this one, which is in use as long as all on it are.
func (c *Commands) dispositionsAbove(ctx context.Context, id domain.DispositionID) ([]placed, error) {
	var way []placed
	for range 3 {
		s, err := query(ctx, c.dispositions, string(id), func(s disposition.State) disposition.State { return s })
		if err != nil {
			return nil, err
		}
		if !s.Exists || s.Archived {
			return nil, setting.ErrUnknown
		}
		way = append([]placed{{id, s.Value.Label}}, way...)
		if id = s.Value.ParentID; id == "" {
			break
		}
	}
	return way, nil
}
