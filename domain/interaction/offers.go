package interaction

import (
	"slices"
	"time"

	"parley/domain"
)

// Offered says that the interaction was offered to agents for a limited time.
type Offered struct {
	OfferID   domain.OfferID   `json:"offerId"`
	QueueID   domain.QueueID   `json:"queueId"`
	Agents    []domain.AgentID `json:"agents"`
	Round     int              `json:"round"` // 1, 2, 3… since it began to wait
	ExpiresAt time.Time        `json:"expiresAt"`
	At        time.Time        `json:"at"`
}

func (Offered) EventType() string   { return "InteractionOffered" }
func (Offered) isInteractionEvent() {}

// OfferRejected says that one agent rejected an offer.
type OfferRejected struct {
	OfferID domain.OfferID `json:"offerId"`
	By      domain.AgentID `json:"by"`
	At      time.Time      `json:"at"`
}

func (OfferRejected) EventType() string   { return "InteractionOfferRejected" }
func (OfferRejected) isInteractionEvent() {}

// OfferExpired says that an offer's time is up. Missed lists the agents who did not respond.
type OfferExpired struct {
	OfferID domain.OfferID   `json:"offerId"`
	Missed  []domain.AgentID `json:"missed"`
	At      time.Time        `json:"at"`
}

func (OfferExpired) EventType() string   { return "InteractionOfferExpired" }
func (OfferExpired) isInteractionEvent() {}

// Offer offers a waiting interaction to agents.
type Offer struct {
	OfferID   domain.OfferID
	QueueID   domain.QueueID
	Agents    []domain.AgentID
	ExpiresAt time.Time
	At        time.Time
}

// Reject rejects an offer.
type Reject struct {
	OfferID domain.OfferID
	By      domain.AgentID
	At      time.Time
}

// ExpireOffer ends an offer whose time is up.
type ExpireOffer struct {
	OfferID domain.OfferID
	At      time.Time
}

func (Offer) isInteractionCommand()       {}
func (Reject) isInteractionCommand()      {}
func (ExpireOffer) isInteractionCommand() {}

// The refusals of offers.
var (
	ErrNotWaiting = &domain.Refusal{
		Kind: domain.Conflict, Code: "NOT_WAITING",
		Message: "This interaction is no longer waiting.",
	}
	ErrOfferInvalid = &domain.Refusal{
		Kind: domain.Invalid, Code: "OFFER_INVALID",
		Message: "An offer needs at least one agent and a time to expire.",
	}
	ErrOfferExpired = &domain.Refusal{
		Kind: domain.Conflict, Code: "OFFER_EXPIRED",
		Message: "This offer has expired.",
	}
	ErrOfferNotYours = &domain.Refusal{
		Kind: domain.Forbidden, Code: "OFFER_NOT_YOURS",
		Message: "This was offered to someone else.",
	}
	ErrOfferRejected = &domain.Refusal{
		Kind: domain.Conflict, Code: "OFFER_REJECTED",
		Message: "You have rejected this offer.",
	}
)

func makeOffer(s State, c Offer) ([]Event, error) {
	switch {
	case slices.ContainsFunc(s.offers, func(o offer) bool { return o.id == c.OfferID }):
		return nil, nil
	case s.Status == SessionClosed:
		return nil, ErrClosed
	case s.Owner != "":
		return nil, ErrNotWaiting.With("owner", string(s.Owner))
	case c.OfferID == "" || len(c.Agents) == 0 || !c.ExpiresAt.After(c.At):
		return nil, ErrOfferInvalid
	}
	var agents []domain.AgentID
	for _, a := range c.Agents {
		if !slices.Contains(agents, a) && !s.isOffered(a, c) {
			agents = append(agents, a)
		}
	}
	if len(agents) == 0 {
		return nil, nil // each of them already has a pending offer
	}
	queue := c.QueueID
	if queue == "" {
		queue = s.QueueID
	}
	return []Event{Offered{OfferID: c.OfferID, QueueID: queue, Agents: agents, Round: s.round + 1,
		ExpiresAt: c.ExpiresAt, At: c.At}}, nil
}

