package commands

import (
	"context"
	"slices"
	"time"

	"parley/domain"
	"parley/domain/account"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/domain/user"
	"parley/eventstore"
)

// onInteraction gives one command to one interaction and says where in the log it ended.
func (c *Commands) onInteraction(ctx context.Context, id domain.InteractionID, meta eventstore.Metadata, cmd interaction.Command) (eventstore.Position, error) {
	r, err := c.interactions.handle(ctx, string(id), meta, cmd)
	return r.Position, err
}

// moving is for commands that may break a transfer off. The transfer is told at once, so that nobody goes on looking at its
// card; if that fails, the repair does it later.
func (c *Commands) moving(ctx context.Context, id domain.InteractionID, meta eventstore.Metadata, cmds ...interaction.Command) (Result[interaction.Event], error) {
	r, err := c.interactions.handleAll(ctx, string(id), meta, cmds...)
	if err != nil {
		return r, err
	}
	for _, e := range r.Events {
		ended, ok := e.(interaction.TransferEnded)
		if !ok {
			continue
		}
		at, err := c.SettleTransfer(ctx, ended.TransferID)
		if err != nil {
			c.log.Warn("a transfer was not told that its interaction moved on", "transfer", ended.TransferID, "error", err)
			continue
		}
		r.Position = later(r.Position, at)
	}
	return r, nil
}

// Offer offers a waiting interaction to agents for so long.
func (c *Commands) Offer(ctx context.Context, id domain.InteractionID, offer domain.OfferID, queue domain.QueueID,
	agents []domain.AgentID, lasts time.Duration, meta eventstore.Metadata,
) (eventstore.Position, error) {
	at := c.now()
	return c.onInteraction(ctx, id, meta, interaction.Offer{OfferID: offer, QueueID: queue, Agents: agents, ExpiresAt: at.Add(lasts), At: at})
}

// AcceptOffer takes over an interaction the agent was offered.
func (c *Commands) AcceptOffer(ctx context.Context, id domain.InteractionID, offer domain.OfferID, by domain.AgentID, meta eventstore.Metadata) (eventstore.Position, error) {
	presence, err := c.presence(ctx, by)
	if err != nil {
		return eventstore.Position{}, err
	}
	queueID, err := query(ctx, c.interactions, string(id), func(s interaction.State) domain.QueueID { return s.QueueID })
	if err != nil {
		return eventstore.Position{}, err
	}
	left, err := c.left(ctx, queueID, by)
	if err != nil {
		return eventstore.Position{}, err
	}
	at, err := c.onInteraction(ctx, id, meta, interaction.Accept{OfferID: offer, By: by, Presence: presence, Left: left, At: c.now()})
	if err == nil {
		c.answered(ctx, by, offer)
	}
	return at, err
}

// RejectOffer refuses an offer.
func (c *Commands) RejectOffer(ctx context.Context, id domain.InteractionID, offer domain.OfferID, by domain.AgentID, meta eventstore.Metadata) (eventstore.Position, error) {
	at, err := c.onInteraction(ctx, id, meta, interaction.Reject{OfferID: offer, By: by, At: c.now()})
	if err == nil {
		c.answered(ctx, by, offer)
	}
	return at, err
}

// answered ends a row of missed offers. It is a kindness to the agent, so a fault is only logged.
func (c *Commands) answered(ctx context.Context, by domain.AgentID, offer domain.OfferID) {
	meta := Ours("offers", DerivedID("answered", string(offer), string(by)))
	if _, err := c.agents.handle(ctx, string(by), meta, agent.AnswerOffer{OfferID: offer, At: c.now()}); err != nil {
		c.log.Warn("an answered offer was not counted", "agent", by, "error", err)
	}
}

// ExpireOffer ends an offer whose time has run out, and counts it for those who missed it. They are counted first: while the
// offer is not ended its deadline is found again, so counting goes on where it was broken off. Who has left the queue or takes
// no interactions any more could not have taken it, and has not missed it.
func (c *Commands) ExpireOffer(ctx context.Context, id domain.InteractionID, offer domain.OfferID) error {
	now := c.now()
	due, err := query(ctx, c.interactions, string(id), func(s interaction.State) interaction.Overdue { return s.Overdue(offer, now) })
	if err != nil {
		return err
	}
	limit, err := c.missedLimit(ctx)
	if err != nil {
		return err
	}
	for _, by := range due.Agents {
		could, err := c.couldTake(ctx, due.QueueID, by)
		if err != nil {
			return err
		}
		if !could {
			continue
		}
		meta := Ours("deadlines", DerivedID("missed", string(offer), string(by)))
		if _, err := c.agents.handle(ctx, string(by), meta, agent.MissOffer{OfferID: offer, Limit: limit, At: now}); err != nil {
			return err
		}
	}
	meta := Ours("deadlines", DerivedID("expire", string(offer)))
	_, err = c.interactions.handle(ctx, string(id), meta, interaction.ExpireOffer{OfferID: offer, At: now})
	return err
}

