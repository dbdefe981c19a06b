package waiting

import (
	"slices"
	"time"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/eventstore"
)

// evolve folds one event into a row. It is a pure function. A closed interaction's row is empty, and so
// deleted.
func evolve(r Row, e eventstore.Recorded) Row {
	if ev, ok := e.Event.(interaction.Opened); ok {
		at := ev.At
		r.AccountID, r.AddressID, r.QueueID = string(ev.AccountID), string(ev.AddressID), string(ev.QueueID)
		r.LastOwnerID, r.OpenedAt, r.Since = string(ev.LastOwner), ev.At, &at
		return r
	}
	if ev, ok := e.Event.(interaction.Restored); ok && ev.Open {
		at := ev.At
		r.AccountID, r.AddressID, r.QueueID = string(ev.AccountID), string(ev.AddressID), string(ev.QueueID)
		r.OpenedAt, r.Since = ev.At, &at
		if ev.Owner != "" {
			r = r.ownedBy(ev.Owner, ev.At)
		}
		return r.worked()
	}
	if r.AccountID == "" {
		return r
	}
	switch ev := e.Event.(type) {
	case interaction.MessageReceived:
		if at := ev.At; r.SilentSince == nil && ev.Kind != interaction.KindSystem {
			r.SilentSince = &at
		}
		return r
	case interaction.Joined:
		if r.SilentSince == nil {
			r.SilentSince = ev.SilentSince
		}
		return r
	case interaction.MessageObserved:
		if ev.Author != interaction.AuthorCustomer { // our side has answered
			r.SilentSince = nil
		}
		return r
	case interaction.MessageQueued:
		if ev.Author == interaction.AuthorAgent && ev.Kind != interaction.KindReaction {
			r.SilentSince = nil
		}
		return r
	case interaction.Offered:
		at := ev.At
		r.Round, r.LastOfferAt = ev.Round, &at
		for _, agent := range ev.Agents {
			r = r.tried(Attempt{AgentID: string(agent), OfferID: string(ev.OfferID), State: Pending,
				At: ev.At, Until: ev.ExpiresAt})
		}
	case interaction.OfferRejected:
		r = r.ended(ev.OfferID, Rejected, ev.At, func(agent string) bool { return agent == string(ev.By) })
	case interaction.OfferExpired:
		r = r.ended(ev.OfferID, Missed, ev.At, func(string) bool { return true })
	case interaction.Accepted:
		r = r.ownedBy(ev.By, ev.At)
	case interaction.Assigned:
		r = r.ownedBy(ev.To, ev.At)
	case interaction.OwnerChanged:
		if ev.QueueID != "" {
			r.QueueID = string(ev.QueueID)
		}
		r.TransferID, r.TransferAt, r.TransferTo = "", nil, nil
		r = r.ownedBy(ev.To, ev.At)
	case interaction.Released:
		at := ev.At
		r.OwnerID, r.Since, r.Round, r.LastOfferAt = "", &at, 0, nil
		r.Attempts = []Attempt{{AgentID: string(ev.From), State: Released, At: ev.At}}
	case interaction.TransferStarted:
		at := ev.At
		r.TransferID, r.TransferAt, r.TransferTo = string(ev.TransferID), &at, nil
		if ev.ToAgent != "" {
			r.TransferTo = []string{string(ev.ToAgent)}
		}
	case transfer.Requested:
		if r.TransferID == e.AggregateID {
			r.TransferTo = strs(ev.OfferedTo)
		}
	case interaction.TransferEnded:
		r.TransferID, r.TransferAt, r.TransferTo = "", nil, nil
	case interaction.Closed:
		return Row{InteractionID: r.InteractionID}
	}
	return r.worked()
}

// ownedBy also restarts the silence timer: the new owner gets the full time.
func (r Row) ownedBy(agent domain.AgentID, at time.Time) Row {
	r.OwnerID, r.LastOwnerID, r.Since, r.Attempts = string(agent), string(agent), nil, nil
	if r.SilentSince != nil {
		r.SilentSince = &at
	}
	return r
}

func (r Row) tried(a Attempt) Row {
	others := slices.DeleteFunc(slices.Clone(r.Attempts),
		func(x Attempt) bool { return x.AgentID == a.AgentID && x.State != Pending })
	r.Attempts = append(others, a)
	return r
}

func (r Row) ended(offer domain.OfferID, state string, at time.Time, of func(agent string) bool) Row {
	r.Attempts = slices.Clone(r.Attempts)
	for i, a := range r.Attempts {
		if a.OfferID == string(offer) && a.State == Pending && of(a.AgentID) {
			r.Attempts[i].State, r.Attempts[i].At = state, at
		}
	}
	return r
}

// worked sets OfferDue and Agents from the columns they derive from.
func (r Row) worked() Row {
	r.OfferDue = nil
	var agents []string
	add := func(id string) {
		if id != "" && !slices.Contains(agents, id) {
			agents = append(agents, id)
		}
	}
	add(r.OwnerID)
	for _, a := range r.Attempts {
		if a.State != Pending {
			continue
		}
		add(a.AgentID)
		if until := a.Until; r.OfferDue == nil || until.Before(*r.OfferDue) {
			r.OfferDue = &until
		}
	}
	for _, id := range r.TransferTo {
		add(id)
	}
	if !slices.Equal(agents, r.Agents) {
		r.Agents = agents
	}
	return r
}

func strs[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
