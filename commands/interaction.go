package commands

import (
	"context"
	"errors"
	"slices"
	"time"

	"parley/domain"
	"parley/domain/account"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/domain/user"
	"parley/eventstore"
)

// onInteraction runs one command on one interaction and returns its position in the log.
func (c *Commands) onInteraction(
	ctx context.Context, id domain.InteractionID, meta eventstore.Metadata, cmd interaction.Command,
) (eventstore.Position, error) {
	r, err := c.interactions.handle(ctx, string(id), meta, cmd)
	return r.Position, err
}

// handleAndEndTransfer runs commands that may interrupt a transfer. It then updates the transfer right away,
// so that its card disappears for everyone. If that fails, the repair in package reactions does it later.
func (c *Commands) handleAndEndTransfer(
	ctx context.Context, id domain.InteractionID, meta eventstore.Metadata, cmds ...interaction.Command,
) (Result[interaction.Event], error) {
	r, err := c.interactions.handleAll(ctx, string(id), meta, cmds...)
	if err != nil {
		return r, err
	}
	for _, e := range r.Events {
		ended, ok := e.(interaction.TransferEnded)
		if !ok {
			continue
		}
		at, err := c.ReconcileTransfer(ctx, ended.TransferID)
		if err != nil {
			c.log.Warn("could not end a transfer after its interaction changed", "transfer", ended.TransferID,
				"error", err)
			continue
		}
		r.Position = later(r.Position, at)
	}
	return r, nil
}

// Offer offers a waiting interaction to agents for a limited time.
func (c *Commands) Offer(
	ctx context.Context, id domain.InteractionID, offer domain.OfferID, queue domain.QueueID,
	agents []domain.AgentID, lasts time.Duration, meta eventstore.Metadata,
) (eventstore.Position, error) {
	at := c.now()
	return c.onInteraction(ctx, id, meta, interaction.Offer{OfferID: offer, QueueID: queue, Agents: agents,
		ExpiresAt: at.Add(lasts), At: at})
}

// AcceptOffer gives an offered interaction to the agent.
func (c *Commands) AcceptOffer(
	ctx context.Context, id domain.InteractionID, offer domain.OfferID, by domain.AgentID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	presence, err := c.presence(ctx, by)
	if err != nil {
		return eventstore.Position{}, err
	}
	queueID, err := query(ctx, c.interactions, string(id),
		func(s interaction.State) domain.QueueID { return s.QueueID })
	if err != nil {
		return eventstore.Position{}, err
	}
	gone, err := c.leftQueue(ctx, queueID, by)
	if err != nil {
		return eventstore.Position{}, err
	}
	at, err := c.onInteraction(ctx, id, meta, interaction.Accept{OfferID: offer, By: by, Presence: presence,
		LeftQueue: gone, At: c.now()})
	if err == nil {
		c.resetMissedOffers(ctx, by, offer)
	}
	return at, err
}

// RejectOffer declines an offer.
func (c *Commands) RejectOffer(
	ctx context.Context, id domain.InteractionID, offer domain.OfferID, by domain.AgentID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	at, err := c.onInteraction(ctx, id, meta, interaction.Reject{OfferID: offer, By: by, At: c.now()})
	if err == nil {
		c.resetMissedOffers(ctx, by, offer)
	}
	return at, err
}

// resetMissedOffers ends a run of missed offers. It is a courtesy to the agent, so an error is only logged.
func (c *Commands) resetMissedOffers(ctx context.Context, by domain.AgentID, offer domain.OfferID) {
	meta := SystemMetadata("offers", DerivedID("answered", string(offer), string(by)))
	if _, err := c.agents.handle(ctx, string(by), meta, agent.AnswerOffer{OfferID: offer, At: c.now()}); err != nil {
		c.log.Warn("could not reset missed offers", "agent", by, "error", err)
	}
}