// couldTake says whether somebody is still one a queue's interactions are offered to.
func (c *Commands) couldTake(ctx context.Context, queue domain.QueueID, by domain.AgentID) (bool, error) {
	left, err := c.left(ctx, queue, by)
	if err != nil || left {
		return false, err
	}
	return query(ctx, c.users, string(by), func(s user.State) bool {
		return !s.Archived && !s.Value.Settings.Disabled
	})
}

// Take takes a waiting interaction from the list.
func (c *Commands) Take(ctx context.Context, id domain.InteractionID, by domain.AgentID, meta eventstore.Metadata) (eventstore.Position, error) {
	presence, err := c.presence(ctx, by)
	if err != nil {
		return eventstore.Position{}, err
	}
	queueID, err := query(ctx, c.interactions, string(id), func(s interaction.State) domain.QueueID { return s.QueueID })
	if err != nil {
		return eventstore.Position{}, err
	}
	q, err := c.queue(ctx, queueID)
	if err != nil {
		return eventstore.Position{}, err
	}
	members, err := c.members(ctx, queueID)
	if err != nil {
		return eventstore.Position{}, err
	}
	return c.onInteraction(ctx, id, meta, interaction.Take{By: by, Presence: presence, Member: slices.Contains(members, by), Allowed: q.Take, At: c.now()})
}

// Assign gives an interaction to an agent on a supervisor's word.
func (c *Commands) Assign(ctx context.Context, id domain.InteractionID, to domain.AgentID, by domain.UserID, meta eventstore.Metadata) (eventstore.Position, error) {
	if err := c.mustBeAgent(ctx, to); err != nil {
		return eventstore.Position{}, err
	}
	r, err := c.moving(ctx, id, meta, interaction.Assign{To: to, By: by, At: c.now()})
	return r.Position, err
}

// Release puts an interaction back to waiting on a supervisor's word.
func (c *Commands) Release(ctx context.Context, id domain.InteractionID, by domain.UserID, meta eventstore.Metadata) (eventstore.Position, error) {
	r, err := c.moving(ctx, id, meta, interaction.Release{By: by, Reason: interaction.ReleasedBySupervisor, At: c.now()})
	return r.Position, err
}

// ReleaseSilent puts an interaction back to waiting whose owner has not answered in the time its queue gives. domain.ErrNotDue
// says how long he has still.
func (c *Commands) ReleaseSilent(ctx context.Context, id domain.InteractionID, owner domain.AgentID) error {
	queueID, err := query(ctx, c.interactions, string(id), func(s interaction.State) domain.QueueID { return s.QueueID })
	if err != nil {
		return err
	}
	q, err := c.queue(ctx, queueID)
	if err != nil || q.SilentOwner <= 0 {
		return err
	}
	_, err = c.moving(ctx, id, Ours("deadlines", NewID()), interaction.Release{
		From: owner, Reason: interaction.ReleasedOwnerSilent, After: time.Duration(q.SilentOwner) * time.Second, At: c.now(),
	})
	return err
}

// ReleaseGone puts an interaction back to waiting whose owner has been signed out for so long, and says whether it did.
func (c *Commands) ReleaseGone(ctx context.Context, id domain.InteractionID, owner domain.AgentID, reason interaction.ReleaseReason, after time.Duration) (bool, error) {
	gone, err := query(ctx, c.agents, string(owner), func(s agent.State) time.Time { return s.SignedOutAt })
	if err != nil {
		return false, err
	}
	r, err := c.moving(ctx, id, Ours("deadlines", NewID()), interaction.Release{
		From: owner, Reason: reason, Gone: gone, After: after, At: c.now(),
	})
	return len(r.Events) > 0, err
}

