package projections

import "slices"

// ChangeKind names the kind of thing that changed.
type ChangeKind string

// The kinds of change. Live updates, the API and the desktop all use these.
const (
	InteractionChanged  ChangeKind = "interaction"
	MessageChanged      ChangeKind = "message"
	OfferChanged        ChangeKind = "offer"
	TransferChanged     ChangeKind = "transfer"
	OutboxChanged       ChangeKind = "outbox"
	MediaChanged        ChangeKind = "media"
	ContactChanged      ChangeKind = "contact"
	UserChanged         ChangeKind = "user"  // presence or profile
	QueueChanged        ChangeKind = "queue" // counters or settings
	AccountChanged      ChangeKind = "account"
	ListChanged         ChangeKind = "list"
	DispositionChanged  ChangeKind = "disposition"
	CannedAnswerChanged ChangeKind = "canned_answer"
	TagChanged          ChangeKind = "tag"
	PolicyChanged       ChangeKind = "policy"
	OutboundChanged     ChangeKind = "outbound" // sending is on hold or was released
	// QueueSettingsChanged accompanies a QueueChanged when an administrator changed the queue.
	QueueSettingsChanged ChangeKind = "queue_settings"
	// AccessChanged means that this user's rights may have changed. Without an id it may be anyone's.
	AccessChanged ChangeKind = "access"
)

// Change tells live updates that a row has changed and whom it concerns. It holds ids only.
type Change struct {
	Kind ChangeKind
	ID   string
	// InteractionID is the interaction itself, or the one a message, offer or transfer belongs to.
	InteractionID string

	Queue, Account string
	Agents         []string // the owner, agents with an offer, …
	List           string

	// The scope before the change, if it was different. Those who saw the row then must learn that it is
	// gone.
	QueueBefore, AccountBefore string
	AgentsBefore               []string
	ListBefore                 string
}

// Merge combines two changes of the same row, c being the earlier. The result has the scope before both and
// the scope after both.
func (c Change) Merge(later Change) Change {
	merged := later
	if later.InteractionID == "" {
		merged.InteractionID = c.InteractionID
	}
	merged.Queue, merged.QueueBefore = laterScope(c.Queue, c.QueueBefore, later.Queue, later.QueueBefore)
	merged.Account, merged.AccountBefore = laterScope(c.Account, c.AccountBefore, later.Account, later.AccountBefore)
	merged.List, merged.ListBefore = laterScope(c.List, c.ListBefore, later.List, later.ListBefore)
	// Agents who were added by c and removed by later saw neither end, but still need the update.
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
	var kept []string
	for _, s := range list {
		if !slices.Contains(gone, s) {
			kept = append(kept, s)
		}
	}
	return kept
}