// ExpireOffer ends an overdue offer and counts it as missed. It counts first: until the offer ends, its
// deadline comes up again, which completes an interrupted count. An agent who no longer gets the queue's offers
// has not missed it.
func (c *Commands) ExpireOffer(ctx context.Context, id domain.InteractionID, offer domain.OfferID) error {
	now := c.now()
	due, err := query(ctx, c.interactions, string(id),
		func(s interaction.State) interaction.Overdue { return s.Overdue(offer, now) })
	if err != nil {
		return err
	}
	p, err := c.policy(ctx)
	if err != nil {
		return err
	}
	for _, by := range due.Agents {
		counts, err := c.getsOffers(ctx, due.QueueID, by)
		if err != nil {
			return err
		}
		if !counts {
			continue
		}
		meta := SystemMetadata("deadlines", DerivedID("missed", string(offer), string(by)))
		if _, err := c.agents.handle(ctx, string(by), meta, agent.MissOffer{OfferID: offer,
			OfferedAt: due.OfferedAt, Limit: p.MissedOffersLimit, At: now}); err != nil {
			return err
		}
	}
	meta := SystemMetadata("deadlines", DerivedID("expire", string(offer)))
	_, err = c.interactions.handle(ctx, string(id), meta, interaction.ExpireOffer{OfferID: offer, At: now})
	return err
}

// getsOffers reports whether an agent still gets the offers of a queue.
func (c *Commands) getsOffers(ctx context.Context, queue domain.QueueID, by domain.AgentID) (bool, error) {
	gone, err := c.leftQueue(ctx, queue, by)
	if err != nil || gone {
		return false, err
	}
	return query(ctx, c.users, string(by), func(s user.State) bool {
		return !s.Archived && !s.Value.Settings.Disabled
	})
}

// Take gives a waiting interaction to an agent who picked it from the list.
func (c *Commands) Take(
	ctx context.Context, id domain.InteractionID, by domain.AgentID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	presence, err := c.presence(ctx, by)
	if err != nil {
		return eventstore.Position{}, err
	}
	queueID, err := query(ctx, c.interactions, string(id),
		func(s interaction.State) domain.QueueID { return s.QueueID })
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
	return c.onInteraction(ctx, id, meta, interaction.Take{By: by, Presence: presence,
		Member: slices.Contains(members, by), Allowed: q.Take, At: c.now()})
}

// Assign gives an interaction to an agent on behalf of a supervisor.
func (c *Commands) Assign(
	ctx context.Context, id domain.InteractionID, to domain.AgentID, by domain.UserID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	if err := c.mustBeAgent(ctx, to); err != nil {
		return eventstore.Position{}, err
	}
	r, err := c.handleAndEndTransfer(ctx, id, meta, interaction.Assign{To: to, By: by, At: c.now()})
	return r.Position, err
}

// Release returns an interaction to the queue on behalf of a supervisor.
func (c *Commands) Release(
	ctx context.Context, id domain.InteractionID, by domain.UserID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	r, err := c.handleAndEndTransfer(ctx, id, meta, interaction.Release{By: by,
		Reason: interaction.ReleasedBySupervisor, At: c.now()})
	return r.Position, err
}

// ReleaseSilent returns an interaction to the queue if its owner has not replied within the queue's limit.
// Before that it fails with domain.ErrNotDue, which holds the remaining time.
func (c *Commands) ReleaseSilent(ctx context.Context, id domain.InteractionID, owner domain.AgentID) error {
	queueID, err := query(ctx, c.interactions, string(id),
		func(s interaction.State) domain.QueueID { return s.QueueID })
	if err != nil {
		return err
	}
	q, err := c.queue(ctx, queueID)
	if err != nil || q.SilentOwner <= 0 {
		return err
	}
	_, err = c.handleAndEndTransfer(ctx, id, SystemMetadata("deadlines", NewID()), interaction.Release{
		From: owner, Reason: interaction.ReleasedOwnerSilent,
		After: time.Duration(q.SilentOwner) * time.Second, At: c.now(),
	})
	return err
}

// ReleaseGone returns an interaction to the queue if its owner has been signed out for at least this long. It
// reports whether it did.
func (c *Commands) ReleaseGone(
	ctx context.Context, id domain.InteractionID, owner domain.AgentID, reason interaction.ReleaseReason,
	after time.Duration,
) (bool, error) {
	gone, err := query(ctx, c.agents, string(owner), func(s agent.State) time.Time { return s.SignedOutAt })
	if err != nil {
		return false, err
	}
	r, err := c.handleAndEndTransfer(ctx, id, SystemMetadata("deadlines", NewID()), interaction.Release{
		From: owner, Reason: reason, Gone: gone, After: after, At: c.now(),
	})
	return len(r.Events) > 0, err
}

