package interaction

import (
	"slices"
	"time"

	"parley/domain"
)

// The refusals around offers.
var (
	ErrNotWaiting      = &domain.Refusal{Kind: domain.Conflict, Code: "NOT_WAITING", Message: "This interaction is not waiting for anybody."}
	ErrOfferInvalid    = &domain.Refusal{Kind: domain.Invalid, Code: "OFFER_INVALID", Message: "An offer needs somebody it goes to and a time it lasts."}
	ErrAlreadyAccepted = &domain.Refusal{Kind: domain.Conflict, Code: "ALREADY_ACCEPTED", Message: "Somebody else has taken this interaction."}
	ErrNotSignedIn     = &domain.Refusal{Kind: domain.Forbidden, Code: "NOT_SIGNED_IN", Message: "Sign in as an agent first."}
	ErrOfferExpired    = &domain.Refusal{Kind: domain.Conflict, Code: "OFFER_EXPIRED", Message: "This offer does not stand any more."}
	ErrOfferNotYours   = &domain.Refusal{Kind: domain.Forbidden, Code: "OFFER_NOT_YOURS", Message: "This was offered to somebody else."}
	ErrOfferRejected   = &domain.Refusal{Kind: domain.Conflict, Code: "OFFER_REJECTED", Message: "You have rejected this offer."}
	ErrNotMember       = &domain.Refusal{Kind: domain.Forbidden, Code: "NOT_A_MEMBER", Message: "You do not belong to this queue."}
	ErrTakeNotAllowed  = &domain.Refusal{Kind: domain.Forbidden, Code: "TAKE_NOT_ALLOWED", Message: "In this queue interactions are not taken from the list."}
	ErrNobody          = &domain.Refusal{Kind: domain.Invalid, Code: "AGENT_MISSING", Message: "Say who is to have the interaction."}
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
		return nil, nil // each of them has an offer in front of him already
	}
	queue := c.QueueID
	if queue == "" {
		queue = s.QueueID
	}
	return []Event{Offered{OfferID: c.OfferID, QueueID: queue, Agents: agents, Round: s.round + 1, ExpiresAt: c.ExpiresAt, At: c.At}}, nil
}

func (s State) isOffered(agent domain.AgentID, c Offer) bool {
	return slices.ContainsFunc(s.offers, func(o offer) bool {
		return o.stands(c.At) && slices.Contains(o.missing(), agent)
	})
}

func accept(s State, c Accept) ([]Event, error) {
	if done, err := s.taken(c.By, c.Presence); done || err != nil {
		return nil, err
	}
	o, ok := s.offer(c.OfferID)
	switch {
	case !ok:
		return nil, ErrOfferExpired // of an earlier time of waiting, or long gone
	case !slices.Contains(o.agents, c.By):
		return nil, ErrOfferNotYours
	case slices.Contains(o.rejected, c.By):
		return nil, ErrOfferRejected
	case !o.stands(c.At):
		return nil, ErrOfferExpired
	case c.Left:
		return nil, ErrNotMember
	}
	return []Event{Accepted{OfferID: c.OfferID, By: c.By, At: c.At}}, nil
}

func take(s State, c Take) ([]Event, error) {
	done, err := s.taken(c.By, c.Presence)
	switch {
	case done || err != nil:
		return nil, err
	case !c.Member:
		return nil, ErrNotMember
	case !c.Allowed:
		return nil, ErrTakeNotAllowed
	}
	return []Event{Accepted{By: c.By, At: c.At}}, nil
}

// taken says what accepting and taking have in common: done when it is his already, and who may not.
func (s State) taken(by domain.AgentID, presence Presence) (done bool, err error) {
	switch {
	case s.Owner == by && by != "":
		return true, nil
	case s.Status == SessionClosed:
		return false, ErrClosed
	case s.Owner != "":
		return false, ErrAlreadyAccepted.With("by", string(s.Owner))
	case by == "":
		return false, ErrNobody
	case presence == SignedOut:
		return false, ErrNotSignedIn
	}
	return false, nil
}

func reject(s State, c Reject) ([]Event, error) {
	o, ok := s.offer(c.OfferID)
	switch {
	case !ok:
		return nil, nil // it stands no more: there is nothing left to reject
	case !slices.Contains(o.agents, c.By):
		return nil, ErrOfferNotYours
	case slices.Contains(o.rejected, c.By), !o.stands(c.At):
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
	return []Event{OfferExpired{OfferID: c.OfferID, Missed: o.missing(), At: c.At}}, nil
}

// Overdue is an offer whose time has run out and that was not ended yet.
type Overdue struct {
	QueueID domain.QueueID
	Agents  []domain.AgentID // who did nothing about it
}

// Overdue is what an offer has come to whose time is over; nobody has missed one that stands, or has ended.
func (s State) Overdue(id domain.OfferID, at time.Time) Overdue {
	o, ok := s.offer(id)
	if !ok || o.ended || at.Before(o.expiresAt) {
		return Overdue{}
	}
	return Overdue{QueueID: s.QueueID, Agents: o.missing()}
}

func (s State) offer(id domain.OfferID) (offer, bool) {
	for _, o := range s.offers {
		if o.id == id {
			return o, true
		}
	}
	return offer{}, false
}

const offersKept = 32 // ended ones are kept to say why they cannot be accepted; while waiting for days not for ever

func evolveOffers(s State, e Event) State {
	s.offers = slices.Clone(s.offers)
	switch e := e.(type) {
	case Offered:
		s.round = e.Round
		s.offers = append(s.offers, offer{id: e.OfferID, agents: e.Agents, expiresAt: e.ExpiresAt})
		if i := slices.IndexFunc(s.offers, func(o offer) bool { return o.ended }); i >= 0 && len(s.offers) > offersKept {
			s.offers = slices.Delete(s.offers, i, i+1)
		}
	case OfferRejected:
		for i := range s.offers {
			if o := &s.offers[i]; o.id == e.OfferID {
				o.rejected = append(slices.Clone(o.rejected), e.By)
				o.ended = o.ended || len(o.missing()) == 0 // the last one to reject ends it
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
