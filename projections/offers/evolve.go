package offers

import (
	"slices"

	"parley/domain/interaction"
	"parley/eventstore"
)

const (
	kept          = 8 // offers per row; beyond that the oldest ended one is dropped
	messageLength = 300
)

// evolve folds one event into a row. It is a pure function.
func evolve(r Row, e eventstore.Recorded) Row {
	switch ev := e.Event.(type) {
	case interaction.Opened:
		at := ev.At
		r.AccountID, r.QueueID, r.WaitingSince = string(ev.AccountID), string(ev.QueueID), &at
	case interaction.MessageReceived:
		if r.FirstMessage.Kind == "" && ev.Kind != interaction.KindSystem {
			r.FirstMessage = interaction.PreviewOf(ev.Kind, ev.Content, e.Erased).Short(messageLength)
		}
	case interaction.ContentArrived:
		if r.FirstMessage.Kind == interaction.KindUnsupported {
			r.FirstMessage = interaction.PreviewOf(ev.Kind, ev.Content, e.Erased).Short(messageLength)
		}
	case interaction.Offered:
		r.Offers = append(slices.Clone(r.Offers), newOffer(ev))
		if at := slices.IndexFunc(r.Offers,
			func(m Offer) bool { return !slices.Contains(m.States, Pending) }); at >= 0 && len(r.Offers) > kept {
			r.Offers = slices.Delete(r.Offers, at, at+1)
		}
	case interaction.OfferRejected:
		r = r.end(Rejected, func(m Offer, agent string) bool {
			return m.ID == string(ev.OfferID) &&
				agent == string(ev.By)
		})
	case interaction.OfferExpired:
		r = r.end(Expired, func(m Offer, _ string) bool { return m.ID == string(ev.OfferID) })
	case interaction.Accepted:
		at := ev.At
		r = r.takenBy(string(ev.By))
		r.TakenBy, r.TakenAt = string(ev.By), &at
	case interaction.Assigned:
		r = r.takenBy(string(ev.To))
	case interaction.OwnerChanged:
		if ev.QueueID != "" {
			r.QueueID = string(ev.QueueID)
		}
	case interaction.Released:
		at := ev.At
		r.WaitingSince = &at
	case interaction.Closed:
		r = r.end(Withdrawn, func(Offer, string) bool { return true })
		r.WaitingSince = nil
	case interaction.Restored:
		if at := ev.At; ev.Open && ev.Owner == "" {
			r.WaitingSince = &at
		}
	default:
		return r
	}
	return r.listed()
}

func newOffer(e interaction.Offered) Offer {
	m := Offer{
		ID: string(e.OfferID), QueueID: string(e.QueueID), OfferedAt: e.At, ExpiresAt: e.ExpiresAt,
	}
	for _, a := range e.Agents {
		m.Agents, m.States = append(m.Agents, string(a)), append(m.States, Pending)
	}
	return m
}

// takenBy ends the pending offers: one agent accepted, the others get TAKEN.
func (r Row) takenBy(agent string) Row {
	r = r.end(Accepted, func(_ Offer, a string) bool { return a == agent })
	r = r.end(Taken, func(Offer, string) bool { return true })
	for i := range r.Offers { // end has copied the list
		if r.Offers[i].TakenBy == "" && slices.Contains(r.Offers[i].States, Taken) {
			r.Offers[i].TakenBy = agent
		}
	}
	r.WaitingSince = nil
	return r
}

func (r Row) end(state string, of func(m Offer, agent string) bool) Row {
	r.Offers = slices.Clone(r.Offers)
	for i, m := range r.Offers {
		states := slices.Clone(m.States)
		for j, s := range states {
			if s == Pending && of(m, m.Agents[j]) {
				states[j] = state
			}
		}
		r.Offers[i].States = states
	}
	return r
}

// listed sets the columns derived from Offers.
func (r Row) listed() Row {
	var pending, ids []string
	for _, m := range r.Offers {
		ids = append(ids, m.ID)
		for i, s := range m.States {
			if s == Pending && !slices.Contains(pending, m.Agents[i]) {
				pending = append(pending, m.Agents[i])
			}
		}
	}
	if !slices.Equal(pending, r.PendingAgents) {
		r.PendingAgents = pending
	}
	if !slices.Equal(ids, r.OfferIDs) {
		r.OfferIDs = ids
	}
	return r
}
