package interactions

import (
	"slices"
	"time"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/eventstore"
)

const (
	previewLength = 160 // characters
	unseenKept    = 30  // ids; the count may be higher
)

// evolve folds one event into a row. It is a pure function.
func evolve(r Row, e eventstore.Recorded) Row {
	switch ev := e.Event.(type) {
	case interaction.Opened:
		return opened(r, ev)
	case transfer.Requested:
		if r.TransferID == e.AggregateID {
			r.TransferTo = strs(ev.OfferedTo)
		}
		return r.seenBy()
	}
	if r.Status == "" {
		return r // session whose beginning is unknown
	}
	switch ev := e.Event.(type) {
	case interaction.MessageReceived:
		return received(r, ev, e.Erased)
	case interaction.MessageObserved:
		return observed(r, ev, e.Erased)
	case interaction.ContentArrived:
		if r.LastMessageID == string(ev.MessageID) {
			r.Preview = preview(ev.Content, ev.Kind, e.Erased)
		}
		return r.named(ev.Customer)
	case interaction.MessageEdited:
		if r.LastMessageID == string(ev.MessageID) {
			r.Preview = r.Preview.Edited(ev.Content, e.Erased).FirstLine().Short(previewLength)
		}
	case interaction.MessageRevoked:
		if r.LastMessageID == string(ev.MessageID) {
			r.Preview = interaction.Preview{}
		}
	case interaction.MessageQueued:
		return queued(r, ev, e.Erased)
	case interaction.MessageAccepted:
		return r.delivery(ev.MessageID, interaction.StatusAccepted)
	case interaction.MessageSent:
		return r.delivery(ev.MessageID, interaction.StatusSent)
	case interaction.MessageDelivered:
		return r.delivery(ev.MessageID, interaction.StatusDelivered)
	case interaction.MessageRead:
		return r.delivery(ev.MessageID, interaction.StatusRead)
	case interaction.MessageFailed:
		if ev.WindowClosed {
			at := ev.At
			r.WindowClosedAt = &at
		}
		return r.delivery(ev.MessageID, interaction.StatusFailed)
	case interaction.MessageOutcomeUnknown:
		return r.delivery(ev.MessageID, interaction.StatusUnknown)
	case interaction.MessageSettled:
		return r.delivery(ev.MessageID, ev.As)
	case interaction.Offered:
		for _, a := range ev.Agents {
			r.Offers, r.OfferedTo = with(r.Offers, string(ev.OfferID)), with(r.OfferedTo, string(a))
		}
	case interaction.OfferRejected:
		r = r.withoutOffer(func(offer, agent string) bool {
			return offer == string(ev.OfferID) &&
				agent == string(ev.By)
		})
	case interaction.OfferExpired:
		r = r.withoutOffer(func(offer, _ string) bool { return offer == string(ev.OfferID) })
	case interaction.Accepted:
		return r.ownedBy(ev.By, ev.At)
	case interaction.Assigned:
		return r.ownedBy(ev.To, ev.At)
	case interaction.OwnerChanged:
		if ev.QueueID != "" {
			r.QueueID = string(ev.QueueID)
		}
		r.TransferID, r.TransferTo = "", nil
		return r.ownedBy(ev.To, ev.At)
	case interaction.Released:
		at := ev.At
		r.OwnerID, r.WaitingSince, r.ReturnedUnread = "", &at, false
	case interaction.TransferStarted:
		r.TransferID, r.TransferTo = string(ev.TransferID), nil
		if ev.ToAgent != "" {
			r.TransferTo = []string{string(ev.ToAgent)}
		}
	case interaction.TransferEnded:
		r.TransferID, r.TransferTo = "", nil
	case interaction.TagAdded:
		if !slices.Contains(r.Tags, ev.Tag) {
			r.Tags = with(r.Tags, ev.Tag)
		}
	case interaction.TagRemoved:
		r.Tags = without(r.Tags, ev.Tag)
	case interaction.SeenByOwner:
		return seen(r, string(ev.Through))
	case interaction.ReturnedUnread:
		r.ReturnedUnread = true
	case interaction.ContactLinked:
		r.ContactID = string(ev.ContactID)
	case interaction.Closed:
		at := ev.At
		r.Status, r.ClosedAt, r.ClosedBy, r.WaitingSince = StatusClosed, &at, string(ev.By), nil
		r.Unread, r.ReturnedUnread, r.Unseen = 0, false, nil
		r.Offers, r.OfferedTo = nil, nil
	case interaction.JoinedInto:
		r.JoinedInto, r.JoinReason, r.JoinKeeper = string(ev.Survivor), string(ev.Reason), string(ev.Keeper)
	case interaction.Restored:
		return restored(r, ev)
	case interaction.Joined:
		return joined(r, ev)
	case interaction.Separated:
		return separated(r, ev)
	case interaction.Disposed:
		r.DispositionID, r.DispositionPath = string(ev.DispositionID), ev.Path
	default:
		return r
	}
	return r.seenBy()
}

