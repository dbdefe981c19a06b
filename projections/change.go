package projections

import "slices"

// Change says that a row has changed, and who may care: what live updates are made of. It holds ids only.
type Change struct {
	Kind string // what changed: interaction, message, offer, transfer, queue, user, contact, …
	ID   string
	// InteractionID is the interaction a message, offer or transfer belongs to, or the interaction itself.
	InteractionID string

	Queue, Account string
	Agents         []string // owner, those offered to, …
	List           string

	// What the scope was before, when that is different: whoever saw the row then must learn that it left.
	QueueBefore, AccountBefore string
	AgentsBefore               []string
	ListBefore                 string
}

// merge makes one change of two of the same row, c being the earlier: the scope before both and the scope after both.
func (c Change) merge(later Change) Change {
	merged := later
	if later.InteractionID == "" {
		merged.InteractionID = c.InteractionID
	}
	merged.Queue, merged.QueueBefore = laterScope(c.Queue, c.QueueBefore, later.Queue, later.QueueBefore)
	merged.Account, merged.AccountBefore = laterScope(c.Account, c.AccountBefore, later.Account, later.AccountBefore)
	merged.List, merged.ListBefore = laterScope(c.List, c.ListBefore, later.List, later.ListBefore)
	// Agents in between saw neither end, but those before and after must all hear of it.
	merged.AgentsBefore = union(c.AgentsBefore, later.AgentsBefore, without(c.Agents, later.Agents))
	return merged
}

func laterScope(now, before, laterNow, laterBefore string) (string, string) {
	if laterNow == "" && laterBefore == "" {
		return now, before
	}
	if before == "" {
		before = laterBefore
	}
	if before == "" && now != laterNow {
		before = now
	}
	return laterNow, before
}

func union(lists ...[]string) []string {
	var all []string
	for _, list := range lists {
		for _, s := range list {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

func without(list, gone []string) []string {
	var left []string
	for _, s := range list {
		if !slices.Contains(gone, s) {
			left = append(left, s)
		}
	}
	return left
}
