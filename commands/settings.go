package commands

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"parley/domain"
	"parley/domain/agent"
	"parley/domain/cannedanswer"
	"parley/domain/disposition"
	"parley/domain/interaction"
	"parley/domain/list"
	"parley/domain/policy"
	"parley/domain/queue"
	"parley/domain/setting"
	"parley/domain/tag"
	"parley/domain/user"
	"parley/eventstore"
)

// save creates a setting under newID if id is empty; otherwise it replaces the setting's value.
func save[ID ~string, S any, V setting.Named, E domain.Event](
	ctx context.Context, c *Commands, h *handler[S, setting.Command[V], E], id, newID ID, value V, by domain.UserID,
	meta eventstore.Metadata,
) (ID, eventstore.Position, error) {
	r, err := h.handle(ctx, string(cmp.Or(id, newID)), meta, saving(id, value, by, c.now()))
	return cmp.Or(id, newID), r.Position, err
}

// saving returns the command that save sends.
func saving[ID ~string, V setting.Named](id ID, value V, by domain.UserID, at time.Time) setting.Command[V] {
	if id == "" {
		return setting.Create[V]{Value: value, By: by, At: at}
	}
	return setting.Change[V]{Value: value, By: by, At: at}
}

// SaveQueue creates or changes a queue. A new queue gets the command's id.
func (c *Commands) SaveQueue(
	ctx context.Context, id domain.QueueID, s queue.Settings, by domain.UserID, meta eventstore.Metadata,
) (domain.QueueID, eventstore.Position, error) {
	return save(ctx, c, c.queues, id, domain.QueueID(meta.CommandID), s, by, meta)
}

// SaveUser creates or changes a user. The id derives from the login, which cannot be changed later, so logins
// are unique. It leaves the lists set by GrantLists alone.
func (c *Commands) SaveUser(
	ctx context.Context, id domain.UserID, p user.Profile, s user.Settings, by domain.UserID, meta eventstore.Metadata,
) (domain.UserID, eventstore.Position, error) {
	newID := domain.UserID(c.ids.UUID("user", strings.ToLower(strings.TrimSpace(p.Login))))
	value := user.Value{UserID: newID, Profile: p, Settings: s} // a change keeps the id it was created with
	saved, at, err := save(ctx, c, c.users, id, newID, value, by, meta)
	if err == nil && s.Disabled {
		err = c.endAccess(ctx, saved, by, meta)
	}
	if err == nil && id != "" && (s.Disabled || s.Role != user.Agent) {
		at, err = c.signOutRemoved(ctx, id, by, at, meta)
	}
	return saved, at, err
}

// signOutRemoved signs out someone who no longer handles interactions. They get no more offers, and what they own
// returns to the queue.
func (c *Commands) signOutRemoved(
	ctx context.Context, id domain.AgentID, by domain.UserID, saved eventstore.Position, meta eventstore.Metadata,
) (eventstore.Position, error) {
	gone := SystemMetadata("users", DerivedID("leaves", meta.CommandID))
	at, err := c.SignOut(ctx, id, agent.SignOut{Reason: agent.SignedOutDisabled, By: by}, gone)
	return later(saved, at), err
}

// GrantLists grants a user exactly these contact lists.
func (c *Commands) GrantLists(
	ctx context.Context, id domain.UserID, lists []domain.ListID, by domain.UserID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	r, err := c.users.handle(ctx, string(id), meta, user.GrantLists{Lists: lists, By: by, At: c.now()})
	return r.Position, err
}

// SaveList creates or changes a contact list.
func (c *Commands) SaveList(
	ctx context.Context, id domain.ListID, s list.Settings, by domain.UserID, meta eventstore.Metadata,
) (domain.ListID, eventstore.Position, error) {
	return save(ctx, c, c.lists, id, domain.ListID(meta.CommandID), s, by, meta)
}

// SaveDisposition creates or changes a disposition. Its level derives from its parent and never changes.
func (c *Commands) SaveDisposition(
	ctx context.Context, id domain.DispositionID, s disposition.Settings, by domain.UserID, meta eventstore.Metadata,
) (domain.DispositionID, eventstore.Position, error) {
	s.Level = 1
	if s.ParentID != "" {
		levels, err := c.dispositionLevels(ctx, s.ParentID)
		if err != nil {
			return id, eventstore.Position{}, err
		}
		if slices.ContainsFunc(levels, func(a level) bool { return a.id == id }) {
			return id, eventstore.Position{}, disposition.ErrLevel // its own ancestor
		}
		s.Level = len(levels) + 1
	}
	return save(ctx, c, c.dispositions, id, domain.DispositionID(meta.CommandID), s, by, meta)
}

// SaveCannedAnswer creates or changes a canned answer.
func (c *Commands) SaveCannedAnswer(
	ctx context.Context, id domain.CannedAnswerID, s cannedanswer.Settings, by domain.UserID, meta eventstore.Metadata,
) (domain.CannedAnswerID, eventstore.Position, error) {
	return save(ctx, c, c.cannedAnswers, id, domain.CannedAnswerID(meta.CommandID), s, by, meta)
}