// Draft is what an agent wants to send.
type Draft struct {
	Text      string
	QuotedID  domain.MessageID
	AnswersTo domain.MessageID
	Kind      interaction.MessageKind // TEXT unless there is a file
	Media     *interaction.Media
}

// Send queues a message to the customer. Its id is the command's.
func (c *Commands) Send(ctx context.Context, id domain.InteractionID, by domain.AgentID, d Draft, meta eventstore.Metadata) (eventstore.Position, error) {
	cmd := interaction.Send{
		MessageID: domain.MessageID(meta.CommandID), By: by, Author: interaction.AuthorAgent, Kind: d.Kind,
		Content: interaction.Content{Text: d.Text, Media: d.Media}, QuotedID: d.QuotedID, AnswersTo: d.AnswersTo,
	}
	return c.send(ctx, id, cmd, meta)
}

// Retry sends a message that failed, or whose outcome is unknown, once more as a new message.
func (c *Commands) Retry(ctx context.Context, id domain.InteractionID, by domain.AgentID, message domain.MessageID, meta eventstore.Metadata) (eventstore.Position, error) {
	history, err := c.interactions.store.Read(ctx, c.interactions.decider.Stream(string(id)), 0)
	if err != nil {
		return eventstore.Position{}, err
	}
	for _, r := range history.Events {
		if q, ok := r.Event.(interaction.MessageQueued); ok && q.MessageID == message {
			return c.send(ctx, id, interaction.Send{
				MessageID: domain.MessageID(meta.CommandID), By: by, Author: interaction.AuthorAgent, Kind: q.Kind,
				Content: q.Content, QuotedID: q.QuotedID, RetryOf: message,
			}, meta)
		}
	}
	return eventstore.Position{}, interaction.ErrNoMessage
}

func (c *Commands) send(ctx context.Context, id domain.InteractionID, cmd interaction.Send, meta eventstore.Metadata) (eventstore.Position, error) {
	settings, err := c.accountOf(ctx, id)
	if err != nil {
		return eventstore.Position{}, err
	}
	cmd.Window, cmd.At = window(settings), c.now()
	cmd.Attachments, cmd.MaxBytes = settings.Attachments, settings.MaxAttachmentBytes
	return c.onInteraction(ctx, id, meta, cmd)
}

// React puts an emoji on a customer's message.
func (c *Commands) React(ctx context.Context, id domain.InteractionID, by domain.AgentID, message domain.MessageID, emoji string, meta eventstore.Metadata) (eventstore.Position, error) {
	settings, err := c.accountOf(ctx, id)
	if err != nil {
		return eventstore.Position{}, err
	}
	return c.onInteraction(ctx, id, meta, interaction.React{
		MessageID: message, SendID: domain.MessageID(meta.CommandID), By: by, Emoji: emoji, Window: window(settings), At: c.now(),
	})
}

func window(s account.Settings) time.Duration { return time.Duration(s.WindowHours) * time.Hour }

// AddNote writes an internal note. Nothing leads from it to a channel.
func (c *Commands) AddNote(ctx context.Context, id domain.InteractionID, by domain.UserID, text string, meta eventstore.Metadata) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.AddNote{NoteID: domain.NoteID(meta.CommandID), By: by, Text: text, At: c.now()})
}

// AddWhisper writes a note for the owner alone.
func (c *Commands) AddWhisper(ctx context.Context, id domain.InteractionID, by domain.UserID, text string, meta eventstore.Metadata) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.AddWhisper{NoteID: domain.NoteID(meta.CommandID), By: by, Text: text, At: c.now()})
}

// RevokeNote deletes a note or a whisper of one's own.
func (c *Commands) RevokeNote(ctx context.Context, id domain.InteractionID, by domain.UserID, note domain.NoteID, meta eventstore.Metadata) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.RevokeNote{NoteID: note, By: by, At: c.now()})
}

// Spy records that a supervisor reads along.
func (c *Commands) Spy(ctx context.Context, id domain.InteractionID, by domain.UserID, meta eventstore.Metadata) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.Spy{By: by, At: c.now()})
}

// MarkSeen says the owner has seen everything up to a message.
func (c *Commands) MarkSeen(ctx context.Context, id domain.InteractionID, by domain.AgentID, through domain.MessageID, meta eventstore.Metadata) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.MarkSeen{By: by, Through: through, At: c.now()})
}