// joined adds the counts and the times of another interaction to the row. The content of its last message
// stays in its own row.
func joined(r Row, e interaction.Joined) Row {
	r.Joined = append(append(slices.Clone(r.Joined), string(e.Other)), strs(e.Before)...)
	if at := e.LastInboundAt; at != nil {
		r = r.heard(*at)
	}
	other := Other{ID: string(e.Other), Last: string(e.LastMessageID), Inbound: e.Inbound, Unseen: strs(e.Unseen),
		OwnLast: r.LastMessageAt}
	if r.LastIn != "" { // what the row shows is not its own already
		other.OwnLast = r.Others[len(r.Others)-1].OwnLast
	}
	r.Others = append(slices.Clip(r.Others), other)
	if at := e.LastMessageAt; at != nil && at.After(r.LastMessageAt) {
		r.LastMessageAt, r.LastIn = *at, string(e.LastIn)
	}
	r.Inbound += e.Inbound
	if r.Status == StatusOpen {
		r.Unread += len(e.Unseen)
		r.Unseen = append(slices.Clip(r.Unseen), other.Unseen...)
		r.Unseen = r.Unseen[max(0, len(r.Unseen)-unseenKept):]
	}
	r.ReturnedUnread = r.ReturnedUnread || e.Unread && r.OwnerID != "" && r.Unread == 0
	return r.seenBy()
}

// separated removes from the row what another interaction added.
func separated(r Row, e interaction.Separated) Row {
	gone := append([]string{string(e.Other)}, strs(e.Before)...)
	for _, id := range gone {
		r.Joined = without(r.Joined, id)
	}
	at := slices.IndexFunc(r.Others, func(o Other) bool { return o.ID == string(e.Other) })
	if at < 0 {
		return r.seenBy()
	}
	other := r.Others[at]
	r.Others = slices.Delete(slices.Clone(r.Others), at, at+1)
	if slices.Contains(gone, r.LastIn) {
		r.LastMessageAt, r.LastIn = other.OwnLast, ""
	}
	r.Inbound -= other.Inbound
	unseen := slices.DeleteFunc(slices.Clone(r.Unseen), func(id string) bool { return slices.Contains(other.Unseen, id) })
	r.Unread, r.Unseen = max(0, r.Unread-(len(r.Unseen)-len(unseen))), unseen
	return r.seenBy()
}

// endsWith reports whether a message is the last one that the row shows.
func (r Row) endsWith(message string) bool {
	if r.LastIn == "" {
		return message == r.LastMessageID
	}
	return slices.ContainsFunc(r.Others, func(o Other) bool { return o.Last == message })
}

// restored makes a joined interaction one of its own again.
func restored(r Row, e interaction.Restored) Row {
	r.JoinedInto, r.JoinReason, r.JoinKeeper = "", "", ""
	if e.Open {
		r.Status, r.ClosedAt, r.ClosedBy = StatusOpen, nil, ""
		r.ReturnedUnread = r.OwnerID != ""
		if at := e.At; r.OwnerID == "" {
			r.WaitingSince = &at
		}
	}
	return r.seenBy()
}

func opened(r Row, e interaction.Opened) Row {
	if r.Status != "" {
		return r
	}
	at := e.At
	r.AccountID, r.AddressID, r.Channel, r.QueueID = string(e.AccountID), string(e.AddressID), e.Channel, string(e.QueueID)
	r.Number, r.PreviousID, r.Origin, r.OpenedBy = e.Number, string(e.PreviousID), string(e.Origin), string(e.By)
	r.Status, r.ContactID, r.LastOwnerID = StatusOpen, string(e.ContactID), string(e.LastOwner)
	r.LastInboundAt, r.WindowClosedAt = e.LastInboundAt, e.WindowClosedAt
	r.StartedAt, r.LastMessageAt, r.LastMessageDirection = e.At, e.At, DirectionIn
	if e.Origin == interaction.OriginAgent || e.Origin == interaction.OriginCampaign {
		r.LastMessageDirection = DirectionOut
	}
	r.WaitingSince = &at
	return r.named(e.Customer)
}

func received(r Row, e interaction.MessageReceived, erased bool) Row {
	if e.Kind == interaction.KindSystem {
		return r.named(e.Customer) // the provider wrote it, not the customer
	}
	sent := e.SentAt
	if sent.IsZero() {
		sent = e.At
	}
	if e.Kind != interaction.KindHandover { // that is what another app said
		r = r.heard(sent)
	}
	r.LastMessageAt, r.LastMessageID, r.LastMessageDirection, r.LastMessageStatus = e.At, string(e.MessageID), DirectionIn, ""
	r.LastIn = ""
	r.LastCustomerMessageID = string(e.MessageID)
	r.Preview = preview(e.Content, e.Kind, erased)
	r.Inbound++
	if r.Status == StatusOpen {
		r.Unread++
		r.Unseen = with(r.Unseen[max(0, len(r.Unseen)+1-unseenKept):], string(e.MessageID))
	}
	return r.named(e.Customer)
}