// ReleaseRemoved returns an interaction to the queue if its owner is disabled or no longer an agent. It reports
// whether it did.
func (c *Commands) ReleaseRemoved(ctx context.Context, id domain.InteractionID, owner domain.AgentID) (bool, error) {
	err := c.mustBeAgent(ctx, owner)
	if err == nil {
		return false, nil
	}
	if !errors.Is(err, ErrNoAgent) {
		return false, err
	}
	r, err := c.handleAndEndTransfer(ctx, id, SystemMetadata("owners", NewID()), interaction.Release{
		From: owner, Reason: interaction.ReleasedOwnerRemoved, At: c.now(),
	})
	return len(r.Events) > 0, err
}

// Draft is a message to send.
type Draft struct {
	Text      string
	QuotedID  domain.MessageID
	AnswersTo domain.MessageID
	Kind      interaction.MessageKind // TEXT if there is no file
	Media     *interaction.Media
}

// Send queues a message to the customer. The command's id becomes the message's.
func (c *Commands) Send(
	ctx context.Context, id domain.InteractionID, by domain.AgentID, d Draft, meta eventstore.Metadata,
) (eventstore.Position, error) {
	cmd := interaction.Send{
		MessageID: domain.MessageID(meta.CommandID), By: by, Author: interaction.AuthorAgent, Kind: d.Kind,
		Content: interaction.Content{Text: d.Text, Media: d.Media}, QuotedID: d.QuotedID, AnswersTo: d.AnswersTo,
	}
	return c.send(ctx, id, cmd, meta)
}

func (c *Commands) send(
	ctx context.Context, id domain.InteractionID, cmd interaction.Send, meta eventstore.Metadata,
) (eventstore.Position, error) {
	cmd, err := c.prepared(ctx, id, cmd)
	if err != nil {
		return eventstore.Position{}, err
	}
	return c.onInteraction(ctx, id, meta, cmd)
}

// prepared adds the account's settings and the time to a message to send.
func (c *Commands) prepared(
	ctx context.Context, id domain.InteractionID, cmd interaction.Send,
) (interaction.Send, error) {
	settings, err := c.accountOf(ctx, id)
	if err != nil {
		return cmd, err
	}
	if cmd.QuotedPrior, err = c.inPriorSession(ctx, id, cmd.QuotedID); err != nil {
		return cmd, err
	}
	cmd.Window, cmd.At = settings.Window(), c.now()
	cmd.Attachments, cmd.MaxBytes = settings.Attachments, settings.MaxAttachmentBytes
	return cmd, nil
}

// inPriorSession reports whether a message is in another session of the same conversation, or in a joined one.
func (c *Commands) inPriorSession(
	ctx context.Context, id domain.InteractionID, message domain.MessageID,
) (bool, error) {
	if message == "" {
		return false, nil
	}
	type session struct {
		conversation
		has    bool
		joined []domain.InteractionID
	}
	look := func(id domain.InteractionID) (session, error) {
		return query(ctx, c.interactions, string(id), func(s interaction.State) session {
			return session{conversation{s.AccountID, s.AddressID}, s.Has(message), s.Joined}
		})
	}
	here, err := look(id)
	if err != nil || here.has {
		return false, err
	}
	home, found, err := c.reads.MessageHome(ctx, message)
	if err != nil || !found {
		return false, err
	}
	there, err := look(home)
	return there.has && (there.conversation == here.conversation || slices.Contains(here.joined, home)), err
}

// AddNote adds an internal note. It never reaches a channel.
func (c *Commands) AddNote(
	ctx context.Context, id domain.InteractionID, by domain.UserID, text string, meta eventstore.Metadata,
) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.AddNote{NoteID: domain.NoteID(meta.CommandID), By: by,
		Text: text, At: c.now()})
}

// AddWhisper adds a note that only the owner and supervisors see.
func (c *Commands) AddWhisper(
	ctx context.Context, id domain.InteractionID, by domain.UserID, text string, meta eventstore.Metadata,
) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.AddWhisper{NoteID: domain.NoteID(meta.CommandID),
		By: by, Text: text, At: c.now()})
}