// MarkUnread makes an interaction unread for its owner again.
func (c *Commands) MarkUnread(ctx context.Context, id domain.InteractionID, by domain.AgentID, meta eventstore.Metadata) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.MarkUnread{By: by, At: c.now()})
}

// AddTag puts a tag on an interaction.
func (c *Commands) AddTag(ctx context.Context, id domain.InteractionID, by domain.UserID, tag string, meta eventstore.Metadata) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.AddTag{Tag: tag, By: by, At: c.now()})
}

// RemoveTag takes a tag off an interaction.
func (c *Commands) RemoveTag(ctx context.Context, id domain.InteractionID, by domain.UserID, tag string, meta eventstore.Metadata) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.RemoveTag{Tag: tag, By: by, At: c.now()})
}

// LinkContact says which contact the customer is.
func (c *Commands) LinkContact(ctx context.Context, id domain.InteractionID, contactID domain.ContactID, by domain.UserID, meta eventstore.Metadata) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.LinkContact{ContactID: contactID, By: by, At: c.now()})
}

// Close ends an interaction. Where the account wants a disposition and none is given, the closer is paused until it is. The
// position is that of all it has led to.
func (c *Commands) Close(ctx context.Context, id domain.InteractionID, by domain.UserID, supervisor bool, seen domain.MessageID,
	disposition domain.DispositionID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	settings, err := c.accountOf(ctx, id)
	if err != nil {
		return eventstore.Position{}, err
	}
	now := c.now()
	cmds := []interaction.Command{interaction.Close{By: by, Supervisor: supervisor, SeenThrough: seen, At: now}}
	if disposition != "" {
		path, err := c.dispositionPath(ctx, disposition)
		if err != nil {
			return eventstore.Position{}, err
		}
		cmds = append(cmds, interaction.Dispose{DispositionID: disposition, Path: path, By: by, Supervisor: supervisor, At: now})
	}
	r, err := c.moving(ctx, id, meta, cmds...)
	if err != nil {
		return eventstore.Position{}, err
	}
	if !settings.MandatoryDispose || supervisor {
		return r.Position, nil
	}
	paused, err := c.holdForDisposition(ctx, id, by)
	return later(r.Position, paused), err
}

// holdForDisposition pauses who closed an interaction until its disposition is given. The interaction is asked again, so that
// a close that its caller repeats after it was broken off in between still pauses; nobody else repeats it.
func (c *Commands) holdForDisposition(ctx context.Context, id domain.InteractionID, closer domain.AgentID) (eventstore.Position, error) {
	due, err := query(ctx, c.interactions, string(id), func(s interaction.State) bool { return s.ClosedBy == closer && s.DispositionID == "" })
	if err != nil || !due {
		return eventstore.Position{}, err
	}
	meta := Ours("closing", DerivedID("disposition due", string(id)))
	r, err := c.agents.handle(ctx, string(closer), meta, agent.Pause{Reason: agent.PauseDisposition, InteractionID: id, At: c.now()})
	return r.Position, err
}

// Dispose says what came of a closed interaction, and ends the pause that waited for it. The position is that of both.
func (c *Commands) Dispose(ctx context.Context, id domain.InteractionID, by domain.UserID, supervisor bool, disposition domain.DispositionID, meta eventstore.Metadata) (eventstore.Position, error) {
	path, err := c.dispositionPath(ctx, disposition)
	if err != nil {
		return eventstore.Position{}, err
	}
	closer, err := query(ctx, c.interactions, string(id), func(s interaction.State) domain.UserID { return s.ClosedBy })
	if err != nil {
		return eventstore.Position{}, err
	}
	at, err := c.onInteraction(ctx, id, meta, interaction.Dispose{DispositionID: disposition, Path: path, By: by, Supervisor: supervisor, At: c.now()})
	if err != nil || closer == "" {
		return at, err
	}
	given := Ours("closing", DerivedID("disposed", meta.CommandID))
	r, err := c.agents.handle(ctx, string(closer), given, agent.GiveDisposition{InteractionID: id, At: c.now()})
	return later(at, r.Position), err
}

func (c *Commands) accountOf(ctx context.Context, id domain.InteractionID) (account.Settings, error) {
	of, err := query(ctx, c.interactions, string(id), func(s interaction.State) domain.AccountID { return s.AccountID })
	if err != nil {
		return account.Settings{}, err
	}
	if of == "" {
		return account.Settings{}, interaction.ErrUnknown
	}
	return c.account(ctx, of)
}