func (s State) isOffered(agent domain.AgentID, c Offer) bool {
	return slices.ContainsFunc(s.offers, func(o offer) bool {
		return o.pending(c.At) && slices.Contains(o.unanswered(), agent)
	})
}

func reject(s State, c Reject) ([]Event, error) {
	o, ok := s.offer(c.OfferID)
	switch {
	case !ok:
		return nil, nil // the offer is gone, so there is nothing to reject
	case !slices.Contains(o.agents, c.By):
		return nil, ErrOfferNotYours
	case slices.Contains(o.rejected, c.By), !o.pending(c.At):
		return nil, nil
	}
	return []Event{OfferRejected{OfferID: c.OfferID, By: c.By, At: c.At}}, nil
}

func expireOffer(s State, c ExpireOffer) ([]Event, error) {
	o, ok := s.offer(c.OfferID)
	switch {
	case !ok || o.ended:
		return nil, nil
	case c.At.Before(o.expiresAt):
		return nil, domain.ErrNotDue.With("dueIn", o.expiresAt.Sub(c.At))
	}
	return []Event{OfferExpired{OfferID: c.OfferID, Missed: o.unanswered(), At: c.At}}, nil
}

// PendingOffer is an offer that can still be accepted.
type PendingOffer struct {
	ID        domain.OfferID
	Agents    []domain.AgentID // agents who have not rejected
	ExpiresAt time.Time
}

// PendingOffers returns the offers that can be accepted now.
func (s State) PendingOffers(now time.Time) []PendingOffer {
	var pending []PendingOffer
	for _, o := range s.offers {
		if o.pending(now) {
			pending = append(pending, PendingOffer{ID: o.id, Agents: o.unanswered(), ExpiresAt: o.expiresAt})
		}
	}
	return pending
}

// Overdue is an offer past its deadline that has not been ended yet.
type Overdue struct {
	QueueID   domain.QueueID
	Agents    []domain.AgentID // agents who did not respond
	OfferedAt time.Time
}

// Overdue returns the offer if it is overdue; otherwise it returns the zero value.
func (s State) Overdue(id domain.OfferID, at time.Time) Overdue {
	o, ok := s.offer(id)
	if !ok || o.ended || at.Before(o.expiresAt) {
		return Overdue{}
	}
	return Overdue{QueueID: s.QueueID, Agents: o.unanswered(), OfferedAt: o.offeredAt}
}

type offer struct {
	id        domain.OfferID
	agents    []domain.AgentID
	rejected  []domain.AgentID
	offeredAt time.Time
	expiresAt time.Time
	ended     bool
}

// unanswered returns the agents who have not rejected the offer.
func (o offer) unanswered() []domain.AgentID { return without(o.agents, o.rejected) }

func (o offer) pending(now time.Time) bool { return !o.ended && now.Before(o.expiresAt) }

func (s State) offer(id domain.OfferID) (offer, bool) {
	for _, o := range s.offers {
		if o.id == id {
			return o, true
		}
	}
	return offer{}, false
}

const offersKept = 32 // ended ones too, to say why they cannot be accepted

func evolveOffers(s State, e Event) State {
	s.offers = slices.Clone(s.offers)
	switch e := e.(type) {
	case Offered:
		s.round = e.Round
		s.offers = append(s.offers, offer{id: e.OfferID, agents: e.Agents, offeredAt: e.At, expiresAt: e.ExpiresAt})
		if i := slices.IndexFunc(s.offers, func(o offer) bool { return o.ended }); i >= 0 &&
			len(s.offers) > offersKept {
			s.offers = slices.Delete(s.offers, i, i+1)
		}
	case OfferRejected:
		for i := range s.offers {
			if o := &s.offers[i]; o.id == e.OfferID {
				o.rejected = append(slices.Clone(o.rejected), e.By)
				o.ended = o.ended || len(o.unanswered()) == 0 // the last rejection ends the offer
			}
		}
	case OfferExpired:
		for i := range s.offers {
			if o := &s.offers[i]; o.id == e.OfferID {
				o.ended = true
			}
		}
	}
	return s
}