// RevokeNote deletes the author's own note or whisper.
func (c *Commands) RevokeNote(
	ctx context.Context, id domain.InteractionID, by domain.UserID, note domain.NoteID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.RevokeNote{NoteID: note, By: by, At: c.now()})
}

// Monitor records that a supervisor is monitoring.
func (c *Commands) Monitor(
	ctx context.Context, id domain.InteractionID, by domain.UserID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.Monitor{By: by, At: c.now()})
}

// MarkSeen records that the owner has seen everything up to a message.
func (c *Commands) MarkSeen(
	ctx context.Context, id domain.InteractionID, by domain.AgentID, through domain.MessageID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.MarkSeen{By: by, Through: through, At: c.now()})
}

// MarkUnread makes an interaction unread for its owner again.
func (c *Commands) MarkUnread(
	ctx context.Context, id domain.InteractionID, by domain.AgentID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.MarkUnread{By: by, At: c.now()})
}

// AddTag adds a tag to an interaction.
func (c *Commands) AddTag(
	ctx context.Context, id domain.InteractionID, by domain.UserID, tag string, meta eventstore.Metadata,
) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.AddTag{Tag: tag, By: by, At: c.now()})
}

// RemoveTag removes a tag from an interaction.
func (c *Commands) RemoveTag(
	ctx context.Context, id domain.InteractionID, by domain.UserID, tag string, meta eventstore.Metadata,
) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, meta, interaction.RemoveTag{Tag: tag, By: by, At: c.now()})
}

// Close ends an interaction. If the account requires a disposition and none is given, Close pauses the agent
// until it is. The position covers the pause.
func (c *Commands) Close(
	ctx context.Context, id domain.InteractionID, by domain.UserID, supervisor bool, seen domain.MessageID,
	disposition domain.DispositionID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	settings, err := c.accountOf(ctx, id)
	if err != nil {
		return eventstore.Position{}, err
	}
	now := c.now()
	cmds := []interaction.Command{interaction.Close{By: by, Supervisor: supervisor, SeenThrough: seen, At: now}}
	if disposition != "" {
		path, err := c.dispositionPath(ctx, id, disposition)
		if err != nil {
			return eventstore.Position{}, err
		}
		cmds = append(cmds, interaction.Dispose{DispositionID: disposition, Path: path, By: by,
			Supervisor: supervisor, At: now})
	}
	r, err := c.handleAndEndTransfer(ctx, id, meta, cmds...)
	if err != nil {
		return eventstore.Position{}, err
	}
	if !settings.MandatoryDispose || supervisor {
		return r.Position, nil
	}
	paused, err := c.pauseForDisposition(ctx, id, by)
	return later(r.Position, paused), err
}

// pauseForDisposition pauses the agent who closed an interaction until its disposition is given. It queries
// the interaction, so that a repeated close still pauses if the first one was interrupted.
func (c *Commands) pauseForDisposition(
	ctx context.Context, id domain.InteractionID, closer domain.AgentID,
) (eventstore.Position, error) {
	due, err := query(ctx, c.interactions, string(id),
		func(s interaction.State) bool { return s.ClosedBy == closer && s.DispositionID == "" })
	if err != nil || !due {
		return eventstore.Position{}, err
	}
	meta := SystemMetadata("closing", DerivedID("disposition due", string(id)))
	r, err := c.agents.handle(ctx, string(closer), meta, agent.Pause{Reason: agent.PauseDisposition,
		InteractionID: id, At: c.now()})
	return r.Position, err
}

// Dispose records the disposition of a closed interaction and ends the pause that
// waited for it. The position covers both.
func (c *Commands) Dispose(
	ctx context.Context, id domain.InteractionID, by domain.UserID, supervisor bool,
	disposition domain.DispositionID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	path, err := c.dispositionPath(ctx, id, disposition)
	if err != nil {
		return eventstore.Position{}, err
	}
	closer, err := query(ctx, c.interactions, string(id), func(s interaction.State) domain.UserID { return s.ClosedBy })
	if err != nil {
		return eventstore.Position{}, err
	}
	at, err := c.onInteraction(ctx, id, meta, interaction.Dispose{DispositionID: disposition, Path: path,
		By: by, Supervisor: supervisor, At: c.now()})
	if err != nil || closer == "" {
		return at, err
	}
	given := SystemMetadata("closing", DerivedID("disposed", meta.CommandID))
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