// heard notes that the customer wrote, which opens the reply window.
func (r Row) heard(sent time.Time) Row {
	if r.LastInboundAt == nil || sent.After(*r.LastInboundAt) {
		r.LastInboundAt, r.WindowClosedAt = &sent, nil
	}
	return r
}

// observed shows a message that passed without us. It is never unread. A session that is ordered by the time of
// its messages began with the first of them.
func observed(r Row, e interaction.MessageObserved, erased bool) Row {
	at := e.At
	if e.Before {
		at = e.SentAt
		if r.LastMessageID == "" || at.Before(r.StartedAt) {
			r.StartedAt = at
		}
	}
	if e.Author == interaction.AuthorCustomer {
		r = r.heard(e.SentAt)
	}
	if r.LastMessageID == "" || !at.Before(r.LastMessageAt) {
		r.LastMessageAt, r.LastMessageID, r.LastMessageStatus, r.LastIn = at, string(e.MessageID), string(e.Status), ""
		r.LastMessageDirection = DirectionOut
		if e.Author == interaction.AuthorCustomer {
			r.LastMessageDirection = DirectionIn
		}
		r.Preview = preview(e.Content, e.Kind, erased)
	}
	return r.named(e.Customer)
}

func queued(r Row, e interaction.MessageQueued, erased bool) Row {
	if e.Kind == interaction.KindReaction {
		return r
	}
	r.LastMessageAt, r.LastMessageID, r.LastMessageDirection, r.LastIn = e.At, string(e.MessageID), DirectionOut, ""
	r.LastMessageStatus = string(interaction.StatusQueued)
	r.Preview = preview(e.Content, e.Kind, erased)
	return r
}

// seen recounts the unread messages from the one after through on. If through is not among the unread ids
// kept, only the last message of all means that nothing is left.
func seen(r Row, through string) Row {
	r.ReturnedUnread = false
	at := slices.Index(r.Unseen, through)
	switch {
	case r.endsWith(through) || through == r.LastCustomerMessageID && r.LastIn == "":
		r.Unread, r.Unseen = 0, nil
	case at >= 0:
		r.Unseen = slices.Clone(r.Unseen[at+1:])
		r.Unread = len(r.Unseen)
	}
	return r
}

func (r Row) ownedBy(agent domain.AgentID, at time.Time) Row {
	if r.OwnerID != string(agent) {
		r.Unread, r.ReturnedUnread = r.Inbound, false
	}
	r.OwnerID, r.LastOwnerID, r.WaitingSince = string(agent), string(agent), nil
	if r.FirstOwnerID == "" {
		r.FirstOwnerID = string(agent)
	}
	if r.AcceptedAt == nil {
		r.AcceptedAt = &at
	}
	r.Offers, r.OfferedTo = nil, nil
	return r.seenBy()
}

func (r Row) named(c interaction.Customer) Row {
	if c.Name != "" {
		r.CustomerName = c.Name
	}
	if c.Phone != "" {
		r.CustomerPhone = c.Phone
	}
	if c.Username != "" {
		r.CustomerUsername = c.Username
	}
	return r.seenBy()
}

func (r Row) delivery(id domain.MessageID, status interaction.Status) Row {
	if r.LastMessageID == string(id) && interaction.Status(r.LastMessageStatus).AdvancesTo(status) {
		r.LastMessageStatus = string(status)
	}
	return r
}

func (r Row) withoutOffer(gone func(offer, agent string) bool) Row {
	var offers, agents []string
	for i, offer := range r.Offers {
		if !gone(offer, r.OfferedTo[i]) {
			offers, agents = append(offers, offer), append(agents, r.OfferedTo[i])
		}
	}
	r.Offers, r.OfferedTo = offers, agents
	return r
}

// seenBy sets Agents from the columns it derives from.
func (r Row) seenBy() Row {
	var agents []string
	add := func(ids ...string) {
		for _, id := range ids {
			if id != "" && !slices.Contains(agents, id) {
				agents = append(agents, id)
			}
		}
	}
	add(r.OwnerID)
	add(r.OfferedTo...)
	add(r.TransferTo...)
	if !slices.Equal(agents, r.Agents) {
		r.Agents = agents
	}
	return r
}

func preview(c interaction.Content, kind interaction.MessageKind, erased bool) interaction.Preview {
	return interaction.PreviewOf(kind, c, erased).FirstLine().Short(previewLength)
}

func strs[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// with and without return a new list, since rows may share theirs.
func with(list []string, s string) []string { return append(slices.Clone(list), s) }

func without(list []string, s string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return x == s })
}