// SaveTag creates or changes a tag. The id derives from the name, so names are unique.
func (c *Commands) SaveTag(
	ctx context.Context, id string, s tag.Settings, by domain.UserID, meta eventstore.Metadata,
) (string, eventstore.Position, error) {
	return save(ctx, c, c.tags, id, c.ids.UUID("tag", strings.ToLower(strings.TrimSpace(s.Name))), s, by, meta)
}

// policyID is the id of the only policy.
var policyID = DerivedID("policy")

// SavePolicy changes the settings of the whole deployment.
func (c *Commands) SavePolicy(
	ctx context.Context, s policy.Settings, by domain.UserID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	_, at, err := save(ctx, c, c.policies, policyID, policyID, s, by, meta)
	return at, err
}

// Archivable is a kind of setting that can be archived.
type Archivable string

// The kinds that can be archived.
const (
	AnAccount     Archivable = "account"
	AQueue        Archivable = "queue"
	AUser         Archivable = "user"
	AList         Archivable = "list"
	ADisposition  Archivable = "disposition"
	ACannedAnswer Archivable = "cannedanswer"
	ATag          Archivable = "tag"
)

// ErrNotArchivable refuses to archive this kind of setting.
var ErrNotArchivable = &domain.Refusal{Kind: domain.Invalid, Code: "NOT_ARCHIVABLE", Message: "This can't be archived."}

// Archive takes a setting out of use. What refers to it stays readable.
func (c *Commands) Archive(
	ctx context.Context, kind Archivable, id string, by domain.UserID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	at := c.now()
	switch kind {
	case AnAccount:
		return archive(ctx, c.accounts, id, by, at, meta)
	case AQueue:
		return archive(ctx, c.queues, id, by, at, meta)
	case AUser:
		archived, err := archive(ctx, c.users, id, by, at, meta)
		if err == nil {
			err = c.endAccess(ctx, domain.UserID(id), by, meta)
		}
		if err != nil {
			return archived, err
		}
		return c.signOutRemoved(ctx, domain.AgentID(id), by, archived, meta)
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

func archive[S any, V setting.Named, E domain.Event](
	ctx context.Context, h *handler[S, setting.Command[V], E], id string, by domain.UserID, at time.Time,
	meta eventstore.Metadata,
) (eventstore.Position, error) {
	r, err := h.handle(ctx, id, meta, setting.Archive[V]{By: by, At: at})
	return r.Position, err
}

func (c *Commands) queue(ctx context.Context, id domain.QueueID) (queue.Settings, error) {
	return query(ctx, c.queues, string(id), func(s queue.State) queue.Settings { return s.Value })
}

// members returns the members of a queue, or none if it is archived.
func (c *Commands) members(ctx context.Context, id domain.QueueID) ([]domain.AgentID, error) {
	return query(ctx, c.queues, string(id), func(s queue.State) []domain.AgentID {
		if s.Archived {
			return nil
		}
		return s.Value.Members
	})
}

// leftQueue reports whether an agent is no longer a member of a queue. Without a queue it is false.
func (c *Commands) leftQueue(ctx context.Context, id domain.QueueID, agent domain.AgentID) (bool, error) {
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

func (c *Commands) policy(ctx context.Context) (policy.Settings, error) {
	return query(ctx, c.policies, policyID, func(s policy.State) policy.Settings { return s.Value })
}

// level is one disposition on the path from the first level.
type level struct {
	id    domain.DispositionID
	label string
}

// dispositionPath returns the labels from the first level down to a disposition. It fails if the disposition
// does not apply to the interaction.
func (c *Commands) dispositionPath(
	ctx context.Context, of domain.InteractionID, id domain.DispositionID,
) ([]string, error) {
	levels, err := c.dispositionLevels(ctx, id)
	if err != nil {
		return nil, err
	}
	applies, err := c.dispositionApplies(ctx, of, id)
	if err != nil {
		return nil, err
	}
	if !applies {
		return nil, setting.ErrUnknown // as for a missing one, so that no one learns of dispositions out of scope
	}
	path := make([]string, len(levels))
	for i, a := range levels {
		path[i] = a.label
	}
	return path, nil
}

func (c *Commands) dispositionApplies(
	ctx context.Context, of domain.InteractionID, id domain.DispositionID,
) (bool, error) {
	s, err := query(ctx, c.interactions, string(of), func(s interaction.State) interaction.State { return s })
	if err != nil {
		return false, err
	}
	var listID domain.ListID
	if s.ContactID != "" {
		person, err := c.survivor(ctx, s.ContactID)
		if err != nil {
			return false, err
		}
		listID = person.ListID
	}
	return query(ctx, c.dispositions, string(id), func(d disposition.State) bool {
		return d.Value.AppliesTo(listID, s.AccountID, s.QueueID)
	})
}

// dispositionLevels returns the path from the first level down to a disposition. It
// fails unless all of them are in use.
func (c *Commands) dispositionLevels(ctx context.Context, id domain.DispositionID) ([]level, error) {
	var path []level
	for range 3 {
		s, err := query(ctx, c.dispositions, string(id), func(s disposition.State) disposition.State { return s })
		if err != nil {
			return nil, err
		}
		if !s.Exists || s.Archived {
			return nil, setting.ErrUnknown
		}
		path = append([]level{{id, s.Value.Label}}, path...)
		if id = s.Value.ParentID; id == "" {
			break
		}
	}
	return path, nil
}
