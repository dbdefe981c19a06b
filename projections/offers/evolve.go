package offers

import (
	"slices"
	"strings"
	"unicode/utf8"

	"parley/domain/interaction"
	"parley/eventstore"
)

const (
	kept          = 8 // offers; ended ones make room
	messageLength = 300
)

// evolve folds one event into one row. Pure.
func evolve(r Row, e eventstore.Recorded) Row {
	switch ev := e.Event.(type) {
	case interaction.Opened:
		at := ev.At
		r.AccountID, r.QueueID, r.WaitingSince = string(ev.AccountID), string(ev.QueueID), &at
	case interaction.MessageReceived:
		if r.FirstMessage == "" && ev.Kind != interaction.KindSystem {
			r.FirstMessage = words(ev.Content, ev.Kind, e.Erased)
		}
	case interaction.Offered:
		r.Offers = append(slices.Clone(r.Offers), made(ev))
		if at := slices.IndexFunc(r.Offers, func(m Made) bool { return !slices.Contains(m.States, Standing) }); at >= 0 && len(r.Offers) > kept {
			r.Offers = slices.Delete(r.Offers, at, at+1)
		}
	case interaction.OfferRejected:
		r = r.end(Rejected, func(m Made, agent string) bool { return m.ID == string(ev.OfferID) && agent == string(ev.By) })
	case interaction.OfferExpired:
		r = r.end(Expired, func(m Made, _ string) bool { return m.ID == string(ev.OfferID) })
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
		r = r.end(Withdrawn, func(Made, string) bool { return true })
		r.WaitingSince = nil
	default:
		return r
	}
	return r.listed()
}

func made(e interaction.Offered) Made {
	m := Made{
		ID: string(e.OfferID), QueueID: string(e.QueueID), OfferedAt: e.At, ExpiresAt: e.ExpiresAt,
	}
	for _, a := range e.Agents {
		m.Agents, m.States = append(m.Agents, string(a)), append(m.States, Standing)
	}
	return m
}

// takenBy ends what stands: one accepted, for the others it is taken.
func (r Row) takenBy(agent string) Row {
	r = r.end(Accepted, func(_ Made, a string) bool { return a == agent })
	r = r.end(Taken, func(Made, string) bool { return true })
	for i := range r.Offers { // end has made the list our own
		if r.Offers[i].TakenBy == "" && slices.Contains(r.Offers[i].States, Taken) {
			r.Offers[i].TakenBy = agent
		}
	}
	r.WaitingSince = nil
	return r
}

func (r Row) end(state string, of func(m Made, agent string) bool) Row {
	r.Offers = slices.Clone(r.Offers)
	for i, m := range r.Offers {
		states := slices.Clone(m.States)
		for j, s := range states {
			if s == Standing && of(m, m.Agents[j]) {
				states[j] = state
			}
		}
		r.Offers[i].States = states
	}
	return r
}

// listed works out the columns that are looked up from what they are made of.
func (r Row) listed() Row {
	var standing, ids []string
	for _, m := range r.Offers {
		ids = append(ids, m.ID)
		for i, s := range m.States {
			if s == Standing && !slices.Contains(standing, m.Agents[i]) {
				standing = append(standing, m.Agents[i])
			}
		}
	}
	if !slices.Equal(standing, r.Standing) {
		r.Standing = standing
	}
	if !slices.Equal(ids, r.OfferIDs) {
		r.OfferIDs = ids
	}
	return r
}

func words(c interaction.Content, kind interaction.MessageKind, erased bool) string {
	s := strings.TrimSpace(c.Text)
	if order := c.OrderInWords(); order != "" {
		s = strings.TrimSuffix(order+" · "+s, " · ")
	}
	switch {
	case erased:
		return "[erased]"
	case s == "" && c.Choice != nil:
		s = c.Choice.Title
	case s == "":
		s = "[" + strings.ToLower(string(kind)) + "]"
	}
	if utf8.RuneCountInString(s) > messageLength {
		s = string([]rune(s)[:messageLength-1]) + "…"
	}
	return s
}
